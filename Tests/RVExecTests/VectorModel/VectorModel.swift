/// Vectors as the manual describes them, element by element, in the plainest way: what the simulator is compared with where no other one goes.
/// Nothing here calls it.
struct VectorModel {
  /// VLEN in bytes.
  let vlenb: Int
  /// The 32 registers.
  var bytes: [UInt8]
  /// log2 of SEW in bytes, and of LMUL.
  var sew = 0
  var lmul = 0
  var vl = 0
  var tailAgnostic = false
  var maskAgnostic = false
  /// Agnostic elements are overwritten with ones; otherwise they keep their values.
  let fillsOnes: Bool
  var vxrm = 0
  var vxsat = false
  /// What goes to an x or f register.
  var scalar: UInt64 = 0
  /// Memory that loads and stores reach, from ``memoryBase`` on.
  var memory: [UInt8] = []
  static let memoryBase: UInt64 = 0x8020_0000

  init(vlen: Int, fillsOnes: Bool) {
    vlenb = vlen / 8
    bytes = Array(repeating: 0, count: 32 * vlenb)
    self.fillsOnes = fillsOnes
  }

  var bits: Int { 8 << sew }
  var vlmax: Int { lmul >= 0 ? (vlenb << lmul) >> sew : (vlenb >> -lmul) >> sew }

  // MARK: Elements

  /// Element `index` of the group that begins with a register, `1 << width` bytes wide, zero-extended.
  subscript(_ register: Int, _ index: Int, _ width: Int) -> UInt64 {
    get { Self.number(bytes, register * vlenb + index << width, width) }
    set { Self.put(newValue, &bytes, register * vlenb + index << width, width) }
  }

  static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> UInt64 {
    var value: UInt64 = 0
    for byte in 0..<(1 << width) { value |= UInt64(bytes[at + byte]) << UInt64(8 * byte) }
    return value
  }

  static func put(_ value: UInt64, _ bytes: inout [UInt8], _ at: Int, _ width: Int) {
    for byte in 0..<(1 << width) { bytes[at + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
  }

  /// Bit `index` of a mask.
  func bit(_ register: Int, _ index: Int) -> Bool { bytes[register * vlenb + index / 8] >> UInt8(index % 8) & 1 != 0 }

  mutating func set(_ register: Int, bit index: Int, _ value: Bool) {
    let mask = UInt8(1) << UInt8(index % 8)
    if value { bytes[register * vlenb + index / 8] |= mask } else { bytes[register * vlenb + index / 8] &= ~mask }
  }

  func isActive(_ index: Int, _ o: ModelOperands) -> Bool { !o.isMasked || bit(0, index) }

  // MARK: Results

  /// Writes a group: `element` gives the value of an active element of the body. Section 3.4.3 says what becomes of the others.
  /// - Parameters:
  ///   - first: elements below it are not part of the result.
  ///   - count: the body's length; vl when `nil`.
  mutating func group(_ o: ModelOperands, width: Int, first: Int = 0, count: Int? = nil, _ element: (Int) -> UInt64) {
    let length = count ?? vl
    if vl == 0 { return }
    // All of them before any is written: the destination may be a source or the mask.
    var values: [UInt64] = []
    var isWritten: [Bool] = []
    values.reserveCapacity(length)
    isWritten.reserveCapacity(length)
    for index in 0..<length {
      let isPart = index >= first
      if isPart, isActive(index, o) {
        values.append(element(index))
        isWritten.append(true)
      } else {
        values.append(~0)
        isWritten.append(isPart && fillsOnes && maskAgnostic)
      }
    }
    for index in 0..<length where isWritten[index] { self[o.vd, index, width] = values[index] }
    if fillsOnes, tailAgnostic { ones(o.vd * vlenb + length << width, to: (o.vd + registers(width)) * vlenb) }
  }

  /// Registers of a group with this EEW.
  func registers(_ width: Int) -> Int { 1 << max(0, lmul + width - sew) }

  /// Writes a mask; its tail is agnostic under every vtype.
  mutating func mask(_ o: ModelOperands, _ element: (Int) -> Bool) {
    if vl == 0 { return }
    var values: [(index: Int, value: Bool)] = []
    values.reserveCapacity(vl)
    for index in 0..<vl {
      if isActive(index, o) {
        values.append((index, element(index)))
      } else if fillsOnes, maskAgnostic {
        values.append((index, true))
      }
    }
    for (index, value) in values { set(o.vd, bit: index, value) }
    if fillsOnes { for index in vl..<vlenb * 8 { set(o.vd, bit: index, true) } }
  }

  /// Writes element 0 of one register; the rest of it is tail.
  mutating func single(_ o: ModelOperands, width: Int, _ value: UInt64) {
    if vl == 0 { return }
    self[o.vd, 0, width] = value
    if fillsOnes, tailAgnostic { ones(o.vd * vlenb + 1 << width, to: (o.vd + 1) * vlenb) }
  }

  mutating func ones(_ start: Int, to end: Int) { for at in start..<max(start, end) { bytes[at] = 0xff } }
}

/// The operands of one instruction.
struct ModelOperands {
  var vd = 0
  var vs1 = 0
  var vs2 = 0
  /// Values of the scalar operand, and of a base and a stride.
  var x: UInt64 = 0
  var f: UInt64 = 0
  var imm = 0
  var base: UInt64 = 0
  var stride: Int64 = 0
  var fields = 1
  var isMasked = false
}

/// An instruction, the shapes of its operands and what it does.
struct ModelCase: Sendable {
  enum Operand: Sendable, Equatable {
    case none
    /// LMUL registers of SEW bits an element, both shifted by a power of two.
    case group(Int)
    /// One register with a bit an element.
    case bits
    /// Element 0 of one register, SEW shifted by a power of two.
    case single(Int)
    /// As many registers as elements of `1 << width` bytes need.
    case fixed(Int)
    /// So many registers, whatever vtype says.
    case whole(Int)
  }
  enum Second: Sendable { case none, vector, x, f, signed, unsigned }
  /// What sources are filled with.
  enum Contents: Sendable { case integers, floats, indices, smallIndices }

  var mnemonic: String
  var vd = Operand.group(0)
  var vs2 = Operand.group(0)
  var vs1 = Operand.none
  var second = Second.none
  var contents = Contents.integers
  /// log2 of SEW in bytes.
  var widths = 0...3
  /// Whether it may be masked, or always reads v0 as an operand.
  var isMaskable = true
  var readsCarry = false
  /// The destination may not be a source.
  var standsApart = false
  var isSegment = false
  var isStrided = false
  var memory = Memory.none
  enum Memory: Sendable { case none, load, store }
  var run: @Sendable (inout VectorModel, ModelOperands) -> Void

  static let all =
    integers + widening + narrowing + comparisons + carries + fixedPoint + masks + permutations + reductions + floats + accesses
}

/// Numbers of some bits.
enum Bits {
  static func signed(_ value: UInt64, _ bits: Int) -> Int64 { Int64(bitPattern: value << UInt64(64 - bits)) >> Int64(64 - bits) }
  static func unsigned(_ value: Int64, _ bits: Int) -> UInt64 { UInt64(bitPattern: value) & mask(bits) }
  static func mask(_ bits: Int) -> UInt64 { bits == 64 ? ~0 : (1 << UInt64(bits)) - 1 }
}
