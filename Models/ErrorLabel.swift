/// How far a machine's cycles may be trusted: what goes with every figure of a run.
public enum ErrorLabel: Sendable, Hashable {
  /// Mean absolute error of whole kernels against silicon, in per mille.
  case kernels(Int)
  /// Only single instructions were compared.
  case tablesOnly
  case notValidated
  /// The matrix unit took part: nobody has measured one.
  case uncalibrated

  public var words: String {
    switch self {
    case .kernels(let error): "whole kernels were \(error / 10).\(error % 10) % off on average"
    case .tablesOnly: "instruction tables only: no whole kernel was compared with silicon"
    case .notValidated: "not validated: nothing was compared with silicon"
    case .uncalibrated: "uncalibrated: matrix instructions, of which there are no measurements"
    }
  }
}

extension Machine {
  /// The label of a run without matrices.
  public var label: ErrorLabel { kernelError.map { .kernels($0) } ?? (tableError != nil ? .tablesOnly : .notValidated) }
}
