extension SymbolTable {
  /// From `start` to the start of the next span, addresses belong to one symbol or to none.
  struct Span: Sendable {
    var start: UInt64
    /// An index into `entries`.
    var owner: Int?
  }

  /// Who owns which addresses, ascending, for entries in their order: one pass with a stack of the sized symbols that are open.
  static func spans(of entries: [Entry]) -> [Span] {
    var spans: [Span] = []
    var open: [(index: Int, end: UInt64)] = []
    // The end of the section of a label without a size that is in force.
    var labelEnd: UInt64?

    func emit(_ start: UInt64, _ owner: Int?) {
      if let last = spans.last, last.start == start { spans.removeLast() }
      if spans.last?.owner != owner { spans.append(Span(start: start, owner: owner)) }
    }
    /// Ends what is over at `address`.
    func close(upTo address: UInt64) {
      if let end = labelEnd, end <= address {
        emit(end, nil)
        labelEnd = nil
      }
      while let last = open.last, last.end <= address {
        while let top = open.last, top.end <= last.end { open.removeLast() }
        emit(last.end, open.last?.index)
      }
    }

    for (index, entry) in entries.enumerated() where !entry.isAbsolute && entry.limit > entry.address {
      if entry.size == 0 {
        guard entry.kind != .object else { continue }
        close(upTo: entry.address)
        guard open.isEmpty else { continue }
        emit(entry.address, index)
        labelEnd = entry.limit
      } else {
        close(upTo: entry.address)
        let end = min(entry.size, entry.limit - entry.address) + entry.address
        open.append((index, end))
        labelEnd = nil
        emit(entry.address, index)
      }
    }
    close(upTo: .max)
    return spans
  }
}
