/// What numbers of machine files count. Every number has its unit beside it.
enum MachineUnit {
  /// Ticks, from `cycles` or `ns`.
  case time
  case bytes
  case bits
  case count
  case frequency
  /// A number for each cycle.
  case perCycle
  /// Bytes for each cycle, in 1/8 byte.
  case bandwidth

  var words: String {
    switch self {
    case .time: "cycles or ns, in steps of 1/8 cycle"
    case .bytes: "B, KiB, MiB"
    case .bits: "bits"
    case .count: "things (a whole number)"
    case .frequency: "MHz or GHz"
    case .perCycle: "things per cycle"
    case .bandwidth: "B/cycle"
    }
  }

  /// - Parameter hertz: the machine's clock.
  func value(of text: String, hertz: Int64) -> Int64? {
    // `64 KiB`, or `64KiB` as a command line has it.
    let end = text.firstIndex { !("0"..."9").contains($0) && $0 != "." && $0 != "-" } ?? text.endIndex
    guard let number = Self.thousandths(text[..<end]) else { return nil }
    let rest = text[end...]
    let unit = String(rest.first == " " ? rest.dropFirst() : rest)
    func whole(_ factor: Int64) -> Int64? {
      let (product, overflows) = number.multipliedReportingOverflow(by: factor)
      return overflows || product % 1000 != 0 ? nil : product / 1000
    }
    switch (self, unit) {
    case (.time, "cycles"), (.time, "cycle"):
      // To the nearest tick: laws are fitted in thousandths.
      let (product, overflows) = number.multipliedReportingOverflow(by: Ticks.perCycle)
      return overflows ? nil : (product + (product < 0 ? -500 : 500)) / 1000
    case (.time, "ns"):
      guard hertz > 0 else { return nil }
      // number/1000 ns · hertz / 10^9 cycles, to the nearest tick.
      let (product, overflows) = number.multipliedReportingOverflow(by: hertz / 1_000_000 * Ticks.perCycle)
      return overflows ? nil : (product + 500_000) / 1_000_000
    case (.bytes, "B"), (.bytes, "bytes"): return whole(1)
    case (.bytes, "KiB"): return whole(1 << 10)
    case (.bytes, "MiB"): return whole(1 << 20)
    case (.bits, "bits"): return whole(1)
    case (.count, ""), (.count, "entries"), (.count, "ways"), (.count, "units"), (.count, "lines"): return whole(1)
    case (.frequency, "MHz"): return whole(1_000_000)
    case (.frequency, "GHz"): return whole(1_000_000_000)
    case (.perCycle, "per cycle"): return whole(1)
    case (.bandwidth, "B/cycle"): return whole(8)
    default: return nil
    }
  }

  /// A decimal number times 1000; no more than three places.
  static func thousandths(_ text: Substring) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let parts = (isNegative ? text.dropFirst() : text).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let head = parts.first, !head.isEmpty, head.count <= 12, head.utf8.allSatisfy({ (48...57).contains($0) }),
      let whole = Int64(head)
    else {
      return nil
    }
    var fraction: Int64 = 0
    if parts.count > 1 {
      guard (1...3).contains(parts[1].count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let digits = Int64(parts[1])
      else { return nil }
      fraction = digits
      for _ in parts[1].count..<3 { fraction *= 10 }
    }
    return (isNegative ? -1 : 1) * (whole * 1000 + fraction)
  }
}
