/// A piece of a row, as bytes of a text that lives while it is parsed. Rows are ASCII, and nearly a thousand of them are read at each start:
/// pieces of strings would take twice the time.
struct RowText: CustomStringConvertible {
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private init(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) { self.bytes = UnsafeBufferPointer(rebasing: bytes) }

  var description: String { String(decoding: bytes, as: UTF8.self) }
  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }
  var first: UInt8? { bytes.first }
  var last: UInt8? { bytes.last }
  subscript(index: Int) -> UInt8 { bytes[index] }

  func dropFirst(_ count: Int = 1) -> RowText { RowText(bytes.dropFirst(count)) }
  func dropLast(_ count: Int = 1) -> RowText { RowText(bytes.dropLast(count)) }
  func prefix(_ count: Int) -> RowText { RowText(bytes.prefix(count)) }

  func firstIndex(of byte: UInt8) -> Int? {
    for at in 0..<bytes.count where bytes[at] == byte { return at }
    return nil
  }

  func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && prefix(text.utf8CodeUnitCount).isEqual(to: text)
  }

  private func isEqual(to text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for at in 0..<count where bytes[at] != text.utf8Start[at] { return false }
    return true
  }

  /// `case "rm":`
  static func ~= (text: StaticString, piece: RowText) -> Bool { piece.isEqual(to: text) }

  /// One to three digits as a number.
  var number: Int? {
    guard !isEmpty, count < 4 else { return nil }
    var number = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  /// Without blanks at both ends.
  var trimmed: RowText {
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start] == 0x20 { start += 1 }
    while start < end, bytes[end - 1] == 0x20 { end -= 1 }
    return RowText(bytes[start..<end])
  }

  /// The text before the first " | " and that behind it.
  var column: (text: RowText, rest: RowText)? {
    guard bytes.count >= 3 else { return nil }
    for at in 1..<bytes.count - 1 where bytes[at] == UInt8(ascii: "|") && bytes[at - 1] == 0x20 && bytes[at + 1] == 0x20 {
      return (RowText(bytes[..<(at - 1)]), RowText(bytes[(at + 2)...]))
    }
    return nil
  }

  /// The texts between separators, empty ones too.
  func parts(_ separator: Unicode.Scalar) -> Parts { Parts(left: self, separator: UInt8(ascii: separator)) }

  struct Parts: Sequence, IteratorProtocol {
    fileprivate var left: RowText?
    fileprivate let separator: UInt8

    mutating func next() -> RowText? {
      guard let text = left else { return nil }
      guard let at = text.firstIndex(of: separator) else {
        left = nil
        return text
      }
      left = text.dropFirst(at + 1)
      return text.prefix(at)
    }
  }
}
