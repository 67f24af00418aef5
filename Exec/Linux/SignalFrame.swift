import RVDecoder

/// What Linux puts on the stack before a handler runs: `struct rt_sigframe` (arch/riscv/kernel/signal.c, uapi/asm/sigcontext.h).
///
///     0     siginfo_t
///     128   uc_flags, uc_link, uc_stack, uc_sigmask, padding up to 1024 bits of signals and a multiple of 16
///     304   sc_regs: pc, x1…x31
///     560   the floating-point state: f0…f31, fcsr; in room for 32 registers of 128 bits, of which the last 12 bytes are
///           a reserved word, which is zero, and the header of the first block of extended state
///     1088  extended state, block after block: header (magic, bytes), contents; the last header is zero
struct SignalFrame {
  private static let context = SignalInfo.size
  private static let stack = context + 16
  private static let mask = context + 40
  private static let registers = context + 176
  private static let float = registers + 256
  private static let reserved = float + 516
  private static let extensions = float + 520
  /// Without extended state.
  private static let baseSize = float + 528

  /// A block of extended state, such as that of the vector registers.
  private struct Block {
    var magic: UInt32
    var contents: [UInt8]
  }

  /// Bytes of a frame with all state that there can be; AT_MINSIGSTKSZ.
  static func largestSize(vlenb: Int) -> UInt64 { size(extended: vlenb == 0 ? 0 : SavedVectors.size(vlenb: vlenb)) }

  /// Bytes of a frame for the state of this hart: vectors are saved once a program has used them.
  static func size(of hart: Hart) -> UInt64 {
    size(extended: hart.state.pointee.vs == 3 ? SavedVectors.size(vlenb: Int(hart.state.pointee.vlenb)) : 0)
  }

  /// - Parameter contents: bytes of the one block of extended state, which has a header before and one behind it; 0 without.
  private static func size(extended contents: Int) -> UInt64 { UInt64((baseSize + (contents == 0 ? 0 : contents + 16) + 15) & ~15) }

  /// Where a frame keeps its siginfo and its ucontext, from its start.
  static let infoOffset: UInt64 = 0
  static let contextOffset = UInt64(context)

  /// - Parameter frame: where the frame goes.
  private static func blocks(of hart: Hart, at frame: UInt64) -> [Block] {
    guard hart.state.pointee.vs == 3 else { return [] }
    let contents = SavedVectors(hart).bytes(at: frame &+ UInt64(extensions + 8), of: hart)
    return [Block(magic: SavedVectors.magic, contents: contents)]
  }

  // MARK: Writing

  /// The bytes of a frame that goes back to the hart's registers as they are.
  /// - Parameter address: where it goes.
  static func bytes(_ info: SignalInfo, mask: UInt64, stack: AlternateStack, hart: Hart, at address: UInt64) -> [UInt8] {
    var frame = info.layout
    frame.put(UInt64(0))
    frame.put(UInt64(0))
    frame.put(stack.layout(flags: stack.flags).bytes)
    frame.put(mask)
    frame.pad(to: registers)
    frame.put(hart.pc)
    for index in 1..<32 { frame.put(hart[x: index]) }
    for index in 0..<32 { frame.put(hart[f: index]) }
    frame.put(UInt32(hart.state.pointee.frm) << 5 | UInt32(hart.state.pointee.fflags))
    frame.pad(to: extensions)
    for block in blocks(of: hart, at: address) {
      frame.put(block.magic)
      frame.put(UInt32(block.contents.count + 8))
      frame.put(block.contents)
    }
    frame.put(UInt64(0))
    frame.pad(to: Int(size(of: hart)))
    return frame.bytes
  }

  // MARK: Reading

  /// What a program left in a frame.
  struct Saved {
    var mask: UInt64
    var stack: AlternateStack
    var pc: UInt64
    /// x1…x31.
    var registers: [UInt64]
    var floats: [UInt64]
    var fcsr: UInt32
    /// If they were saved.
    var vectors: SavedVectors?
  }

  /// Reads a frame back.
  /// - Returns: `nil` when there is none, or none that Linux would take.
  static func read(at address: UInt64, of hart: Hart) -> Saved? {
    let space = hart.space
    guard address & 15 == 0, let bytes = space.read(address, count: baseSize) else { return nil }
    func half(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32($1 * 8) } }
    func word(_ offset: Int) -> UInt64 { UInt64(half(offset)) | UInt64(half(offset + 4)) << 32 }
    guard half(reserved) == 0 else { return nil }
    // One block at most, then an empty header.
    var vectors: SavedVectors?
    if word(extensions) != 0 {
      let length = SavedVectors.size(vlenb: Int(hart.state.pointee.vlenb))
      guard half(extensions) == SavedVectors.magic, half(extensions + 4) == UInt32(length + 8), hart.state.pointee.vs == 3,
        let saved = SavedVectors(at: address &+ UInt64(extensions + 8), of: hart),
        let last = space.read(address &+ UInt64(extensions + 8 + length), count: 8), last.allSatisfy({ $0 == 0 })
      else { return nil }
      vectors = saved
    }
    return Saved(
      mask: word(mask), stack: AlternateStack(address: word(stack), flags: half(stack + 8), size: word(stack + 16)),
      pc: word(registers), registers: (1..<32).map { word(registers + $0 * 8) }, floats: (0..<32).map { word(float + $0 * 8) },
      fcsr: half(float + 256), vectors: vectors)
  }
}
