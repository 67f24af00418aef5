import RVDecoder
import RVModels

/// What a timed run took: for people, and as figures.
public struct TimingReport {
  private let model: TimingModel
  private let time: Ticks
  private let counts: TimingCounts
  private let isRegion: Bool

  public init(_ model: TimingModel) {
    self.model = model
    isRegion = model.region != nil
    time = model.region?.time ?? model.time
    counts = model.region?.counts ?? model.counts
  }

  /// Version of ``figures``.
  public static let schema = "rvsim.timing/1"

  /// How far the figures may be trusted.
  var label: ErrorLabel { model.usedMatrices ? .uncalibrated : model.machine.label }

  private var cycles: Double { Double(time) / Double(Ticks.perCycle) }

  /// Where the cycles went, in ticks: all of them.
  private var parts: [(name: String, words: String, ticks: Ticks)] {
    let lost = counts.lost
    return [
      ("retiring", "retiring", max(time, lost) - lost), ("frontEnd", "front end", counts.frontEnd),
      ("badSpeculation", "bad speculation", counts.badSpeculation), ("memoryL1", "memory: L1", counts.memory(.l1)),
      ("memoryL2", "memory: L2", counts.memory(.l2)), ("memoryL3", "memory: L3", counts.memory(.l3)),
      ("memoryDRAM", "memory: DRAM", counts.memory(.dram)), ("vector", "vector unit", counts.vector),
      ("matrix", "matrix unit", counts.matrix), ("scalar", "scalar units", counts.scalar),
    ]
  }

  private static let caches = ["l1i", "l1d", "l2", "l3"]

  /// Kinds of vector work: instructions, and cycles of the unit.
  private var vectorWork: [(work: Work, instructions: UInt64, cycles: Double)] {
    Work.allCases.compactMap { work in
      let count = counts.instructions(of: work)
      return count > 0 ? (work, count, Double(counts.vectorTime(of: work)) / Double(Ticks.perCycle)) : nil
    }.sorted { $0.cycles != $1.cycles ? $0.cycles > $1.cycles : $0.work.rawValue < $1.work.rawValue }
  }

  /// Bytes that crossed a level's lower side, and for each cycle of the run.
  private func traffic(_ bytes: UInt64) -> Double {
    model.time > 0 ? Double(bytes) / Double(model.time) * Double(Ticks.perCycle) : 0
  }

  // MARK: Figures

  /// For tools: names never change their meaning within a ``schema``.
  public var figures: [TimingFigure] {
    let all = Double(max(time, counts.lost, 1))
    var figures = [
      TimingFigure("schema", Self.schema), TimingFigure("machine", model.machine.name), TimingFigure("trust", label.words),
      TimingFigure("isRegion", isRegion ? 1 : 0), TimingFigure("cycles", cycles, 0),
      TimingFigure("instructions", counts.instructions),
      TimingFigure("ipc", cycles > 0 ? Double(counts.instructions) / cycles : 0, 4),
      TimingFigure("hertz", UInt64(model.machine.hertz)), TimingFigure("seconds", cycles / Double(model.machine.hertz), 12),
      TimingFigure("topDown", parts.map { TimingFigure($0.name, Double($0.ticks) / all, 6) }),
      TimingFigure("branches", [TimingFigure("executed", counts.branches), TimingFigure("mispredicted", counts.mispredicted)]),
    ]
    if counts.vectorInstructions > 0 {
      let count = Double(counts.vectorInstructions)
      figures.append(
        TimingFigure(
          "vector",
          [
            TimingFigure("instructions", counts.vectorInstructions), TimingFigure("vsetvl", counts.vectorConfigurations),
            TimingFigure("meanVl", Double(counts.vectorElements) / count, 3),
            TimingFigure(
              "laneUse", counts.vectorCapacity > 0 ? Double(counts.vectorElements) / Double(counts.vectorCapacity) : 0, 6),
            TimingFigure(
              "classes",
              vectorWork.map { work, count, cycles in
                TimingFigure(work.rawValue, [TimingFigure("instructions", count), TimingFigure("cycles", cycles, 1)])
              }),
          ]))
    }
    var memory: [TimingFigure] = []
    for name in Self.caches {
      guard let cache = model.cache(name) else { continue }
      memory.append(
        TimingFigure(
          name,
          [
            TimingFigure("accesses", cache.accesses), TimingFigure("misses", cache.misses),
            TimingFigure("prefetches", cache.prefetches), TimingFigure("writeBacks", cache.writeBacks),
            TimingFigure("bytesPerCycle", traffic(cache.lineBytes * (cache.misses + cache.prefetches + cache.writeBacks)), 4),
          ]))
    }
    memory.append(TimingFigure("pageWalks", model.walks))
    memory.append(
      TimingFigure(
        "dram",
        [
          TimingFigure("readBytes", model.readBytes), TimingFigure("writtenBytes", model.writtenBytes),
          TimingFigure("bytesPerCycle", traffic(model.readBytes + model.writtenBytes), 4),
        ]))
    // Caches and memory are not counted by region.
    figures.append(TimingFigure("memoryOfRun", memory))
    return figures
  }

  // MARK: Text

  public var text: String {
    func line(_ name: String, _ value: String) -> String {
      "  \(name + String(repeating: " ", count: max(1, 22 - name.count)))\(value)\n"
    }
    func whole(_ value: Double) -> String { Statistics.grouped(UInt64(max(0, value.rounded()))) }
    func number(_ value: UInt64) -> String { Statistics.grouped(value) }
    var text = "timing on \(model.machine.name)\(isRegion ? ", region of interest" : "")\n"
    text += line("cycles", whole(cycles))
    text += line("instructions", number(counts.instructions))
    if cycles > 0 { text += line("IPC", Decimal.text(Double(counts.instructions) / cycles, 2)) }
    let seconds = cycles / Double(model.machine.hertz)
    text += line("time", "\(Decimal.text(seconds * 1e6, 3)) us at \(model.machine.hertz / 1_000_000) MHz")
    text += line("trust", label.words)
    if cycles > 0 {
      text += "  where the cycles went\n"
      let all = Double(max(time, counts.lost))
      for part in parts where part.ticks > 0 || part.name == "retiring" {
        let share = Decimal.text(100 * Double(part.ticks) / all, 1)
        text += "    \(part.words + String(repeating: " ", count: 20 - part.words.count))\(share) %\n"
      }
    }
    if counts.branches > 0 {
      text += line("branches", "\(number(counts.branches)), \(number(counts.mispredicted)) foreseen wrong")
    }
    if counts.vectorInstructions > 0 {
      let mean = Double(counts.vectorElements) / Double(counts.vectorInstructions)
      let use = counts.vectorCapacity > 0 ? Double(counts.vectorElements) / Double(counts.vectorCapacity) : 0
      text += line(
        "vector instructions",
        "\(number(counts.vectorInstructions)), mean vl \(Decimal.text(mean, 1)), \(Decimal.text(100 * use, 1)) % of VLMAX; "
          + "vsetvl \(number(counts.vectorConfigurations))")
      let kinds = vectorWork.prefix(4).map { "\($0.work.rawValue) \(whole($0.cycles))" }
      text += line("cycles of the unit", kinds.joined(separator: ", "))
    }
    // Caches and memory are not counted by region.
    if isRegion { text += "  of the whole run\n" }
    for name in Self.caches {
      guard let cache = model.cache(name), cache.accesses > 0 else { continue }
      text += line(
        name,
        "\(number(cache.accesses)) accesses, \(number(cache.misses)) misses, \(number(cache.prefetches)) fetched ahead, "
          + "\(number(cache.writeBacks)) written back")
    }
    if model.walks > 0 { text += line("page walks", number(model.walks)) }
    let bytes = model.readBytes + model.writtenBytes
    if cycles > 0, bytes > 0 { text += line("memory", "\(number(bytes)) bytes, \(Decimal.text(traffic(bytes), 2)) B/cycle") }
    return text
  }
}
