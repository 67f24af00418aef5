/// Registers of both scalar files, a bit for each. x0 is never a member: it cannot be waited for or changed.
@frozen
public struct RegisterSet: Sendable, Hashable {
  /// Bit n: register xn.
  public var x: UInt32
  /// Bit n: register fn.
  public var f: UInt32

  @inlinable
  public init(x: UInt32 = 0, f: UInt32 = 0) {
    self.x = x
    self.f = f
  }

  /// Neither an x nor an f register.
  @inlinable public var isEmpty: Bool { x | f == 0 }

  @inlinable
  public mutating func formUnion(_ other: RegisterSet) {
    x |= other.x
    f |= other.f
  }
}

/// A register file.
public enum RegisterFile: UInt8, Sendable, Hashable { case x, f, v, m }

/// The place of an ``Op`` that holds a register number.
public enum RegisterSlot: UInt8, Sendable, Hashable, CaseIterable { case rd, rs1, rs2, rs3 }

/// How a row uses one of its register operands.
public struct RegisterUse: Sendable, Hashable {
  public var slot: RegisterSlot
  public var file: RegisterFile
  public var isRead: Bool
  public var isWritten: Bool
  /// An even register and the odd one above it.
  public var isPair: Bool
  /// How many vector registers it is, and of what elements; `nil` for other files.
  public var shape: VectorShape?
  /// What a matrix register holds; `nil` for other files.
  public var matrix: MatrixShape?
  /// A vector source that may not overlap the destination, whatever the widths.
  public var standsApart = false
}

extension Op {
  /// The register number in a slot.
  @inlinable
  public subscript(slot: RegisterSlot) -> UInt8 {
    switch slot {
    case .rd: rd
    case .rs1: rs1
    case .rs2: rs2
    case .rs3: rs3
    }
  }
}

extension RowInfo {
  /// The registers that an op of this row reads.
  public func reads(_ op: Op) -> RegisterSet { registers(op) { $0.isRead } }

  /// The registers that an op of this row writes.
  public func writes(_ op: Op) -> RegisterSet { registers(op) { $0.isWritten } }

  private func registers(_ op: Op, where wanted: (RegisterUse) -> Bool) -> RegisterSet {
    var set = RegisterSet()
    for use in uses where wanted(use) {
      let number = op[use.slot]
      guard number < 32 else { continue }
      let bits: UInt32 = (use.isPair && number != 0 ? 3 : 1) << UInt32(number)
      switch use.file {
      case .x: set.x |= bits & ~1
      case .f: set.f |= bits
      // How many there are is up to vtype.
      case .v, .m: break
      }
    }
    return set
  }
}
