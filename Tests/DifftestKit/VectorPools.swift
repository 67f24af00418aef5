import RVDecoder

/// Where vector registers are filled from: pages of numbers of one kind each, at the beginning of ``Layout/constants``.
struct VectorPools: Sendable {
  enum Kind: Int, CaseIterable, Sendable {
    /// Anything.
    case noise
    /// Numbers of all classes.
    case half, bfloat, single, double
    case masks
    /// Small numbers, as indices of 8 … 64 bits.
    case index8, index16, index32, index64
    /// The same with one large number among small ones.
    case fault8, fault16, fault32, fault64
  }

  /// Bytes of a pool: two groups of eight registers.
  let size: Int

  init(vlenb: Int) { size = max(4096, 16 * vlenb) }

  func address(_ kind: Kind) -> UInt64 { Layout.constants + UInt64(kind.rawValue * size) }
  /// Where in a fault pool the large number stands.
  func faultAddress(width: Int) -> UInt64 { address(Self.fault(width: width)) + UInt64(size / 2) }

  static func index(width: Int) -> Kind { Kind(rawValue: Kind.index8.rawValue + width) ?? .index8 }
  static func fault(width: Int) -> Kind { Kind(rawValue: Kind.fault8.rawValue + width) ?? .fault8 }

  /// Indices lie below this; accesses with 64-byte segments stay within twice that.
  static let indexLimit = 192
  /// Small indices of fault pools lie below this, the large one is above.
  static let smallLimit = 64
  static let large: UInt64 = 200

  func words(_ random: inout Random, integers: [UInt64]) -> [UInt64] {
    Kind.allCases.flatMap { kind in (0..<size / 8).map { word(kind, $0, &random, integers) } }
  }

  private func word(_ kind: Kind, _ index: Int, _ random: inout Random, _ integers: [UInt64]) -> UInt64 {
    switch kind {
    case .noise:
      switch random.below(4) {
      case 0: return random.pick(integers)
      case 1: return lanes(8) { random.pick([0, 1, 0x7f, 0x80, 0xff, 0x40, 0x81, random.next() & 0xff]) }
      case 2: return lanes(16) { random.pick([0, 1, 0x7fff, 0x8000, 0xffff, 0x8001, random.next() & 0xffff]) }
      default: return random.next()
      }
    case .half: return numbers(.half, index, &random)
    case .bfloat: return numbers(.bfloat, index, &random)
    case .single: return numbers(.single, index, &random)
    case .double: return numbers(.double, index, &random)
    case .masks:
      // Each eighth begins with an element that is active.
      switch random.below(6) {
      case _ where index % 8 == 0: return random.next() | 1
      case 0: return 0
      case 1: return ~0
      case 2: return random.next() & random.next() & random.next()
      default: return random.next()
      }
    case .index8, .index16, .index32, .index64:
      let width = 8 << (kind.rawValue - Kind.index8.rawValue)
      return lanes(width) {
        // Mostly aligned for any width.
        let number = UInt64(random.below(Self.indexLimit))
        return random.chance(90) ? number & ~7 : number
      }
    case .fault8, .fault16, .fault32, .fault64:
      let width = 8 << (kind.rawValue - Kind.fault8.rawValue)
      var word = lanes(width) { UInt64(random.below(Self.smallLimit)) & ~7 }
      if index == size / 16 { word = word & ~((1 << UInt64(min(width, 63))) - 1) | Self.large }
      return width == 64 && index == size / 16 ? Self.large : word
    }
  }

  private func lanes(_ width: Int, _ lane: () -> UInt64) -> UInt64 {
    stride(from: 0, to: 64, by: width).reduce(0) { word, _ in (width == 64 ? 0 : word << UInt64(width)) | lane() }
  }

  /// A word whose first element is the ``VectorNumber`` that stands at the word's place among eight.
  private func numbers(_ format: FloatFormat, _ index: Int, _ random: inout Random) -> UInt64 {
    let mask = format.width == 64 ? ~0 : (1 << UInt64(format.width)) - 1 as UInt64
    let others = lanes(format.width) {
      if random.chance(8) { return FloatValues.tie(format, to: nil, &random) & mask }
      let kind = random.chance(30) ? FloatClass.normal.rawValue : random.below(VectorNumber.count)
      return VectorNumber.value(kind, format, &random) & mask
    }
    return others & ~mask | VectorNumber.value(index % 8, format, &random) & mask
  }
}
