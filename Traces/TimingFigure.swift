/// A figure of a timed run, by name: a number, a text, or more figures.
public struct TimingFigure: Sendable, Hashable {
  public enum Value: Sendable, Hashable {
    case number(UInt64)
    case decimal(Double, digits: Int)
    case text(String)
    case group([TimingFigure])
  }

  public var name: String
  public var value: Value

  init(_ name: String, _ value: UInt64) { (self.name, self.value) = (name, .number(value)) }
  init(_ name: String, _ value: Double, _ digits: Int) { (self.name, self.value) = (name, .decimal(value, digits: digits)) }
  init(_ name: String, _ text: String) { (self.name, value) = (name, .text(text)) }
  init(_ name: String, _ group: [TimingFigure]) { (self.name, value) = (name, .group(group)) }

  /// As rows of a table, names of groups before those of what is in them.
  func add(to rows: inout [(String, Statistics.Value)], _ prefix: String) {
    switch value {
    case .number(let number): rows.append((prefix + name, .number(number)))
    case .decimal(let number, let digits): rows.append((prefix + name, .decimal(number, digits: digits)))
    case .text(let text): rows.append((prefix + name, .text(text)))
    case .group(let figures): for figure in figures { figure.add(to: &rows, prefix + name + ".") }
    }
  }

  static func json(_ figures: [TimingFigure], depth: Int) -> String {
    Statistics.object(
      figures.map { figure in
        let text: String =
          switch figure.value {
          case .number(let number): "\(number)"
          case .decimal(let number, let digits): Decimal.text(number, digits)
          case .text(let text): Statistics.quoted(text)
          case .group(let group): json(group, depth: depth + 1)
          }
        return (figure.name, text)
      }, depth: depth)
  }
}
