/// The translation tables of a hart on bare metal. Each mode has its own, and so have the bits that change what a mode may do: changing
/// modes empties nothing.
final class Translations {
  private let window: HostWindow
  /// Loads: M; U; U with MXR; S, with SUM counting 1 and MXR counting 2.
  var loads: [TranslationTable]
  /// Stores: M; U; S; S with SUM.
  var stores: [TranslationTable]
  /// Fetches: U; S. Physical addresses need no table.
  var fetches: [TranslationTable]

  /// - Returns: `nil` when the host denies the address space. Memory is used as pages are translated.
  init?() {
    guard let window = HostWindow(reserving: 13 * TranslationTable.size) else { return nil }
    self.window = window
    let tables = (0..<13).map { TranslationTable(window.base + $0 * Int(TranslationTable.size)) }
    loads = Array(tables[0..<7])
    stores = Array(tables[7..<11])
    fetches = Array(tables[11..<13])
  }

  deinit { window.release() }

  /// Tables by effective mode.
  static func load(_ mode: UInt8, sum: Bool, mxr: Bool) -> Int {
    switch mode {
    case Mode.machine: 0
    case Mode.user: mxr ? 2 : 1
    default: 3 + (sum ? 1 : 0) + (mxr ? 2 : 0)
    }
  }

  static func store(_ mode: UInt8, sum: Bool) -> Int {
    switch mode {
    case Mode.machine: 0
    case Mode.user: 1
    default: sum ? 3 : 2
    }
  }
}
