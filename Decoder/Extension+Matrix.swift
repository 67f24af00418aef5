/// The versions of XuanTie's matrix extension: encodings of one opcode that contradict each other.
extension Extension {
  /// The newest first. No two can be on together.
  public static let matrixVersions: [Extension] = [.xtheadmatrix0p6, .xtheadmatrix0p3]

  /// Whether this and another cannot be on together.
  func contradicts(_ other: Extension) -> Bool {
    self != other && Self.matrixVersions.contains(self) && Self.matrixVersions.contains(other)
  }
}

extension ISA {
  /// This with one version of the matrix extension in the place of any other.
  public func withMatrices(_ version: Extension) -> ISA {
    removing(ExtensionSet(Extension.matrixVersions.filter { $0 != version })).adding([version])
  }

  /// A version of the matrix extension that is not on and in which a word is an instruction: binaries do not say which version they are of, and a
  /// word of one is often a word of the other.
  public func otherMatrixVersion(for word: UInt32) -> Extension? {
    Extension.matrixVersions.first { !contains($0) && Decoder(extensions: [$0]).row(for: word) != nil }
  }
}
