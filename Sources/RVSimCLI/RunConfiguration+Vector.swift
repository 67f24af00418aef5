import RVDecoder
import RVExec

/// A number that an option gave.
struct GivenNumber {
  var given: GivenValue
  var number: Int
}

/// The options about vectors: `--vlen`, `--elen`, `--agnostic`, `--vl`, `--reduction`.
extension RunConfiguration {
  mutating func readVectors(
    vlen: GivenValue?, elen: GivenValue?, agnostic: GivenValue?, length: GivenValue?, reduction: GivenValue?
  ) throws(Failure) {
    if let vlen {
      guard let number = Int(vlen.text), (64...65536).contains(number), number & (number - 1) == 0, "\(number)" == vlen.text else {
        throw vlen.wrong(VectorLengthError.length.description)
      }
      self.vlen = GivenNumber(given: vlen, number: number)
    }
    if let elen {
      guard elen.text == "32" || elen.text == "64" else { throw elen.wrong("must be 32 or 64") }
      self.elen = GivenNumber(given: elen, number: elen.text == "32" ? 32 : 64)
    }
    if let agnostic { vector.agnostic = try agnostic.choice(VectorChoices.Agnostic.self) }
    if let length { vector.length = try length.choice(VectorChoices.Length.self) }
    if let reduction { vector.reduction = try Self.reduction(reduction) }
    // What is named outright is checked before a file is opened.
    if case .named(let chosen) = isa { isa = .named(try withLengths(chosen)) }
  }

  /// An ISA with the lengths and the version of matrices that were asked for.
  func withLengths(_ isa: ISA) throws(Failure) -> ISA {
    let isa = try withVectors(isa)
    return matrixVersion.map { isa.withMatrices($0) } ?? isa
  }

  /// An ISA with the lengths that were asked for. All that rvsim knows (max) becomes as much of it as fits.
  func withVectors(_ isa: ISA) throws(Failure) -> ISA {
    // One after the other: the message names the option.
    var isa = isa
    let narrowing = isa == .max
    do throws(VectorLengthError) {
      isa = try isa.withVectors(vlen: nil, elen: elen?.number, narrowing: narrowing)
    } catch {
      throw elen?.given.wrong(error.description) ?? .usage(error.description)
    }
    do throws(VectorLengthError) {
      return try isa.withVectors(vlen: vlen?.number ?? machineVLEN(isa), elen: nil, narrowing: narrowing)
    } catch {
      throw vlen?.given.wrong(error.description) ?? .usage((machine.map { "\($0.file): vlen: " } ?? "") + error.description)
    }
  }

  /// The machine's VLEN, for an ISA with vectors.
  private func machineVLEN(_ isa: ISA) -> Int? {
    guard let machine, machine.vector != nil, isa.leastVLEN > 0 else { return nil }
    return machine.vlen
  }

  private static func reduction(_ given: GivenValue) throws(Failure) -> VectorChoices.Reduction {
    switch given.text {
    case "sequential": return .sequential
    case "tree": return .tree
    case let text:
      let digits = text.dropFirst("random:".count)
      guard text.hasPrefix("random:"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seed = UInt64(digits) else {
        throw given.wrong("must be sequential, tree or random:SEED with a number below 2^64")
      }
      return .random(seed: seed)
    }
  }
}
