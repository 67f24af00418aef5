import RVDecoder

/// Runs programs on both sides, in a directory of its own.
struct Trial {
  let spike: Spike
  let options: Generator.Options
  let directory: String
  let name: String

  private var elf: String { "\(directory)/\(name).elf" }
  private var log: String { "\(directory)/\(name).log" }

  /// - Returns: the first difference, and what was covered up to there; `nil` for a program that cannot be assembled.
  func run(_ program: Program, coverage: Coverage, fast: Bool = true) throws -> (divergence: Divergence?, coverage: Coverage)? {
    guard let assembly = Assembly(program) else { return nil }
    let bytes = ELFWriter.file(program, assembly)
    try Files.write(bytes, to: elf)
    try spike.run(elf: elf, log: log)
    var commits = CommitLog(bytes: try Files.read(log))
    let lockstep = try Lockstep(elf: bytes, options: options, coverage: coverage)
    var divergence = lockstep.compare(&commits)
    if divergence == nil, fast { divergence = try lockstep.compareWithFastRun(elf: bytes, options) }
    return (divergence, lockstep.coverage)
  }

  func clean() {
    Files.remove(elf)
    Files.remove(log)
  }
}
