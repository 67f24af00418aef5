import RVDecoder
import RVExec

/// What a crash report says, taken from a guest or made by a test; `description` is the page.
public struct CrashPage: Sendable, CustomStringConvertible {
  /// One instruction near the crash.
  public struct CodeLine: Sendable, Hashable {
    public var address: UInt64
    /// 16 or 32 bits.
    public var word: UInt32
    public var length: Int
    public var text: String
    /// `<symbol>` where one begins at the address.
    public var label: String?

    public init(address: UInt64, word: UInt32, length: Int, text: String, label: String? = nil) {
      self.address = address
      self.word = word
      self.length = length
      self.text = text
      self.label = label
    }
  }

  /// A step of the back-trace.
  public struct Frame: Sendable, Hashable {
    public var place: Place
    /// Found by searching the stack: it may be left over from a call that has returned.
    public var isGuess: Bool

    public init(_ place: Place, isGuess: Bool = false) {
      self.place = place
      self.isGuess = isGuess
    }
  }

  /// `killed by signal 11 (SIGSEGV): load page fault at address 0x10`.
  public var headline: String
  /// What may help, such as an extension that is not enabled.
  public var hint: String?
  public var code: [CodeLine]
  /// x0…x31.
  public var x: [UInt64]
  /// f0…f31; `nil` while floating point is off.
  public var f: [UInt64]?
  public var fcsr: UInt32
  public var instructions: UInt64
  /// The first is where it happened.
  public var frames: [Frame]
  public var pc: UInt64

  public init(
    headline: String, hint: String?, pc: UInt64, code: [CodeLine], x: [UInt64], f: [UInt64]?, fcsr: UInt32,
    instructions: UInt64, frames: [Frame]
  ) {
    self.headline = headline
    self.hint = hint
    self.pc = pc
    self.code = code
    self.x = x
    self.f = f
    self.fcsr = fcsr
    self.instructions = instructions
    self.frames = frames
  }

  public var description: String {
    var lines = ["rvsim: \(headline)"]
    if let frame = frames.first { lines.append("  at \(Self.text(frame.place))") }
    if let hint { lines.append("  \(hint)") }
    lines.append("  after \(instructions) \(instructions == 1 ? "instruction" : "instructions")")
    if !code.isEmpty {
      lines += ["", "code:"]
      for line in code {
        if let label = line.label { lines.append("     \(label):") }
        lines.append(self.text(line))
      }
    }
    lines += ["", "registers:"]
    lines += Self.columns(x.enumerated().map { (Register.x(UInt8($0)), $1) }, pc: pc)
    if let f {
      lines += ["", "floating-point registers (fcsr 0x\(String(fcsr, radix: 16))):"]
      lines += Self.columns(f.enumerated().map { (Register.f(UInt8($0)), $1) }, pc: nil)
    }
    lines += ["", "back-trace:"]
    for (index, frame) in frames.enumerated() {
      lines.append("  #\(index) \(Self.text(frame.place))\(frame.isGuess ? " (guess)" : "")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func text(_ line: CodeLine) -> String {
    let bytes = Self.hex(UInt64(line.word), digits: line.length * 2)
    let padding = String(repeating: " ", count: 8 - min(8, line.length * 2))
    let parts = line.text.split(separator: "\t", maxSplits: 1)
    var text = parts.first.map(String.init) ?? ""
    if parts.count == 2 {
      text += String(repeating: " ", count: max(1, 8 - text.count)) + parts[1]
    }
    return "\(line.address == pc ? "  -> " : "     ")\(Self.hex(line.address, digits: 16)): \(bytes)\(padding)  \(text)"
  }

  /// `0x80000040 <main+0x10> at main.c:12:3`.
  static func text(_ place: Place) -> String {
    var text = "0x" + String(place.address, radix: 16)
    if place.symbol != nil { text += " " + place.symbolText }
    if let source = place.source { text += " at \(source)" }
    return text
  }

  /// Four registers a line; pc stands in the place of x0, which is always zero.
  private static func columns(_ registers: [(name: String, value: UInt64)], pc: UInt64?) -> [String] {
    stride(from: 0, to: registers.count, by: 4).map { start in
      let cells = registers[start..<min(start + 4, registers.count)].enumerated().map { index, register in
        let isPC = start + index == 0 && pc != nil
        let name = isPC ? "pc" : register.name
        let blanks = String(repeating: " ", count: max(1, 5 - name.count))
        return name + blanks + hex(isPC ? pc ?? 0 : register.value, digits: 16)
      }
      return "  " + cells.joined(separator: "  ")
    }
  }

  static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
