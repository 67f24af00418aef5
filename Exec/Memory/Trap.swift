/// A trap: an exception (the instruction at pc did not retire) or an interrupt (it has not begun).
public struct Trap: Error, Sendable, Hashable {
  public var cause: Cause
  /// What goes to mtval: the faulting address, the illegal word, or 0.
  public var tval: UInt64

  /// Where it happened, for the run loop.
  var origin = Origin.instruction
  /// Bytes of the store that ended the program, at `tval`; 0 when it was none.
  var width: UInt8 = 0

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
    /// Nowhere: the instruction in flight retires, and then the loop returns: its store may have raised an interrupt.
    case leave
    /// Nowhere: ops that the batch names are about to be overwritten, so it has to be drained first. `HartState.pc` says where to go on.
    case drain
    /// Nowhere: the instruction in flight has done nothing, and is to be executed alone. It accesses a device.
    case alone
  }

  func at(_ origin: Origin) -> Trap {
    var copy = self
    copy.origin = origin
    return copy
  }

  /// What the guest sees of two traps decides whether they are equal.
  public static func == (a: Trap, b: Trap) -> Bool { a.cause == b.cause && a.tval == b.tval }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(cause)
    hasher.combine(tval)
  }

  /// Whether the page of an address has not got the right for an access.
  var isPageFault: Bool { [.instructionPageFault, .loadPageFault, .storePageFault].contains(cause) }

  /// Thrown by a store or call that ends the program.
  static var halt: Trap { Trap(.breakpoint).at(.halt) }

  /// Thrown by a store that was done and after which a loop must look for interrupts.
  static var leave: Trap { Trap(.breakpoint).at(.leave) }

  /// Thrown by the bus: see ``Hart/serveDevice()``.
  static var alone: Trap { Trap(.breakpoint).at(.alone) }

  /// The same, by a store, which was done.
  func byStore(_ address: UInt64, width: Int) -> Trap {
    var copy = self
    copy.tval = address
    copy.width = UInt8(truncatingIfNeeded: width)
    return copy
  }

  /// Exception codes as in mcause, those of interrupts with bit 7 set. Privileged ISA, table "mcause values after trap".
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
    case supervisorSoftwareInterrupt = 0x81
    case machineSoftwareInterrupt = 0x83
    case supervisorTimerInterrupt = 0x85
    case machineTimerInterrupt = 0x87
    case supervisorExternalInterrupt = 0x89
    case machineExternalInterrupt = 0x8b
    case counterOverflowInterrupt = 0x8d

    public var isInterrupt: Bool { rawValue & 0x80 != 0 }
    /// Number of the exception, or of the interrupt.
    public var number: UInt64 { UInt64(rawValue & 0x7f) }
    /// What goes to mcause or scause.
    public var code: UInt64 { number | (isInterrupt ? 1 << 63 : 0) }
  }
}
