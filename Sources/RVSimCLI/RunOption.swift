/// The options of `run`: each may also come from an environment variable, `RVSIM_` and its name in capitals. The command line wins.
enum RunOption: String, CaseIterable {
  case isa
  case vlen
  case elen
  case agnostic
  case vl
  case reduction
  case rvm
  case rvmTlen = "rvm-tlen"
  case rvmTrlen = "rvm-trlen"
  case rvmElen = "rvm-elen"
  case rvmRlen = "rvm-rlen"
  case rvmAccumulate = "rvm-accumulate"
  case rvmOutside = "rvm-outside"
  case rvmUnlisted = "rvm-unlisted"
  case env
  case memory
  case misaligned
  case maxInsns = "max-insns"
  case timeout
  case stdin
  case setenv
  case clearEnv = "clear-env"
  case stats
  case statsFormat = "stats-format"
  case trace
  case signature
  case signatureGranularity = "signature-granularity"
  case dumpDTB = "dump-dtb"
  case clock
  case stack
  case fs
  case machine
  case set
  case roi
  case thp

  /// `--clear-env` and `--thp` have none.
  var takesValue: Bool { self != .clearEnv && self != .thp }

  /// `RVSIM_MAX_INSNS`.
  var variable: String {
    "RVSIM_" + String(rawValue.uppercased().map { $0 == "-" ? "_" : $0 })
  }
}

/// An option's text, and where it was written, for messages.
struct GivenValue {
  var text: String
  /// `--isa`, or `RVSIM_ISA`.
  var source: String
}

extension RunOption {
  /// The texts given: those of the command line, else the variable's. An empty variable is none.
  func values(_ given: [String], _ environment: [String: String]) -> [GivenValue] {
    if !given.isEmpty { return given.map { GivenValue(text: $0, source: "--\(rawValue)") } }
    guard let text = environment[variable], !text.isEmpty else { return [] }
    return [GivenValue(text: text, source: variable)]
  }
}
