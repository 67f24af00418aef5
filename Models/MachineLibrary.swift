/// The machines that come with rvsim.
public enum MachineLibrary {
  /// Names, and their files' bytes.
  private static var files: [(name: String, text: [UInt8])] {
    [
      ("xuantie-c906", PackageResources.xuantie_c906_yaml),
      ("xuantie-c908", PackageResources.xuantie_c908_yaml),
      ("xuantie-c910", PackageResources.xuantie_c910_yaml),
      ("xuantie-c920", PackageResources.xuantie_c920_yaml),
      ("spacemit-x60", PackageResources.spacemit_x60_yaml),
      ("sifive-p550", PackageResources.sifive_p550_yaml),
      ("sifive-x280", PackageResources.sifive_x280_yaml),
      ("generic-inorder", PackageResources.generic_inorder_yaml),
      ("generic-ooo", PackageResources.generic_ooo_yaml),
      ("generic-matrix", PackageResources.generic_matrix_yaml),
    ]
  }

  public static var names: [String] { files.map(\.name) }

  /// The text of a machine that comes with rvsim.
  public static func text(_ name: String) -> String? {
    files.first { $0.name == name }.map { String(decoding: $0.text, as: UTF8.self) }
  }
}
