import RVLoader
import RVTraces

/// The instructions of an ELF file as llvm-objdump -d prints them.
struct Listing {
  private let image: Image
  private let symbolizer: Symbolizer
  private let parts: [(title: String, range: Range<UInt64>)]
  private let showsLines: Bool

  /// - Parameters:
  ///   - start, stop: bounds of what is printed.
  ///   - symbol: a function to which it is confined.
  init(path: String, start: UInt64?, stop: UInt64?, symbol: String?, showsLines: Bool) throws(Failure) {
    image = try Guest.image(path)
    symbolizer = Symbolizer(image)
    self.showsLines = showsLines
    var bounds = (start ?? 0)..<max(start ?? 0, stop ?? .max)
    if let start, let stop, stop < start { throw .usage("--stop lies before --start") }
    if let symbol {
      guard let found = image.symbols[symbol] else { throw .usage("\(path) has no symbol '\(symbol)'") }
      bounds = bounds.clamped(to: found.address..<Self.end(of: found, in: image))
    }
    var parts: [(String, Range<UInt64>)] = Image.codeSections(path: path).map { section in
      ("section \(section.name)", section.address..<(section.address &+ section.size))
    }
    if parts.isEmpty {
      parts = image.segments.filter { $0.flags.contains(.execute) }.map { segment in
        ("segment 0x\(String(segment.address, radix: 16))", segment.address..<(segment.address &+ UInt64(segment.bytes.count)))
      }
    }
    self.parts = parts.map { ($0, $1.clamped(to: bounds)) }.filter { !$0.1.isEmpty }
    if self.parts.isEmpty { throw .usage("\(path) has no instructions there") }
  }

  /// A symbol without a size ends where the next one begins.
  private static func end(of symbol: SymbolTable.Symbol, in image: Image) -> UInt64 {
    if symbol.size > 0 { return symbol.address &+ symbol.size }
    let next = image.symbols.all.first { $0.address > symbol.address }?.address
    let segment = image.segment(containing: symbol.address)?.end ?? symbol.address
    return min(next ?? segment, segment)
  }

  func print(_ printer: any InstructionPrinter, to console: Console) throws(Failure) {
    var text = "\n\(image.path):\tfile format elf64-littleriscv\n"
    for part in parts {
      text += "\nDisassembly of \(part.title):\n"
      var address = part.range.lowerBound
      var source: SourceLocation?
      while address < part.range.upperBound, let word = word(at: address) {
        let length: UInt64 = word & 3 == 3 ? 4 : 2
        if let label = image.symbols.labels(at: address).first {
          text += "\n\(Self.hex(address, digits: 16)) <\(label.name)>:\n"
        } else if address == part.range.lowerBound {
          text += "\n"
        }
        if showsLines, let here = symbolizer.place(address).source, here.file != source?.file || here.line != source?.line {
          text += "; \(here.file):\(here.line)\n"
          source = here
        }
        text += line(address, word, length, printer)
        address += length
        if text.utf8.count > 1 << 16 {
          console.output(text)
          text = ""
        }
      }
    }
    console.output(text)
  }

  private func line(_ address: UInt64, _ word: UInt32, _ length: UInt64, _ printer: any InstructionPrinter) -> String {
    let word = length == 2 ? word & 0xffff : word
    let bytes = Self.hex(UInt64(word), digits: Int(length) * 2)
    let text = printer.text(word, address) { target in
      if let label = image.symbols.labels(at: target).first { return label.name }
      let place = symbolizer.symbol(target)
      guard let symbol = place.symbol else { return nil }
      return symbol.offset == 0 ? symbol.name : "\(symbol.name)+0x\(String(symbol.offset, radix: 16))"
    }
    let start = String(address, radix: 16)
    let blanks = String(repeating: " ", count: max(0, 8 - start.count))
    return "\(blanks)\(start): \(bytes)\(String(repeating: " ", count: 13 - Int(length) * 2))\t\(text)\n"
  }

  /// The bytes at an address as a little-endian word, as many as there are.
  private func word(at address: UInt64) -> UInt32? {
    guard let segment = image.segment(containing: address) else { return nil }
    let offset = Int(address - segment.address)
    guard offset + 2 <= segment.bytes.count else { return nil }
    let bytes = segment.bytes[offset..<min(offset + 4, segment.bytes.count)]
    let word = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return word & 3 == 3 && bytes.count < 4 ? word & 0xffff & ~3 : word
  }

  private static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
