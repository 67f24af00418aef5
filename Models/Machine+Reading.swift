import RVDecoder
import Yams

extension Machine {
  /// Form of machine files.
  static let schema = "rvsim.machine/1"

  /// Reads a machine file.
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: its name, for errors.
  ///   - changes: values that replace those of the file, by dotted key.
  public init(text: String, file: String, changes: [(key: String, value: String)] = []) throws(MachineError) {
    var root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw MachineError(file: file, line: Self.line(error), problem: "is no YAML: \(Self.words(error))")
    }
    guard var node = root else { throw MachineError(file: file, problem: "is empty") }
    for change in changes { try Self.replace(&node, change.key, change.value, file) }
    let log = MachineTable.Log()
    let top = try MachineTable(node, file: file, path: "", source: nil, log: log)
    guard let schema = try top.words("schema") else { throw top.error("schema", "is missing: \(Self.schema)") }
    guard schema == Self.schema else { throw top.error("schema", "\(schema) is not known: \(Self.schema)") }
    try read(top)
    self.file = file
    values = log.values
  }

  private static func line(_ error: any Error) -> Int {
    switch error as? YamlError {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    default: 0
    }
  }

  private static func words(_ error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
    default: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
  }

  /// Puts another value in the place of one that is there.
  private static func replace(_ node: inout Node, _ key: String, _ value: String, _ file: String) throws(MachineError) {
    func unknown() -> MachineError { MachineError(file: "--set", key: key, problem: "\(file) has no such value") }
    func put(_ node: inout Node, _ path: ArraySlice<Substring>) throws(MachineError) {
      guard let first = path.first else {
        let fresh: Node
        do { fresh = try Yams.compose(yaml: value) ?? Node("") } catch {
          throw MachineError(file: "--set", key: key, problem: "'\(value)' is no value")
        }
        node = .sequence(.init([fresh, Node("set by hand (--set)")]))
        return
      }
      guard case .mapping(var mapping) = node, var below = mapping[String(first)] else { throw unknown() }
      try put(&below, path.dropFirst())
      mapping[String(first)] = below
      node = .mapping(mapping)
    }
    var path = key.split(separator: ".")
    guard !path.isEmpty else { throw unknown() }
    // Caches are found under their own name too.
    if path[0] == "cache" { path[0] = "memory" }
    try put(&node, path[...])
  }

  private mutating func read(_ top: MachineTable) throws(MachineError) {
    guard let name = try top.words("name") else { throw top.error("name", "is missing") }
    self.name = name
    title = try top.words("title") ?? ""
    hertz = try top.required("clock", .frequency, 1_000_000...100_000_000_000)
    top.set(hertz: hertz)
    isa = try top.words("isa") ?? isa
    vlen = Int(try top.number("vlen", .bits, 64...65536) ?? 128)
    guard vlen & (vlen - 1) == 0 else { throw top.error("vlen", "wants a power of two") }
    if let table = try top.table("validated") { try readValidation(table) }
    guard let core = try top.table("core") else { throw top.error("core", "is missing") }
    try readCore(core)
    guard let units = try top.table("units") else { throw top.error("units", "is missing") }
    for key in units.keys {
      self.units.append(ScalarUnit(name: key, count: Int(try units.required(key, .count, 1...16))))
    }
    try units.finish()
    guard let work = try top.table("work") else { throw top.error("work", "is missing") }
    try readCosts(work)
    if let table = try top.table("vector") { vector = try VectorParameters(table) }
    guard let memory = try top.table("memory") else { throw top.error("memory", "is missing") }
    try readMemory(memory)
    if let table = try top.table("matrix") { matrix = try MatrixParameters(table) }
    try top.finish()
  }

  private mutating func readValidation(_ table: MachineTable) throws(MachineError) {
    if let text = try table.words("against") { validation.append(text) }
    func perMille(_ key: String) throws(MachineError) -> Int? {
      guard let text = try table.words(key) else { return nil }
      guard let value = MachineUnit.thousandths(Substring(text.replacing(" %", with: ""))), text.hasSuffix(" %") else {
        throw table.error(key, "wants a figure in %")
      }
      return Int(value / 100)
    }
    tableError = try perMille("tables")
    kernelError = try perMille("kernels")
    try table.finish()
  }

  private mutating func readCore(_ core: MachineTable) throws(MachineError) {
    guard let kind = try core.choice("pipeline", Pipeline.self) else { throw core.error("pipeline", "is missing") }
    pipeline = kind
    issueWidth = Int(try core.required("issue", .perCycle, 1...16))
    if kind == .outOfOrder {
      reorderBuffer = Int(try core.required("reorder-buffer", .count, 4...4096))
      loadQueue = Int(try core.required("load-queue", .count, 1...1024))
    }
    storeQueue = Int(try core.required("store-queue", .count, 1...1024))
    let cycles: ClosedRange<Int64> = 0...(1 << 20)
    guard let predictor = try core.choice("predictor", FrontEnd.Predictor.self) else {
      throw core.error("predictor", "is missing")
    }
    frontEnd.predictor = predictor
    // What another predictor would need may stand there too: --set changes the predictor alone.
    let entries = try core.number("predictor-entries", .count, 2...(1 << 20))
    let history = try core.number("predictor-history", .bits, 1...32)
    if predictor == .bimodal || predictor == .gshare || predictor == .tage {
      guard let entries else { throw core.error("predictor-entries", "is missing") }
      guard entries & (entries - 1) == 0 else { throw core.error("predictor-entries", "wants a power of two") }
      frontEnd.logEntries = entries.trailingZeroBitCount
    }
    if predictor == .gshare {
      guard let history else { throw core.error("predictor-history", "is missing") }
      frontEnd.historyBits = Int(history)
    }
    frontEnd.targets = Int(try core.required("branch-targets", .count, 0...65536))
    frontEnd.returns = Int(try core.required("return-stack", .count, 0...256))
    frontEnd.takenBubble = try core.required("taken-branch", .time, cycles)
    frontEnd.mispredict = try core.required("mispredict", .time, cycles)
    frontEnd.fetchBytes = Int(try core.required("fetch", .bandwidth, 16...1024)) / 8
    try core.finish()
  }

  private mutating func readCosts(_ table: MachineTable) throws(MachineError) {
    func cost(_ key: String) throws(MachineError) -> ScalarCost? {
      guard let row = try table.table(key) else { return nil }
      guard let name = try row.words("unit") else { throw row.error("unit", "is missing") }
      guard let unit = units.firstIndex(where: { $0.name == name }) else {
        throw row.error("unit", "\(name) is none of the units")
      }
      var cost = ScalarCost(unit: unit)
      cost.latency = try row.required("latency", .time, 0...(1 << 20))
      cost.interval = try row.number("interval", .time, 1...(1 << 20)) ?? .perCycle
      try row.finish()
      return cost
    }
    guard let others = try cost("others") else {
      throw table.error("others", "is missing: what kinds of work cost that are not listed")
    }
    let vector = try cost("vector")
    for work in Work.allCases { costs.append(try cost(work.rawValue) ?? (work.isVector ? vector : nil) ?? others) }
    try table.finish()
  }

  private mutating func readMemory(_ table: MachineTable) throws(MachineError) {
    func cache(_ key: String) throws(MachineError) -> CacheParameters? {
      guard let row = try table.table(key) else { return nil }
      return try CacheParameters(row)
    }
    l1i = try cache("l1i")
    l1d = try cache("l1d")
    l2 = try cache("l2")
    l3 = try cache("l3")
    guard l1d != nil else { throw table.error("l1d", "is missing") }
    if l3 != nil, l2 == nil { throw table.error("l3", "wants an l2") }
    memory.latency = try table.required("latency", .time, 0...(1 << 24))
    memory.bandwidth = try table.required("bandwidth", .bandwidth, 1...(1 << 20))
    if let row = try table.table("tlb") {
      var tlb = TranslationParameters()
      tlb.entries = Int(try row.required("entries", .count, 1...65536))
      tlb.secondEntries = Int(try row.number("second-entries", .count, 0...(1 << 20)) ?? 0)
      tlb.secondLatency = try row.number("second-latency", .time, 0...(1 << 20)) ?? 0
      tlb.levels = Int(try row.required("levels", .count, 1...5))
      try row.finish()
      translation = tlb
    }
    try table.finish()
  }
}

extension CacheParameters {
  init(_ table: MachineTable) throws(MachineError) {
    size = try table.required("size", .bytes, 256...(1 << 32))
    ways = Int(try table.required("ways", .count, 1...64))
    line = Int(try table.required("line", .bytes, 16...1024))
    latency = try table.required("latency", .time, 0...(1 << 20))
    misses = Int(try table.required("misses", .count, 1...256))
    interval = try table.number("interval", .time, 0...(1 << 16)) ?? .perCycle
    streams = Int(try table.number("streams", .count, 0...64) ?? 0)
    ahead = Int(try table.number("ahead", .count, 0...64) ?? 0)
    refill = try table.number("refill", .time, 0...(1 << 16)) ?? 0
    replacement = try table.choice("replacement", Replacement.self) ?? .lru
    storeStream = Int(try table.number("store-stream", .count, 0...64) ?? 0)
    guard line & (line - 1) == 0 else { throw table.error("line", "wants a power of two") }
    let sets = size / Int64(ways * line)
    guard sets > 0, sets & (sets - 1) == 0, sets * Int64(ways * line) == size else {
      throw table.error("size", "does not make a power of two of sets with these ways and lines")
    }
    try table.finish()
  }
}

extension VectorParameters {
  init(_ table: MachineTable) throws(MachineError) {
    dlen = Int(try table.required("dlen", .bits, 32...65536))
    guard dlen & (dlen - 1) == 0 else { throw table.error("dlen", "wants a power of two") }
    pipes = Int(try table.required("pipes", .count, 1...8))
    interval = try table.required("interval", .time, 0...1024)
    delay = try table.number("delay", .time, 0...1024) ?? 0
    queue = Int(try table.required("queue", .count, 1...256))
    if let order = try table.choice("order", Machine.Pipeline.self) { isInOrder = order == .inOrder }
    memoryPipes = Int(try table.number("memory-pipes", .count, 1...4) ?? 1)
    enum Length: String, CaseIterable { case vlmax = "VLMAX", vl }
    guard let length = try table.choice("time-follows", Length.self) else { throw table.error("time-follows", "is missing") }
    followsVLMAX = length == .vlmax
    enum Agnostic: String, CaseIterable { case undisturbed, free }
    guard let agnostic = try table.choice("agnostic", Agnostic.self) else { throw table.error("agnostic", "is missing") }
    readsDestination = agnostic == .undisturbed
    wholeMaskPipes = Int(try table.number("whole-mask-pipes", .count, 1...8) ?? 1)
    wholeMaskStart = try table.number("whole-mask-start", .time, 0...1024) ?? 0
    configuration = try table.required("vsetvl", .time, 0...1024)
    guard let rows = try table.table("laws") else { throw table.error("laws", "is missing") }
    func law(_ key: String) throws(MachineError) -> ClassLaw? {
      guard let row = try rows.table(key) else { return nil }
      let law = try ClassLaw(row)
      guard law.pipes <= pipes, law.maskedPipes <= pipes else { throw row.error("pipes", "there are \(pipes)") }
      return law
    }
    guard let others = try law("others") else {
      throw rows.error("others", "is missing: the law of kinds of work that are not listed")
    }
    for work in Work.allCases {
      laws.append(try law(work.rawValue) ?? others)
      wide.append(work.mayBeWide ? try law(work.rawValue + "-wide") : nil)
    }
    // Those without a law go as what is most like them.
    for (index, work) in Work.allCases.enumerated() {
      guard let kin = work.kin.flatMap({ Work.allCases.firstIndex(of: $0) }) else { continue }
      if !rows.has(work.rawValue) { laws[index] = laws[kin] }
      if wide[index] == nil { wide[index] = wide[kin] }
    }
    try rows.finish()
    try table.finish()
  }
}

extension MatrixParameters {
  init(_ table: MachineTable) throws(MachineError) {
    multiplyAdds = Int(try table.required("multiply-adds", .perCycle, 1...(1 << 20)))
    latency = try table.required("latency", .time, 0...(1 << 16))
    bandwidth = try table.required("bandwidth", .bandwidth, 1...(1 << 16))
    sets = Int(try table.required("tile-sets", .count, 1...2))
    try table.finish()
  }
}
