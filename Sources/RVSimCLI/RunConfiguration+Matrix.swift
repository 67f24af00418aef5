import RVDecoder
import RVExec

/// The options about matrices: `--rvm` and those that begin so.
extension RunConfiguration {
  enum MatrixVersion: String, CaseIterable {
    case newest = "0.6"
    case vendor = "0.3"

    var member: Extension { self == .newest ? .xtheadmatrix0p6 : .xtheadmatrix0p3 }
  }

  enum Unlisted: String, CaseIterable { case trap, allow }

  mutating func readMatrices(
    version: GivenValue?, tlen: GivenValue?, trlen: GivenValue?, elen: GivenValue?, rlen: GivenValue?, accumulate: GivenValue?,
    outside: GivenValue?, unlisted: GivenValue?
  ) throws(Failure) {
    matrixVersion = try version?.choice(MatrixVersion.self).member
    // One after the other, with what was not given yet out of the way: the message names the option.
    for (given, place) in [(elen, \MatrixChoices.elen), (trlen, \.trlen), (tlen, \.tlen), (rlen, \.rlen)] {
      guard let given else { continue }
      let number = try given.count()
      guard number <= 1 << 32 else { throw given.wrong("is too large") }
      matrix[keyPath: place] = Int(number)
    }
    if let problem = matrix.problem { throw (tlen ?? trlen ?? elen ?? rlen)?.wrong(problem) ?? .usage(problem) }
    if let accumulate { matrix.accumulation = try accumulate.choice(MatrixChoices.Accumulation.self) }
    if let outside { matrix.outside = try outside.choice(MatrixChoices.Outside.self) }
    if let unlisted { matrix.hasUnlisted = try unlisted.choice(Unlisted.self) == .allow }
  }
}
