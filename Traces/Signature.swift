import RVExec
import RVLoader

/// The memory between two symbols, as test suites of RISC-V compare it: lines of so many bytes in hexadecimal, the byte of the
/// highest address first.
public enum Signature {
  /// Where the symbols `begin_signature` and `end_signature` say it lies; `nil` when they are not there or not in order.
  public static func range(in symbols: SymbolTable) -> Range<UInt64>? {
    guard let begin = symbols["begin_signature"]?.address, let end = symbols["end_signature"]?.address, begin <= end else {
      return nil
    }
    return begin..<end
  }

  /// Lines of `granularity` bytes; the last may reach beyond the end, where bytes count as zero.
  public static func text(_ bytes: [UInt8], granularity: Int) -> String {
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: granularity) {
      for index in (start..<start + granularity).reversed() {
        let byte = index < bytes.count ? bytes[index] : 0
        text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      text += "\n"
    }
    return text
  }
}
