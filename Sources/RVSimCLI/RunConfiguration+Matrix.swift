import RVDecoder
import RVExec

/// The options about matrices: `--rvm` and those that begin so.
extension RunConfiguration {
  enum Unlisted: String, CaseIterable { case trap, allow }

  mutating func readMatrices(
    version: GivenValue?, tlen: GivenValue?, trlen: GivenValue?, elen: GivenValue?, rlen: GivenValue?, accumulate: GivenValue?,
    outside: GivenValue?, unlisted: GivenValue?
  ) throws(Failure) {
    matrixVersion = try version?.matrixVersion()
    let lengths: [(place: WritableKeyPath<MatrixChoices, Int>, given: GivenValue?)] = [
      (\.tlen, tlen), (\.trlen, trlen), (\.elen, elen), (\.rlen, rlen),
    ]
    for case (let place, let given?) in lengths {
      let number = try given.count()
      guard number <= 1 << 32 else { throw given.wrong("is too large") }
      matrix[keyPath: place] = Int(number)
    }
    if let (place, text) = matrix.problem {
      // A length that was not given is at fault because of one that was.
      let given = lengths.first { $0.place == place }?.given ?? lengths.lazy.compactMap(\.given).first
      throw given?.wrong(text) ?? .usage(text)
    }
    if let accumulate { matrix.accumulation = try accumulate.choice(MatrixChoices.Accumulation.self) }
    if let outside { matrix.outside = try outside.choice(MatrixChoices.Outside.self) }
    if let unlisted { matrix.hasUnlisted = try unlisted.choice(Unlisted.self) == .allow }
  }
}

extension GivenValue {
  /// A version of the matrix extension, by its number.
  func matrixVersion() throws(Failure) -> Extension {
    if let version = Extension.matrixVersions.first(where: { $0.version == text }) { return version }
    throw wrong("must be \(Extension.matrixVersions.map(\.version).joined(separator: ", "))")
  }
}
