import RVDecoder

/// Signals reach the program between two instructions: after a system call, or when the loop has returned.
extension LinuxUser {
  /// Delivers what is pending and not blocked. Each handler's frame goes on top of the one before, as on Linux.
  ///
  /// - Parameters:
  ///   - call: the system call that was just made and failed, if a signal may make it begin again.
  ///   - trap: what the hart did to earn the signal, for the ending.
  func deliverSignals(interrupting call: InterruptedCall? = nil, trap: Trap? = nil) -> PlatformAction {
    var call = call
    while let info = signals.takeDeliverable() {
      let action = signals.actions[info.signal]
      if let timer = info.timer { delivered(timer: timer, info) }
      if action.hasHandler {
        call?.settle(on: hart, restarts: action.has(SignalState.Flags.restart))
        call = nil
        enterHandler(info, action)
        continue
      }
      if action.handler == SignalState.Action.ignore { continue }
      switch Signal.defaultAction(info.signal) {
      case .ignore, .proceed: continue
      case .stop: stop(info.signal)
      case .end: return end(.killed(signal: info.signal, trap: trap))
      }
    }
    // Nobody was called: the call is made again, and a mask that was set for its time is gone.
    call?.again(on: hart)
    if let mask = signals.savedMask {
      signals.mask = mask
      signals.savedMask = nil
    }
    return .resume
  }

  /// Sets up a handler's frame. Without room for it the process gets SIGSEGV instead.
  private func enterHandler(_ info: SignalInfo, _ action: SignalState.Action) {
    let signal = info.signal
    let size = SignalFrame.size(of: hart)
    let pointer = hart[x: 2]
    var top = pointer
    let isOnAlternate = signals.stack.holds(pointer)
    var fits = !(isOnAlternate && !signals.stack.holds(pointer &- size))
    if action.has(SignalState.Flags.alternateStack), !isOnAlternate, signals.stack.size != 0 {
      top = signals.stack.address &+ signals.stack.size
    }
    let frame = (top &- size) & ~15
    if fits {
      let mask = signals.savedMask ?? signals.mask
      fits = space.write(frame, SignalFrame.bytes(info, mask: mask, stack: signals.stack, hart: hart, at: frame))
    }
    signals.savedMask = nil
    if action.has(SignalState.Flags.resetHandler) { signals.actions[signal].handler = 0 }
    guard fits else {
      // A second fault cannot be handled by what has just faulted.
      if signal == Signal.SIGSEGV.rawValue { signals.actions[signal].handler = 0 }
      force(SignalInfo(.SIGSEGV, code: SignalInfo.Code.kernel))
      return
    }
    // As by any trap.
    hart.state.pointee.reservation = HartState.noReservation
    hart[x: 1] = memory.trampoline
    hart[x: 2] = frame
    hart[x: 10] = UInt64(signal)
    hart[x: 11] = frame + SignalFrame.infoOffset
    hart[x: 12] = frame + SignalFrame.contextOffset
    hart.pc = action.handler
    signals.mask |= action.mask
    if !action.has(SignalState.Flags.noDefer) { signals.mask |= Signal.bit(signal) }
    signals.mask &= ~Signal.unblockable
    if signals.stack.flags & AlternateStack.Flags.autoDisarm != 0 {
      signals.stack = AlternateStack(flags: AlternateStack.Flags.disable)
    }
  }

  /// rt_sigreturn: everything is as it was when the signal came, or as the handler has changed it.
  func returnFromHandler() -> CallResult {
    guard let saved = SignalFrame.read(at: hart[x: 2], of: hart) else {
      force(SignalInfo(.SIGSEGV, code: SignalInfo.Code.kernel))
      return .registers
    }
    signals.mask = saved.mask & ~Signal.unblockable
    hart.pc = saved.pc & ~1
    for (index, value) in saved.registers.enumerated() { hart[x: index + 1] = value }
    if hart.state.pointee.fs != 0 {
      for (index, value) in saved.floats.enumerated() { hart[f: index] = value }
      hart.setFloatControl(saved.fcsr)
    }
    saved.vectors?.restore(hart)
    // What is wrong with the stack is not said.
    _ = try? setAlternateStack(saved.stack.address, flags: saved.stack.flags, size: saved.stack.size)
    return .registers
  }

  // MARK: What the hart earns

  /// A signal that cannot wait: where it is blocked or ignored, it ends the process.
  func force(_ info: SignalInfo) {
    let bit = Signal.bit(info.signal)
    if signals.mask & bit != 0 || signals.actions[info.signal].handler == SignalState.Action.ignore {
      signals.actions[info.signal].handler = 0
      signals.mask &= ~bit
    }
    var info = info
    info.isDirected = true
    signals.raise(info)
  }

  /// What Linux makes of an exception (arch/riscv: traps.c and mm/fault.c).
  func signal(of trap: Trap) -> SignalInfo {
    typealias Code = SignalInfo.Code
    return switch trap.cause {
    // Nobody raises an interrupt here.
    case .illegalInstruction, .userCall, .supervisorCall, .machineCall, .supervisorSoftwareInterrupt, .machineSoftwareInterrupt,
      .supervisorTimerInterrupt, .machineTimerInterrupt, .supervisorExternalInterrupt, .machineExternalInterrupt,
      .counterOverflowInterrupt:
      SignalInfo(.SIGILL, code: Code.illegalOpcode, address: hart.pc)
    case .breakpoint: SignalInfo(.SIGTRAP, code: Code.breakpoint, address: hart.pc)
    case .instructionMisaligned, .loadMisaligned, .storeMisaligned:
      SignalInfo(.SIGBUS, code: Code.misaligned, address: hart.pc)
    case .instructionAccess, .loadAccess, .storeAccess: SignalInfo(.SIGSEGV, code: Code.noAccess, address: hart.pc)
    case .instructionPageFault, .loadPageFault, .storePageFault:
      if memory.isBeyondFile(trap.tval) {
        SignalInfo(.SIGBUS, code: Code.noMemory, address: trap.tval)
      } else {
        SignalInfo(.SIGSEGV, code: memory.isMapped(trap.tval) ? Code.noAccess : Code.notMapped, address: trap.tval)
      }
    }
  }
}

/// A system call that a signal has interrupted.
struct InterruptedCall {
  var error: LinuxError
  /// a0 before the call, which the result has overwritten.
  var argument: UInt64

  /// A handler is about to run: after it the call begins again, or fails with EINTR.
  func settle(on hart: Hart, restarts: Bool) {
    if error == .ERESTARTNOINTR || error == .ERESTARTSYS && restarts {
      again(on: hart)
    } else {
      hart[x: 10] = LinuxError.EINTR.result
    }
  }

  /// The ecall is executed again.
  func again(on hart: Hart) {
    hart[x: 10] = argument
    hart.pc &-= 4
  }
}

extension Hart {
  /// Writes fcsr. Unprivileged ISA, chapter "F": "Floating-Point Control and Status Register".
  func setFloatControl(_ value: UInt32) {
    state.pointee.fflags = UInt8(value & 31)
    state.pointee.set(frm: UInt8(value >> 5 & 7))
  }
}
