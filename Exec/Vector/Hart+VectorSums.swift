import RVDecoder

/// Unordered sums in another order than that of the elements: `--reduction`.
extension Hart {
  /// The sum of some numbers, in the order that ``VectorChoices/Reduction`` describes.
  /// - Parameter numbers: the scalar and the active elements; at least one.
  func sum(_ numbers: [UInt64], _ add: (UInt64, UInt64) -> UInt64) -> UInt64 {
    var row = numbers
    while row.count > 1 {
      switch vectorChoices.reduction {
      case .tree:
        let sums = stride(from: 0, to: row.count, by: 2).map { $0 + 1 < row.count ? add(row[$0], row[$0 + 1]) : row[$0] }
        row = sums
      case .random:
        let (first, second) = (takeAny(&row), takeAny(&row))
        row.append(add(first, second))
      case .sequential:
        row = [row.dropFirst().reduce(row[0], add)]
      }
    }
    return row[0]
  }

  private func takeAny(_ row: inout [UInt64]) -> UInt64 {
    row.swapAt(Int(reductionRandom.next() % UInt64(row.count)), row.count - 1)
    return row.removeLast()
  }
}
