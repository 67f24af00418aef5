import RVExec
import RVKernels
import RVModels
import RVTraces

/// What a run writes. Files are opened before the guest starts: a name that cannot be written is a wrong command line.
struct RunFiles {
  private let configuration: RunConfiguration
  private var stats: BufferedFile?
  private var signature: BufferedFile?
  private var log: BufferedFile?
  /// Who looks on; `nil` for a run at full speed.
  private(set) var observer: (any RetireObserver)?
  /// The model that tells the time, if a machine was named.
  private(set) var timing: TimingModel?

  init(_ configuration: RunConfiguration, _ machine: Guest) throws(Failure) {
    self.configuration = configuration
    if let path = configuration.stats, path != "-" { stats = try Self.open(path, "statistics") }
    if let path = configuration.signature {
      guard machine.bare?.signatureText() != nil else {
        throw .usage("--signature wants a bare machine, and symbols begin_signature and end_signature in its memory")
      }
      signature = try Self.open(path, "signature")
    }
    if let path = configuration.deviceTree {
      guard let tree = machine.bare?.deviceTree else { throw .usage("--dump-dtb wants a bare machine") }
      let file = try Self.open(path, "device tree")
      file.write(tree)
      if let failure = file.close() { throw .usage("cannot write the device tree: \(failure)") }
    }
    if let path = configuration.spikeLog {
      let file = try Self.open(path, "trace")
      log = file
      observer = SpikeLog(file, of: machine.system.hart, symbols: machine.placedSymbols, bootROM: machine.form == .bare)
    }
    if let described = configuration.machine {
      // On bare metal addresses are those of memory; a Linux program's pages lie anywhere.
      let pages: Pages = machine.form == .bare ? .none : configuration.hasLargePages ? .large : .small
      let model = TimingModel(described, vlen: max(machine.isa.leastVLEN, 64), pages: pages)
      if let region = configuration.region {
        let places = region.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let start = try Self.address(places[0], region, machine)
        model.watch(start: start, end: places.count > 1 ? try Self.address(places[1], region, machine) : nil)
      }
      timing = model
      let timed = TimingObserver(model, then: observer)
      machine.system.hart.timekeeper = timed
      observer = timed
    }
  }

  /// A symbol's address where it lies in memory, or the number itself.
  private static func address(_ text: String, _ given: GivenValue, _ machine: Guest) throws(Failure) -> UInt64 {
    if let symbol = machine.placedSymbols[text] { return symbol.address }
    if text.hasPrefix("0x"), let address = UInt64(text.dropFirst(2), radix: 16) { return address }
    throw given.wrong("the program has no symbol '\(text)'")
  }

  private static func open(_ path: String, _ what: String) throws(Failure) -> BufferedFile {
    do throws(BufferedFile.Failure) {
      return try BufferedFile(path: path)
    } catch {
      throw .usage("cannot write the \(what): \(error)")
    }
  }

  /// Writes what is left to write. Everything is tried; the first failure is reported.
  func finish(_ statistics: Statistics, _ host: Statistics.Host, _ machine: Guest, _ console: Console) throws(Failure) {
    var failures: [String] = []
    func close(_ file: BufferedFile, _ what: String) {
      if let failure = file.close() { failures.append("cannot write the \(what): \(failure)") }
    }
    if let log { close(log, "trace") }
    if let signature {
      signature.write(machine.bare?.signatureText(granularity: configuration.signatureGranularity) ?? "")
      close(signature, "signature")
    }
    var statistics = statistics
    if let timing {
      let report = TimingReport(timing)
      statistics.timing = report.figures
      console.error(report.text)
      if configuration.region != nil, timing.region == nil {
        console.say(
          "--roi \(configuration.region?.text ?? ""): the program never came through; the figures are of all of the run")
      }
    }
    let text = statistics.formatted(configuration.statsFormat, host: host)
    if let stats {
      stats.write(text)
      close(stats, "statistics")
    } else if configuration.stats != nil {
      console.error(text)
    }
    if let first = failures.first { throw .usage(first) }
  }
}
