extension Extension {
  /// What this version does with an extension that somebody asks for.
  public enum Support: String, Sendable {
    /// It has instructions or registers, and they work.
    case instructions
    /// The same, in encodings that contradict those of another: part of a machine only when named.
    case alternative
    /// It promises something that holds here anyway; accepted.
    case promise
    /// It concerns privileged software or the platform alone; accepted, a platform decides.
    case privileged
    /// Vector: known, not supported by this version.
    case vector
    /// Known, not supported by this version.
    case later
    /// Known, and contrary to what rvsim simulates.
    case never
  }

  struct Facts: Sendable {
    var name: String
    var version: Substring
    var support: Support
    var implied: [Extension]
    var meaning: Substring
    /// Implied directly or not, itself included.
    var closure = ExtensionSet()
  }

  /// The name, in lower case.
  public var name: String { caseName(of: self) }
  /// The ratified version, `2.1`.
  public var version: String { String(facts.version) }
  public var support: Support { facts.support }
  /// What it brings directly.
  public var implied: [Extension] { facts.implied }
  /// A few words about it.
  public var meaning: String { String(facts.meaning) }
  /// It and all that it brings.
  public var closure: ExtensionSet { facts.closure }

  /// The extension with this name in lower case.
  public init?(named name: some StringProtocol) {
    guard let known = Self.byName[String(name)] else { return nil }
    self = known
  }

  var index: Int { Self.indices[self] ?? 0 }
  private var facts: Facts { Self.facts[index] }

  private static let indices: [Extension: Int] = .init(
    uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) })
  private static let byName: [String: Extension] = .init(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  private static let facts: [Facts] = {
    var facts = allCases.map { row(of: $0) }
    for index in facts.indices { facts[index].closure.insert(allCases[index]) }
    var changed = true
    while changed {
      changed = false
      for index in facts.indices {
        var closure = facts[index].closure
        for implied in facts[index].implied { closure.formUnion(facts[implied.index].closure) }
        if closure != facts[index].closure {
          facts[index].closure = closure
          changed = true
        }
      }
    }
    return facts
  }()

  /// A wrong row is found by the registry's test: unknown words read as `never` and as nothing implied.
  private static func row(of extension: Extension) -> Facts {
    let columns = Substring(`extension`.rawValue).parts("|", keepingEmpty: true).map(\.trimmed)
    guard columns.count == 4 else {
      return Facts(name: `extension`.name, version: "", support: .never, implied: [], meaning: "")
    }
    return Facts(
      name: `extension`.name, version: columns[0], support: Support(rawValue: String(columns[1])) ?? .never,
      implied: columns[2].parts(" ").compactMap { Extension(named: $0) }, meaning: columns[3])
  }

  /// What several extensions bring together.
  static let jointly: [(all: ExtensionSet, bring: Extension)] = [
    ([.c, .d], .zcd), ([.zaamo, .zalrsc], .a), ([.zba, .zbb, .zbs], .b),
  ]
}
