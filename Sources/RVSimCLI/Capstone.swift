#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The disassembler library Capstone, loaded when it is asked for. Version 5 and newer know RISC-V.
final class Capstone: InstructionPrinter {
  private typealias Version = @convention(c) (UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?) -> UInt32
  private typealias Supports = @convention(c) (Int32) -> Bool
  private typealias Open = @convention(c) (Int32, Int32, UnsafeMutablePointer<Int>) -> Int32
  private typealias Close = @convention(c) (UnsafeMutablePointer<Int>) -> Int32
  private typealias Disassemble =
    @convention(c) (
      Int, UnsafePointer<UInt8>, Int, UInt64, Int, UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> Int
  private typealias Free = @convention(c) (UnsafeMutableRawPointer?, Int) -> Void

  /// CS_ARCH_RISCV, and CS_MODE_RISCV64 with CS_MODE_RISCVC.
  private static let riscv: Int32 = 15
  private static let mode: Int32 = 1 << 1 | 1 << 2
  /// Where `cs_insn` holds the mnemonic and the operands: version 6 has put a field before them.
  private static let texts: [UInt32: (mnemonic: Int, operands: Int)] = [5: (42, 74), 6: (50, 82)]

  private let library: UnsafeMutableRawPointer
  private var handle = 0
  private let closeHandle: Close
  private let disassemble: Disassemble
  private let free: Free
  private let offsets: (mnemonic: Int, operands: Int)

  /// Loads the library at `path`, or the one the system has.
  init(path: String?) throws(Failure) {
    let names = path.map { [$0] } ?? ["libcapstone.so.5", "libcapstone.so.4", "libcapstone.so"]
    guard let found = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      let reason = path == nil ? nil : dlerror().map { String(cString: $0) }
      throw .usage(
        reason.map { "Capstone cannot be loaded: \($0)" }
          ?? "Capstone is not installed: install libcapstone (version 5 or newer), or name it in RVSIM_CAPSTONE_LIB")
    }
    library = found
    func function<Type>(_ name: String, _ type: Type.Type) -> Type? { dlsym(found, name).map { unsafeBitCast($0, to: type) } }
    guard let version = function("cs_version", Version.self), let supports = function("cs_support", Supports.self),
      let open = function("cs_open", Open.self), let close = function("cs_close", Close.self),
      let disassemble = function("cs_disasm", Disassemble.self), let free = function("cs_free", Free.self)
    else { throw .usage("Capstone cannot be used: the library lacks functions of Capstone") }
    var (major, minor): (Int32, Int32) = (0, 0)
    _ = version(&major, &minor)
    guard let offsets = Self.texts[UInt32(bitPattern: major)], supports(Self.riscv) else {
      throw .usage("Capstone \(major).\(minor) is installed, and knows no RISC-V: version 5 or 6 is needed")
    }
    (closeHandle, self.disassemble, self.free, self.offsets) = (close, disassemble, free, offsets)
    guard open(Self.riscv, Self.mode, &handle) == 0 else {
      throw .usage("Capstone \(major).\(minor) cannot be opened for RISC-V")
    }
  }

  deinit {
    if handle != 0 { _ = closeHandle(&handle) }
    dlclose(library)
  }

  func text(_ word: UInt32, _ address: UInt64, symbol: (UInt64) -> String?) -> String {
    let length = word & 3 == 3 ? 4 : 2
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: word >> UInt32($0 * 8)) }
    var instruction: UnsafeMutableRawPointer?
    let count = bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { disassemble(handle, $0, length, address, 1, &instruction) } ?? 0
    }
    guard count == 1, let instruction else { return "<unknown>" }
    defer { free(instruction, count) }
    func string(_ offset: Int) -> String { String(cString: (instruction + offset).assumingMemoryBound(to: CChar.self)) }
    let operands = string(offsets.operands)
    return string(offsets.mnemonic) + (operands.isEmpty ? "" : "\t" + operands)
  }
}
