/// The platform-level interrupt controller, by the "RISC-V Platform-Level Interrupt Controller Specification" 1.0.0, as large as Spike's: 31
/// sources, priorities of four bits, contexts M and S of each hart. Words and doublewords (two words, the lower first) are served.
///
/// All sources are level-triggered. As in Spike, and unlike the specification, a claim finds nothing that the threshold masks.
final class PLIC: Device {
  /// Sources, with the zeroth, which does not exist.
  static let sources = 32
  static let maxPriority: UInt32 = 15

  private struct Context {
    var hart: Hart
    var line: InterruptLine
    var enable: UInt32 = 0
    var threshold: UInt32 = 0
    var isRaised = false
  }

  private var contexts: [Context]
  private var priorities = [UInt32](repeating: 0, count: sources)
  /// What the devices say.
  private var levels: UInt32 = 0
  /// Requests that nobody has claimed.
  private var pending: UInt32 = 0
  /// Claimed and not completed: the gateway lets no further request through.
  private var inService: UInt32 = 0

  init(_ harts: [Hart]) {
    contexts = harts.flatMap {
      [Context(hart: $0, line: .machineExternal), Context(hart: $0, line: .supervisorExternal)]
    }
  }

  /// A device raises or lowers the line of a source.
  func setLevel(_ source: Int, on: Bool) {
    let bit: UInt32 = 1 << source
    if (levels & bit != 0) == on { return }
    levels = on ? levels | bit : levels & ~bit
    // A request that was let through stays when the device takes it back.
    if on, inService & bit == 0 {
      pending |= bit
      update()
    }
  }

  /// Whether a source that raises its line now raises one of the hart's that mie enables.
  func canWake(_ hart: Hart, by source: Int) -> Bool {
    inService >> source & 1 == 0
      && contexts.contains {
        $0.hart === hart && $0.enable >> source & 1 != 0 && priorities[source] > $0.threshold && hart.isEnabled($0.line)
      }
  }

  // MARK: Registers

  private static let pendingBase: UInt64 = 0x1000
  private static let enableBase: UInt64 = 0x2000
  private static let contextBase: UInt64 = 0x20_0000

  func load(_ offset: UInt64, width: Int) -> UInt64? {
    switch width {
    case 4: return word(offset).map(UInt64.init)
    case 8:
      guard let low = word(offset), let high = word(offset + 4) else { return nil }
      return UInt64(high) << 32 | UInt64(low)
    default: return nil
    }
  }

  func store(_ offset: UInt64, width: Int, value: UInt64) -> Bool {
    switch width {
    case 4: set(offset, UInt32(truncatingIfNeeded: value))
    case 8: set(offset, UInt32(truncatingIfNeeded: value)) && set(offset + 4, UInt32(truncatingIfNeeded: value >> 32))
    default: false
    }
  }

  private func word(_ offset: UInt64) -> UInt32? {
    switch offset {
    case ..<Self.pendingBase:
      let source = Int(offset / 4)
      return source < Self.sources ? priorities[source] : 0
    case ..<Self.enableBase: return offset == Self.pendingBase ? pending : 0
    case ..<Self.contextBase:
      let (index, register) = (offset - Self.enableBase).quotientAndRemainder(dividingBy: 0x80)
      guard index < UInt64(contexts.count) else { return nil }
      return register == 0 ? contexts[Int(index)].enable : 0
    default:
      let (index, register) = (offset - Self.contextBase).quotientAndRemainder(dividingBy: 0x1000)
      guard index < UInt64(contexts.count) else { return nil }
      switch register {
      case 0: return contexts[Int(index)].threshold
      case 4: return claim(Int(index))
      default: return 0
      }
    }
  }

  private func set(_ offset: UInt64, _ value: UInt32) -> Bool {
    switch offset {
    case ..<Self.pendingBase:
      let source = Int(offset / 4)
      if (1..<Self.sources).contains(source) { priorities[source] = value & Self.maxPriority }
    case ..<Self.enableBase: break
    case ..<Self.contextBase:
      let (index, register) = (offset - Self.enableBase).quotientAndRemainder(dividingBy: 0x80)
      guard index < UInt64(contexts.count) else { return false }
      if register == 0 { contexts[Int(index)].enable = value & ~1 }
    default:
      let (index, register) = (offset - Self.contextBase).quotientAndRemainder(dividingBy: 0x1000)
      guard index < UInt64(contexts.count) else { return false }
      switch register {
      case 0: contexts[Int(index)].threshold = value & Self.maxPriority
      case 4: complete(Int(index), value)
      default: return false
      }
    }
    update()
    return true
  }

  // MARK: Arbitration

  /// The pending source of the highest priority above the threshold, the lowest number among equals; 0 for none.
  private func best(_ context: Context) -> Int {
    var best = 0
    var priority = context.threshold
    var candidates = pending & context.enable
    while candidates != 0 {
      let source = candidates.trailingZeroBitCount
      if priorities[source] > priority { (best, priority) = (source, priorities[source]) }
      candidates &= candidates - 1
    }
    return best
  }

  private func claim(_ index: Int) -> UInt32 {
    let source = best(contexts[index])
    guard source != 0 else { return 0 }
    pending &= ~(1 << source)
    inService |= 1 << source
    update()
    return UInt32(source)
  }

  /// Ignored unless the source is enabled for the context.
  private func complete(_ index: Int, _ source: UInt32) {
    guard source < UInt32(Self.sources), contexts[index].enable >> source & 1 != 0 else { return }
    inService &= ~(1 << source)
    pending |= levels & 1 << source
  }

  private func update() {
    for index in contexts.indices {
      let isRaised = best(contexts[index]) != 0
      if isRaised == contexts[index].isRaised { continue }
      contexts[index].isRaised = isRaised
      contexts[index].hart.setInterrupt(contexts[index].line, on: isRaised)
    }
  }
}
