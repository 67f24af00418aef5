/// What a program says of itself in `.riscv.attributes` (RISC-V ELF psABI, "Attributes").
///
/// An absent, cut-off or unknown attribute is simply not there: the section is a hint and never keeps a program from running.
public struct Attributes: Sendable, Hashable {
  /// `Tag_RISCV_arch`: the ISA string, for example `rv64i2p1_m2p0_v1p0`.
  public var arch: String?
  /// `Tag_RISCV_stack_align`, in bytes.
  public var stackAlignment: UInt64?
  /// `Tag_RISCV_unaligned_access`: whether the code makes unaligned accesses; nil if it does not say.
  public var unalignedAccess: Bool?
  /// `Tag_RISCV_atomic_abi`: 0 unknown, 1 A6C, 2 A6S, 3 A7.
  public var atomicABI: UInt64?
  /// `Tag_RISCV_x3_reg_usage`: 0 unknown, 1 global pointer, 2 shadow stack, 3 temporary.
  public var x3Usage: UInt64?

  public init() {}

  /// Parses the bytes of the section: version `A`, then sub-sections by vendor, of which `riscv` counts, then blocks of
  /// attributes, of which those for the whole file count.
  init(section bytes: [UInt8]) {
    var section = Reader(bytes[...])
    guard section.byte() == 0x41 else { return }
    while let length = section.word(), length >= 4, var vendor = section.part(length - 4) {
      guard vendor.string() == "riscv" else { continue }
      while let tag = vendor.byte(), let size = vendor.word(), size >= 5, var block = vendor.part(size - 5) {
        if tag == 1 { read(&block) }
      }
    }
  }

  /// Attributes of one block. An odd tag has a string as value and an even one a number.
  private mutating func read(_ block: inout Reader) {
    while let tag = block.number() {
      if tag & 1 == 1 {
        guard let value = block.string() else { return }
        if tag == 5 { arch = value }
      } else {
        guard let value = block.number() else { return }
        switch tag {
        case 4: stackAlignment = value
        case 6: unalignedAccess = value != 0
        case 14: atomicABI = value
        case 16: x3Usage = value
        default: break
        }
      }
    }
  }

  /// Takes values from the front of bytes; nil where they end too early.
  private struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func byte() -> UInt8? { rest.popFirst() }

    /// A little-endian 32-bit word.
    mutating func word() -> Int? {
      guard rest.count >= 4 else { return nil }
      let value = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      return value
    }

    /// An unsigned LEB128 number that fits 64 bits.
    mutating func number() -> UInt64? {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while shift < 64, let byte = rest.popFirst() {
        value |= UInt64(byte & 0x7f) << shift
        if byte & 0x80 == 0 { return value }
        shift += 7
      }
      return nil
    }

    /// A string that ends with a zero byte.
    mutating func string() -> String? {
      guard let end = rest.firstIndex(of: 0) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[..<end], as: UTF8.self)
    }

    /// The next `count` bytes as a reader of their own.
    mutating func part(_ count: Int) -> Reader? {
      guard count <= rest.count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return Reader(rest.prefix(count))
    }
  }
}
