import Yams

/// A mapping of a machine file that is being read: keys are taken one by one, and what is left at the end is unknown.
///
/// A value is a pair of the value and where it comes from, `[3 cycles, "LLVM"]`; or the value alone in a mapping that says it once for all, under
/// `source`. A value without either is an error: a machine is as good as what its numbers are.
final class MachineTable {
  let file: String
  /// Dotted path from the top.
  let path: String
  private let line: Int
  private var entries: [(key: String, node: Node)] = []
  private var taken: Set<String> = []
  private let source: String?
  private let log: Log

  /// Every value that was read, in order.
  final class Log {
    var values: [MachineValue] = []
    /// What time is counted in where values are nanoseconds: cycles a nanosecond, as a fraction.
    var hertz: Int64 = 0
  }

  init(_ node: Node, file: String, path: String, source: String?, log: Log) throws(MachineError) {
    self.file = file
    self.path = path
    self.log = log
    line = node.mark?.line ?? 0
    guard case .mapping(let mapping) = node else {
      throw MachineError(file: file, line: line, key: path, problem: "wants keys and values")
    }
    for (key, value) in mapping {
      guard let name = key.string else {
        throw MachineError(file: file, line: key.mark?.line ?? line, key: path, problem: "a key that is no word")
      }
      entries.append((name, value))
    }
    self.source = mapping["source"]?.string ?? source
    taken.insert("source")
  }

  private func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func error(_ key: String, _ problem: String) -> MachineError {
    let node = entries.first { $0.key == key }?.node
    return MachineError(file: file, line: node?.mark?.line ?? line, key: full(key), problem: problem)
  }

  var keys: [String] { entries.map(\.key).filter { $0 != "source" } }

  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  private func node(_ key: String) -> Node? {
    taken.insert(key)
    return entries.first { $0.key == key }?.node
  }

  /// A mapping below; `nil` if it is not there.
  func table(_ key: String) throws(MachineError) -> MachineTable? {
    guard let node = node(key) else { return nil }
    return try MachineTable(node, file: file, path: full(key), source: source, log: log)
  }

  /// Ends the reading: a key that nobody took is an error.
  func finish() throws(MachineError) {
    if let (key, _) = entries.first(where: { !taken.contains($0.key) }) { throw error(key, "unknown key") }
  }

  /// Text without provenance: names and descriptions.
  func words(_ key: String) throws(MachineError) -> String? {
    guard let node = node(key) else { return nil }
    guard let text = node.string else { throw error(key, "wants text") }
    return text
  }

  /// The texts of a value, one or several, with provenance noted.
  private func texts(_ key: String) throws(MachineError) -> [String]? {
    guard let node = node(key) else { return nil }
    var (value, from) = (node, source)
    if case .sequence(let pair) = node, pair.count == 2, let text = pair[1].string,
      !Self.isNumberLike(text) || pair[0].sequence != nil
    {
      (value, from) = (pair[0], text)
    }
    guard let from, !from.isEmpty else {
      throw error(key, "does not say where it comes from: [value, source], or a source beside it")
    }
    var texts: [String] = []
    switch value {
    case .scalar(let scalar): texts = [scalar.string]
    case .sequence(let sequence):
      for item in sequence {
        guard let text = item.string else { throw error(key, "wants numbers") }
        texts.append(text)
      }
    default: throw error(key, "wants a value")
    }
    log.values.append(MachineValue(key: full(key), value: texts.joined(separator: ", "), source: from))
    return texts
  }

  private static func isNumberLike(_ text: String) -> Bool { text.first.map { $0.isNumber || $0 == "-" } ?? false }

  /// One of some words.
  func choice<T: RawRepresentable & CaseIterable>(_ key: String, _ type: T.Type) throws(MachineError) -> T?
  where T.RawValue == String {
    guard let texts = try texts(key) else { return nil }
    guard texts.count == 1, let value = T(rawValue: texts[0]) else {
      throw error(key, "\(texts.joined(separator: ", ")) is none of \(T.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  /// A number with its unit.
  func number(_ key: String, _ unit: MachineUnit, _ range: ClosedRange<Int64>) throws(MachineError) -> Int64? {
    guard let texts = try texts(key) else { return nil }
    guard texts.count == 1 else { throw error(key, "wants one value") }
    return try number(texts[0], key, unit, range)
  }

  /// One number, or one for each of `count` cases.
  func numbers(_ key: String, _ unit: MachineUnit, count: Int, _ range: ClosedRange<Int64>) throws(MachineError) -> [Int64]? {
    guard let texts = try texts(key) else { return nil }
    guard texts.count == 1 || texts.count == count else { throw error(key, "wants 1 value or \(count)") }
    var numbers: [Int64] = []
    for text in texts { numbers.append(try number(text, key, unit, range)) }
    return numbers.count == 1 ? Array(repeating: numbers[0], count: count) : numbers
  }

  func required(_ key: String, _ unit: MachineUnit, _ range: ClosedRange<Int64>) throws(MachineError) -> Int64 {
    guard let value = try number(key, unit, range) else { throw error(key, "is missing") }
    return value
  }

  private func number(_ text: String, _ key: String, _ unit: MachineUnit, _ range: ClosedRange<Int64>) throws(MachineError)
    -> Int64
  {
    guard let value = unit.value(of: text, hertz: log.hertz) else { throw error(key, "'\(text)' is no number of \(unit.words)") }
    guard range.contains(value) else { throw error(key, "\(text) is out of range") }
    return value
  }

  /// From here on nanoseconds are known.
  func set(hertz: Int64) { log.hertz = hertz }
}

/// A value of a machine file.
public struct MachineValue: Sendable, Hashable {
  public var key: String
  public var value: String
  public var source: String
}
