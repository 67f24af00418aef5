import RVModels

/// What a timed run took, for people.
public struct TimingReport {
  private let model: TimingModel
  private let time: Ticks
  private let counts: TimingCounts
  private let isRegion: Bool

  public init(_ model: TimingModel) {
    model.finish(next: 0)
    self.model = model
    isRegion = model.region != nil
    time = model.region?.time ?? model.time
    counts = model.region?.counts ?? model.counts
  }

  /// How far the figures may be trusted.
  var label: ErrorLabel { model.usedMatrices ? .uncalibrated : model.machine.label }

  public var text: String {
    let cycles = Double(time) / Double(Ticks.perCycle)
    func line(_ name: String, _ value: String) -> String {
      "  \(name + String(repeating: " ", count: max(1, 22 - name.count)))\(value)\n"
    }
    func whole(_ value: Double) -> String { Statistics.grouped(UInt64(max(0, value.rounded()))) }
    var text = "timing on \(model.machine.name)\(isRegion ? ", region of interest" : "")\n"
    text += line("cycles", whole(cycles))
    text += line("instructions", Statistics.grouped(counts.instructions))
    if cycles > 0 { text += line("IPC", Decimal.text(Double(counts.instructions) / cycles, 2)) }
    let seconds = cycles / Double(model.machine.hertz)
    text += line("time", "\(Decimal.text(seconds * 1e6, 3)) us at \(model.machine.hertz / 1_000_000) MHz")
    text += line("trust", label.words)
    if cycles > 0 {
      let parts: [(String, Ticks)] = [
        ("front end", counts.frontEnd), ("bad speculation", counts.badSpeculation), ("memory", counts.memory),
        ("vector", counts.vector),
        ("matrix", counts.matrix), ("scalar units", counts.scalar),
      ]
      let lost = parts.map(\.1).reduce(0, +)
      let all = max(time, lost)
      text += "  where the cycles went\n"
      for (name, ticks) in [("retiring", all - lost)] + parts where ticks > 0 || name == "retiring" {
        text +=
          "    \(name + String(repeating: " ", count: 20 - name.count))\(Decimal.text(100 * Double(ticks) / Double(all), 1)) %\n"
      }
    }
    if counts.branches > 0 {
      text += line(
        "branches", "\(Statistics.grouped(counts.branches)), \(Statistics.grouped(counts.mispredicted)) foreseen wrong")
    }
    if counts.vectorInstructions > 0 {
      let mean = Double(counts.vectorElements) / Double(counts.vectorInstructions)
      let use = counts.vectorCapacity > 0 ? Double(counts.vectorElements) / Double(counts.vectorCapacity) : 0
      text += line(
        "vector instructions",
        "\(Statistics.grouped(counts.vectorInstructions)), mean vl \(Decimal.text(mean, 1)), \(Decimal.text(100 * use, 1)) % of VLMAX; vsetvl \(Statistics.grouped(counts.vectorConfigurations))"
      )
    }
    // Caches and memory are not counted by region.
    if isRegion { text += "  of the whole run\n" }
    for name in ["l1i", "l1d", "l2", "l3"] {
      guard let cache = model.cache(name), cache.accesses > 0 else { continue }
      text += line(
        name,
        "\(Statistics.grouped(cache.accesses)) accesses, \(Statistics.grouped(cache.misses)) misses, \(Statistics.grouped(cache.prefetches)) fetched ahead, \(Statistics.grouped(cache.writeBacks)) written back"
      )
    }
    let bytes = model.readBytes + model.writtenBytes
    if cycles > 0, bytes > 0 {
      text += line(
        "memory", "\(Statistics.grouped(bytes)) bytes, \(Decimal.text(Double(bytes) / Double(model.time) * 8, 2)) B/cycle")
    }
    return text
  }
}
