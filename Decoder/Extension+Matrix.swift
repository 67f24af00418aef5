/// The versions of XuanTie's matrix extension: encodings of one opcode that contradict each other.
extension Extension {
  /// By the number of the version.
  public static let matrixVersions: [Extension] = [.xtheadmatrix0p3, .xtheadmatrix0p6]

  /// The one that cannot be on together with this one.
  var contradicted: Extension? {
    switch self {
    case .xtheadmatrix0p3: .xtheadmatrix0p6
    case .xtheadmatrix0p6: .xtheadmatrix0p3
    default: nil
    }
  }
}

extension ISA {
  /// This with one version of the matrix extension in the place of any other.
  public func withMatrices(_ version: Extension) -> ISA {
    removing(ExtensionSet(Extension.matrixVersions.filter { $0 != version })).adding([version])
  }
}

extension ISA {
  /// A version of the matrix extension that is not on and in which a word is an instruction: binaries do not say which version they are of, and a
  /// word of one is often a word of the other.
  public func otherMatrixVersion(for word: UInt32) -> Extension? {
    Extension.matrixVersions.first { !contains($0) && Decoder(extensions: [$0]).row(for: word) != nil }
  }
}
