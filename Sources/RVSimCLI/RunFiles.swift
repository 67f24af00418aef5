import RVExec
import RVTraces

/// What a run writes. Files are opened before the guest starts: a name that cannot be written is a wrong command line.
struct RunFiles {
  private let configuration: RunConfiguration
  private var stats: BufferedFile?
  private var signature: (file: BufferedFile, range: Range<UInt64>)?
  private var log: BufferedFile?
  /// Who looks on; `nil` for a run at full speed.
  private(set) var observer: (any RetireObserver)?

  init(_ configuration: RunConfiguration, _ machine: Machine) throws(Failure) {
    self.configuration = configuration
    if let path = configuration.stats, path != "-" { stats = try Self.open(path, "statistics") }
    if let path = configuration.signature {
      guard machine.form == .bare else { throw .usage("--signature is for bare machines") }
      guard let range = Signature.range(in: machine.image.symbols) else {
        throw .usage("--signature: \(configuration.elf) has no symbols begin_signature and end_signature")
      }
      guard machine.system.space.contains(range.lowerBound, length: UInt64(range.count)) else {
        throw .usage("--signature: the symbols begin_signature and end_signature do not lie in memory")
      }
      signature = (try Self.open(path, "signature"), range)
    }
    if let path = configuration.spikeLog {
      let file = try Self.open(path, "trace")
      log = file
      observer = SpikeLog(file, of: machine.system.hart, symbols: machine.placedSymbols, bootROM: machine.form == .bare)
    }
  }

  private static func open(_ path: String, _ what: String) throws(Failure) -> BufferedFile {
    do throws(BufferedFile.Failure) {
      return try BufferedFile(path: path)
    } catch {
      throw .usage("cannot write the \(what): \(error)")
    }
  }

  /// Writes what is left to write. Everything is tried; the first failure is reported.
  func finish(_ statistics: Statistics, _ host: Statistics.Host, _ machine: Machine, _ console: Console) throws(Failure) {
    var failures: [String] = []
    func close(_ file: BufferedFile, _ what: String) {
      if let failure = file.close() { failures.append("cannot write the \(what): \(failure)") }
    }
    if let log { close(log, "trace") }
    if let signature {
      let bytes = machine.system.space.peek(signature.range.lowerBound, count: signature.range.count) ?? []
      signature.file.write(Signature.text(bytes, granularity: configuration.signatureGranularity))
      close(signature.file, "signature")
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
