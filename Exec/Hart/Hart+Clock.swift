import RVDecoder

/// Who tells a hart the time: a model of a machine that sees what retires. Without one an instruction takes a nanosecond, and a cycle is one too.
public protocol Timekeeper: AnyObject {
  /// Cycles until all that has retired is done. Asked only while nothing that has retired is still in a batch.
  var cycles: UInt64 { get }
  /// Cycles a second.
  var hertz: UInt64 { get }
  /// How often something has happened.
  func count(of event: HardwareEvent) -> UInt64
}

/// What mhpmevent selects, by number. While it holds 0, hpmcounter3 counts the first of them, hpmcounter4 the second, and so on.
public enum HardwareEvent: UInt64, Sendable, CaseIterable {
  case branches = 1
  case mispredicted, l1dAccesses, l1dMisses, l1iMisses, l2Accesses, l2Misses, l3Misses, pageWalks, vectorInstructions,
    frontEndCycles, memoryCycles,
    vectorCycles
}

/// Time as the guest reads it.
extension Hart {
  /// Nanoseconds that the program has run.
  public var elapsed: UInt64 {
    guard let timekeeper else { return state.pointee.retired &+ elapsedSkew }
    let product = timekeeper.cycles.multipliedFullWidth(by: 1_000_000_000)
    let hertz = max(timekeeper.hertz, 1)
    return product.high >= hertz ? .max : hertz.dividingFullWidth(product).quotient
  }

  /// Cycles that it has run.
  var cycles: UInt64 { timekeeper?.cycles ?? state.pointee.retired &+ cycleSkew }

  /// Nobody tells the time from here on: it goes on from where it is, with the instructions.
  public func dropTimekeeper() {
    (elapsedSkew, cycleSkew) = (elapsed &- state.pointee.retired, cycles &- state.pointee.retired)
    timekeeper = nil
  }

  /// Whether a CSR shows the time: what has retired before has to be told to whoever keeps it.
  func showsTime(_ number: Int) -> Bool {
    switch number {
    case CSR.cycle, CSR.time, CSR.mcycle, CSR.mip, CSR.sip, CSR.mcountinhibit, CSR.mhpmcounter3...CSR.mhpmcounter31,
      CSR.hpmcounter3...CSR.hpmcounter31:
      true
    default: false
    }
  }

  /// hpmcounter3 to 31, by their index from 3 on.
  func eventCounter(_ index: Int) -> UInt64 {
    guard let timekeeper else { return 0 }
    let selected = csr.mhpmevent[index - 3] & 0xff
    guard let event = HardwareEvent(rawValue: selected == 0 ? UInt64(index - 2) : selected) else { return 0 }
    return timekeeper.count(of: event)
  }

  /// How many instructions will have retired when so many nanoseconds have passed: at most so many, and one at least. A machine's instructions
  /// take as long as they take: then one looks again.
  public func count(after nanoseconds: UInt64) -> UInt64 {
    if nanoseconds == 0 { return state.pointee.retired }
    var instructions = nanoseconds
    if let timekeeper {
      let product = nanoseconds.multipliedFullWidth(by: timekeeper.hertz)
      let cycles = product.high >= 1_000_000_000 ? .max : UInt64(1_000_000_000).dividingFullWidth(product).quotient
      instructions = max(1, cycles / Self.longestInstruction)
    }
    let (count, isFar) = state.pointee.retired.addingReportingOverflow(instructions)
    return isFar ? .max : count
  }

  /// Cycles that no instruction of a machine takes longer than, as far as timers are concerned: an interrupt comes at the first boundary behind
  /// its time unless one does.
  private static let longestInstruction: UInt64 = 4096
}
