/// A wire from a device to a hart. The timer's is not one of them: see ``Hart/machineTimer``.
public enum InterruptLine: Sendable {
  /// CLINT's msip.
  case machineSoftware
  /// The PLIC's context of M mode.
  case machineExternal
  /// The PLIC's context of S mode; mip.SEIP is this or what software wrote.
  case supervisorExternal

  /// Of mip and mie.
  var bit: UInt64 {
    switch self {
    case .machineSoftware: Interrupt.machineSoftware
    case .machineExternal: Interrupt.machineExternal
    case .supervisorExternal: Interrupt.supervisorExternal
    }
  }
}

/// Time and interrupts: which are pending, and which is taken. Privileged ISA, "Machine Interrupt Registers (mip and mie)".
///
/// Loops never look at any of this. What may make an interrupt pending makes the loop return after its instruction: writes of CSRs and
/// stores to devices (``HartState/attention``); timers by the loop's deadline.
extension Hart {
  // MARK: For devices

  /// Ticks of the 10 MHz clock (mtime). Clocks are virtual: see ``elapsed``; what was slept comes on top.
  public var time: UInt64 {
    get { nanoseconds / 100 &+ tickOffset }
    set {
      // A tick begins now.
      timeSkew &-= nanoseconds % 100
      tickOffset = newValue &- nanoseconds / 100
      state.pointee.attention = 1
    }
  }

  /// Raises or lowers a line. When a store to a device does it, the interrupt comes before the next instruction.
  public func setInterrupt(_ line: InterruptLine, on: Bool) {
    csr.interruptLines = on ? csr.interruptLines | line.bit : csr.interruptLines & ~line.bit
    state.pointee.attention = 1
  }

  /// The platform's next event is not where it was: the loop returns after the present instruction, and the platform is asked anew.
  public func eventMoved() {
    hasMovedEvent = true
    state.pointee.attention = 1
  }

  /// Whether mie enables the interrupt of a line.
  func isEnabled(_ line: InterruptLine) -> Bool { csr.mie & line.bit != 0 }

  /// Whether wfi is over: something that mie enables is pending, taken or not.
  public var isInterruptPending: Bool { mip & csr.mie != 0 }

  /// When a timer interrupt that mie enables comes next, in ticks; `nil` for never.
  public var nextTimer: UInt64? {
    var ticks = UInt64.max
    let now = time
    if csr.mie & Interrupt.machineTimer != 0, machineTimer > now { ticks = min(ticks, machineTimer) }
    if csr.mie & Interrupt.supervisorTimer != 0, hasSupervisorTimer, csr.stimecmp > now { ticks = min(ticks, csr.stimecmp) }
    return ticks == .max ? nil : ticks
  }

  // MARK: For the hart itself

  private var nanoseconds: UInt64 { elapsed &+ timeSkew }

  /// How many instructions will have retired when ``nextTimer`` comes; `.max` for never.
  var countOfNextTimer: UInt64 { isUserMode ? .max : nextTimer.map { count(at: $0) } ?? .max }

  /// How many instructions will have retired when ``time`` reaches `ticks`, as far as nothing is slept and the time is not set; `.max` for
  /// never.
  func count(at ticks: UInt64) -> UInt64 {
    if ticks == .max { return .max }
    let now = time
    if ticks <= now { return state.pointee.retired }
    let (distance, overflows) = (ticks - now).multipliedReportingOverflow(by: 100)
    return overflows ? .max : count(after: distance &- nanoseconds % 100)
  }

  /// Whether mip.STIP is the supervisor timer's (Sstc), and not software's.
  var hasSupervisorTimer: Bool { csr.menvcfg >> 63 != 0 }

  /// All that is pending: what software wrote, what devices drive, and the timers.
  var mip: UInt64 {
    var pending = csr.mip | csr.interruptLines
    let now = time
    if now >= machineTimer { pending |= Interrupt.machineTimer }
    if hasSupervisorTimer {
      pending &= ~Interrupt.supervisorTimer
      if now >= csr.stimecmp { pending |= Interrupt.supervisorTimer }
    }
    return pending
  }

  /// The interrupt that comes before the next instruction; `nil` without one.
  var interrupt: Trap? {
    if isUserMode { return nil }
    let pending = mip & csr.mie
    if pending == 0 { return nil }
    let mode = state.pointee.privilege
    var enabled = mode < 3 || csr.mstatus & MStatus.mie != 0 ? pending & ~csr.mideleg : 0
    if enabled == 0, mode == 0 || mode == 1 && csr.mstatus & MStatus.sie != 0 { enabled = pending & csr.mideleg }
    guard let first = Self.priorities.first(where: { enabled >> $0.number & 1 != 0 }) else { return nil }
    return Trap(first)
  }

  /// Highest first.
  private static let priorities: [Trap.Cause] = [
    .machineExternalInterrupt, .machineSoftwareInterrupt, .machineTimerInterrupt, .supervisorExternalInterrupt,
    .supervisorSoftwareInterrupt, .supervisorTimerInterrupt, .counterOverflowInterrupt,
  ]
}
