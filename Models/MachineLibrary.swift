/// The machines that come with rvsim.
public enum MachineLibrary {
  /// Names, and their files' bytes.
  private static var files: [(name: String, text: [UInt8])] {
    [
      ("xuantie-c908", PackageResources.xuantie_c908_yaml),
      ("generic-inorder", PackageResources.generic_inorder_yaml),
    ]
  }

  public static var names: [String] { files.map(\.name) }

  /// The text of a machine that comes with rvsim.
  public static func text(_ name: String) -> String? {
    files.first { $0.name == name }.map { String(decoding: $0.text, as: UTF8.self) }
  }
}
