/// Writes tables to files.
public enum Table {
  public static func write(_ text: String, to path: String) throws { try Files.write(Array(text.utf8), to: path) }
}
