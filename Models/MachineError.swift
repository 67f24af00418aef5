/// What is wrong with a machine file, and where.
public struct MachineError: Error, Sendable, CustomStringConvertible {
  public var file: String
  /// From 1; 0 for the file as a whole.
  public var line: Int
  /// Such as `caches.l1d.size`; empty for the file as a whole.
  public var key: String
  public var problem: String

  public init(file: String, line: Int = 0, key: String = "", problem: String) {
    self.file = file
    self.line = line
    self.key = key
    self.problem = problem
  }

  public var description: String {
    var text = file
    if line > 0 { text += ":\(line)" }
    if !key.isEmpty { text += ": \(key)" }
    return text + ": " + problem
  }
}
