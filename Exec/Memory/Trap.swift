/// A synchronous exception: the instruction at pc did not retire.
public struct Trap: Error, Sendable, Hashable {
  public var cause: Cause
  /// What goes to mtval: the faulting address, the illegal word, or 0.
  public var tval: UInt64

  /// Where it happened, for the run loop.
  var origin = Origin.instruction

  public init(_ cause: Cause, _ tval: UInt64 = 0) {
    self.cause = cause
    self.tval = tval
  }

  enum Origin: UInt8, Sendable {
    /// At the instruction in flight.
    case instruction
    /// At `HartState.pc`: the fetch of a jump's target, the jump itself having retired.
    case pc
    /// Nowhere: the instruction in flight retires, and then the program is over.
    case halt
  }

  func at(_ origin: Origin) -> Trap {
    var copy = self
    copy.origin = origin
    return copy
  }

  /// Thrown by a store or call that ends the program.
  static var halt: Trap { Trap(.breakpoint).at(.halt) }

  /// Exception codes as in mcause. Privileged ISA, table "mcause values after trap".
  public enum Cause: UInt8, Sendable, Hashable, CaseIterable {
    case instructionMisaligned = 0
    case instructionAccess = 1
    case illegalInstruction = 2
    case breakpoint = 3
    case loadMisaligned = 4
    case loadAccess = 5
    case storeMisaligned = 6
    case storeAccess = 7
    case userCall = 8
    case supervisorCall = 9
    case machineCall = 11
    case instructionPageFault = 12
    case loadPageFault = 13
    case storePageFault = 15
  }
}
