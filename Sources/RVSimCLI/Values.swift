#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reading of option values. Each error is one line that names the option and says what it takes.
extension GivenValue {
  func wrong(_ wanted: String) -> Failure {
    .usage(text.isEmpty ? "\(source) is empty: \(wanted)" : "\(source) '\(text)': \(wanted)")
  }

  /// One of some words.
  func choice<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(Failure) -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
      throw wrong("must be \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  /// A decimal number above zero.
  func count() throws(Failure) -> UInt64 {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber else { throw wrong("must be a number") }
    guard let number = UInt64(text) else { throw wrong("is too large") }
    guard number > 0 else { throw wrong("must be above 0") }
    return number
  }

  /// A number and a unit, of which the largest fits.
  private func quantity(_ units: [(suffix: String, factor: UInt64)], _ wanted: String) throws(Failure) -> UInt64 {
    let digits = text.prefix { ("0"..."9").contains($0) }
    let suffix = text.dropFirst(digits.count)
    guard !digits.isEmpty, let unit = units.first(where: { $0.suffix == suffix }) else { throw wrong(wanted) }
    guard let number = UInt64(digits) else { throw wrong("is too large") }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
    guard !overflow else { throw wrong("is too large") }
    guard product > 0 else { throw wrong("must be above 0") }
    return product
  }

  /// Bytes: `65536`, `64KiB`, `2GiB`.
  func size() throws(Failure) -> UInt64 {
    try quantity(
      [("", 1), ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)],
      "must be a size such as 65536, 64KiB, 512MiB or 2GiB")
  }

  /// `60s`, `500ms`, `2m`, `1h`.
  func duration() throws(Failure) -> Duration {
    let milliseconds = try quantity(
      [("ms", 1), ("s", 1000), ("", 1000), ("m", 60_000), ("h", 3_600_000)], "must be a time such as 500ms, 60s, 2m or 1h")
    guard milliseconds <= 100_000_000_000 else { throw wrong("is too large") }
    return .milliseconds(Int64(milliseconds))
  }

  /// The name of a file.
  func path() throws(Failure) -> String {
    guard !text.isEmpty else { throw wrong("must be the name of a file") }
    guard !text.utf8.contains(0) else { throw wrong("holds a zero byte") }
    return text
  }

  /// Opens a file for reading.
  /// The whole of a text file.
  func fileText() throws(Failure) -> String {
    let descriptor = try openForReading()
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .usage("\(source): cannot read \(text): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= 64 << 20 else { throw wrong("is larger than 64 MiB") }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw wrong("is no UTF-8 text") }
    return text
  }

  func openForReading() throws(Failure) -> Int32 {
    let descriptor = open(try path(), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .usage("\(source): cannot read \(text): \(String(cString: strerror(errno)))") }
    return descriptor
  }
}
