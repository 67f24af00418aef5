/// A loadable program: what an ELF file asks for, checked.
///
/// An image comes from `init(path:limits:)` or `init(bytes:name:limits:)`, and every promise written at the properties below was
/// checked there. All addresses are virtual addresses of the guest as the file states them, until `placed(at:)` shifts them.
public struct Image: Sendable {
  /// How the program wants to be placed and started.
  public enum Kind: Sendable, Hashable {
    /// `ET_EXEC`: runs at the addresses it names. It may still ask for an interpreter.
    case executable
    /// `ET_DYN` without `PT_INTERP`: runs anywhere, its own startup code relocates it.
    case staticPIE
    /// `ET_DYN` with `PT_INTERP`: runs anywhere, the interpreter relocates it.
    case dynamicPIE
  }

  /// One `PT_LOAD` segment (ELF gABI, "Program Header").
  public struct Segment: Sendable, Hashable {
    /// `p_vaddr`: the address of the first byte.
    public var address: UInt64
    /// `p_paddr`: where a bare-metal loader puts the segment; the same as `address` in most files. It is not checked.
    public var physicalAddress: UInt64
    /// `p_offset`: where `bytes` begin in the file.
    public var fileOffset: UInt64
    /// What the file holds of the segment.
    public var bytes: [UInt8]
    /// `p_memsz`, in bytes: at least `bytes.count` and at least 1. What the file does not hold is zero.
    public var memorySize: UInt64
    /// `p_flags`, read, write and execute only.
    public var flags: Permissions
    /// `p_align`, in bytes: a power of two; files that say 0 ("none") have 1 here. The address need not be a multiple of it.
    public var alignment: UInt64

    /// A segment of the caller's own making. Nothing is checked; `physicalAddress` is `address` unless given.
    public init(
      address: UInt64, fileOffset: UInt64, bytes: [UInt8], memorySize: UInt64, flags: Permissions, alignment: UInt64,
      physicalAddress: UInt64? = nil
    ) {
      self.address = address
      self.physicalAddress = physicalAddress ?? address
      self.fileOffset = fileOffset
      self.bytes = bytes
      self.memorySize = memorySize
      self.flags = flags
      self.alignment = alignment
    }

    /// The first address after the segment.
    public var end: UInt64 { address &+ memorySize }

    /// Whether the address lies in the segment, its zero-filled rest included.
    public func contains(_ address: UInt64) -> Bool { address &- self.address < memorySize }
  }

  /// The initial image of thread-local storage, `PT_TLS` (ELF gABI, "Thread-Local Storage"), as the file states it: the program
  /// sets up its own threads, so nothing is checked.
  public struct ThreadLocalStorage: Sendable, Hashable {
    /// `p_vaddr`: where the initialised part lies.
    public var address: UInt64
    /// `p_filesz`, in bytes: the initialised part.
    public var fileSize: UInt64
    /// `p_memsz`, in bytes: the whole block of a thread; the rest is zero.
    public var memorySize: UInt64
    /// `p_align`, in bytes.
    public var alignment: UInt64
  }

  /// What an image may ask for at most.
  public struct Limits: Sendable, Hashable {
    /// The sum of `memorySize` over all segments, in bytes. 2 GiB unless given.
    public var memorySize: UInt64
    /// The first address no segment may reach. 2^63 unless given.
    public var address: UInt64

    public init(memorySize: UInt64 = 2 << 30, address: UInt64 = 1 << 63) {
      self.memorySize = memorySize
      self.address = address
    }
  }

  /// The file as it was named, for messages.
  public var path: String
  public var kind: Kind
  /// `e_entry`: even, and inside an executable segment.
  public var entry: UInt64
  /// The `PT_LOAD` segments that occupy memory: at least one, ascending by address, not overlapping.
  public var segments: [Segment]
  /// `PT_INTERP`: the path of the program that loads this one.
  public var interpreter: String?
  /// `e_ident[EI_OSABI]`, for example 0 (System V) or 3 (GNU).
  public var osABI: UInt8
  /// `e_flags` (RISC-V ELF psABI, "File Header"): RVC, float ABI, TSO.
  public var flags: UInt32
  /// Where the program headers lie in memory, the value of `AT_PHDR`; nil if no segment holds them.
  public var programHeaderAddress: UInt64?
  /// `e_phnum`, the value of `AT_PHNUM`.
  public var programHeaderCount: Int
  /// `e_phentsize` in bytes, the value of `AT_PHENT`.
  public var programHeaderEntrySize: Int
  /// `PT_TLS`.
  public var tls: ThreadLocalStorage?
  /// The flags of `PT_GNU_STACK`: whether the stack is to be executable; nil if the file does not say.
  public var gnuStackFlags: Permissions?
  /// `p_memsz` of `PT_GNU_STACK`, in bytes: the stack size the program asks for; nil if it names none.
  public var gnuStackSize: UInt64?
  /// `PT_GNU_RELRO`: addresses that are read-only once the program has relocated itself.
  public var relro: Range<UInt64>?
  /// `PT_DYNAMIC`: the address of the dynamic section.
  public var dynamicAddress: UInt64?
  /// What `.riscv.attributes` says.
  public var attributes: Attributes
  /// Empty if the file is stripped.
  public var symbols: SymbolTable
}

extension Image: CustomStringConvertible {
  /// One line: the path, the kind, the entry, the address ranges and rights of the segments.
  public var description: String {
    func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
    let parts = segments.map { "\(hex($0.address))..<\(hex($0.end)) \($0.flags)" }
    return "\(path): \(kind), entry \(hex(entry)), \(parts.joined(separator: ", "))"
  }
}

extension Image {
  /// The addresses from the first byte of the first segment to the last byte of the last one.
  public var addresses: Range<UInt64> {
    guard let first = segments.first, let last = segments.last, first.address <= last.end else { return 0..<0 }
    return first.address..<last.end
  }

  /// The segment an address lies in.
  public func segment(containing address: UInt64) -> Segment? { segments.first { $0.contains(address) } }

  /// The same image with every address shifted by the load bias `bias`, in bytes: segments, entry, program headers, thread-local
  /// storage and symbols; absolute symbols stay. Addresses wrap at 2^64, so a bias may go downwards; the caller keeps the image
  /// inside the address space. A position-independent executable needs nothing else: its own startup or its interpreter relocates
  /// it.
  public func placed(at bias: UInt64) -> Image {
    guard bias != 0 else { return self }
    var image = self
    for index in image.segments.indices {
      image.segments[index].address &+= bias
      image.segments[index].physicalAddress &+= bias
    }
    image.entry &+= bias
    image.programHeaderAddress = programHeaderAddress.map { $0 &+ bias }
    image.dynamicAddress = dynamicAddress.map { $0 &+ bias }
    image.tls?.address &+= bias
    image.relro = relro.flatMap { range in
      let start = range.lowerBound &+ bias
      let end = range.upperBound &+ bias
      return start <= end ? start..<end : nil
    }
    image.symbols = symbols.placed(at: bias)
    return image
  }
}
