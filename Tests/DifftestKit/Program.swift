import RVDecoder

/// A piece of a test program: an instruction, or the two that load an address. Everything that depends on places is symbolic, so
/// that a program stays itself when pieces are taken out.
public struct Item: Sendable {
  public enum Kind: Sendable {
    /// An instruction as it is.
    case word(UInt32)
    /// An instruction whose immediate is the distance to a target.
    case jump(row: UInt16, Operands, Target)
    /// auipc and addi: rd = target.
    case address(rd: UInt8, Target)
  }

  /// The place of the item with this number (or of the first one behind it that is left), or an address; and bytes to add.
  public struct Target: Sendable {
    public var item: Int?
    public var offset: Int64

    public static func item(_ number: Int, offset: Int64 = 0) -> Target { Target(item: number, offset: offset) }
    public static func absolute(_ address: UInt64) -> Target { Target(item: nil, offset: Int64(bitPattern: address)) }
  }

  /// Its place in the program as generated.
  public var number: Int
  public var kind: Kind
  /// Start, trap handler and end: never taken out.
  public var isPinned: Bool

  var size: UInt64 {
    switch kind {
    case .word(let word): word & 3 == 3 ? 4 : 2
    case .jump(let row, _, _): UInt64(InstructionTable.shared.rows[Int(row)].length)
    case .address: 8
    }
  }
}

/// A test program before it has addresses.
public struct Program: Sendable {
  public var seed: UInt64
  public var items: [Item]
  public var integers: [UInt64]
  public var constants: [UInt64]
  /// First bytes of ``Layout/data``: noise of this seed.
  public var data: [UInt8]

  /// The same program of other pieces.
  public func with(_ items: [Item]) -> Program {
    var copy = self
    copy.items = items
    return copy
  }
}

/// A program with addresses.
public struct Assembly: Sendable {
  public var code: [UInt8] = []
  /// Address of each item of the program.
  public var addresses: [UInt64] = []

  /// - Returns: `nil` when a target is out of an instruction's reach or the code gets too long.
  public init?(_ program: Program) {
    var address = Layout.code
    var positions: [(number: Int, address: UInt64)] = []
    for item in program.items {
      positions.append((item.number, address))
      addresses.append(address)
      address += item.size
    }
    guard address - Layout.code <= Layout.codeSize else { return nil }
    func resolve(_ target: Item.Target) -> UInt64? {
      guard let number = target.item else { return UInt64(bitPattern: target.offset) }
      var low = 0
      var high = positions.count
      while low < high {
        let middle = (low + high) / 2
        if positions[middle].number < number { low = middle + 1 } else { high = middle }
      }
      return low < positions.count ? positions[low].address &+ UInt64(bitPattern: target.offset) : nil
    }
    code.reserveCapacity(Int(address - Layout.code))
    for (index, item) in program.items.enumerated() {
      let pc = positions[index].address
      switch item.kind {
      case .word(let word): append(word)
      case .jump(let row, var operands, let target):
        guard let address = resolve(target), let distance = Int32(exactly: Int64(bitPattern: address &- pc)) else { return nil }
        operands.imm = distance
        guard let word = Encoder.encode(InstructionTable.shared.rows[Int(row)], operands) else { return nil }
        append(word)
      case .address(let rd, let target):
        guard let address = resolve(target) else { return nil }
        let distance = Int64(bitPattern: address &- pc)
        let low = (distance & 0xfff) >= 0x800 ? (distance & 0xfff) - 0x1000 : distance & 0xfff
        guard let high = Int32(exactly: distance - low) else { return nil }
        append(0x17 | UInt32(rd) << 7 | UInt32(bitPattern: high))
        append(0x13 | UInt32(rd) << 7 | UInt32(rd) << 15 | UInt32(truncatingIfNeeded: low) << 20)
      }
    }
  }

  private mutating func append(_ word: UInt32) {
    code.append(UInt8(truncatingIfNeeded: word))
    code.append(UInt8(truncatingIfNeeded: word >> 8))
    guard word & 3 == 3 else { return }
    code.append(UInt8(truncatingIfNeeded: word >> 16))
    code.append(UInt8(truncatingIfNeeded: word >> 24))
  }
}
