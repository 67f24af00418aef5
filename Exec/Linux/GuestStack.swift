import RVDecoder
import RVLoader

/// The initial stack of a process: argc, argv, envp, the auxiliary vector, and the strings they point to.
///
/// Everything lies in one block at the top of the stack, from its first byte upwards; the stack pointer begins at the block.
/// The block's size is a multiple of ``blockSize``, so that the stack pointer does not depend on the environment unless that is
/// huge.
struct GuestStack {
  static let blockSize: UInt64 = 256 << 10

  /// As placed.
  var image: Image
  /// The program's name as it was asked for, AT_EXECFN.
  let name: [UInt8]
  /// argv.
  let arguments: [[UInt8]]
  let environment: [[UInt8]]
  let isa: ISA
  let identity: LinuxOptions.Identity

  /// Entries of the auxiliary vector (linux/auxvec.h).
  // swift-format-ignore: OneCasePerLine
  private enum Auxiliary: UInt64 {
    case null = 0, programHeaders = 3, programHeaderSize, programHeaderCount, pageSize, base, flags, entry
    case user = 11, effectiveUser, group, effectiveGroup, capabilities = 16, clockTick, secure = 23, random = 25, executable = 31,
      minimumSignalStack = 51
  }

  /// Letters of AT_HWCAP: a bit for each, 'a' is bit 0.
  private var capabilities: UInt64 {
    let letters: [(Extension, UInt64)] = [(.i, 8), (.m, 12), (.a, 0), (.f, 5), (.d, 3), (.c, 2), (.v, 21)]
    return letters.reduce(0) { isa.contains($1.0) ? $0 | 1 << $1.1 : $0 }
  }

  /// argc, both tables with their ends, 20 entries at most, random bytes, the strings.
  private var total: UInt64 {
    let strings = (arguments + environment + [name]).reduce(0) { $0 + $1.count + 1 }
    return UInt64(8 * (1 + arguments.count + 1 + environment.count + 1) + 16 * 20 + 16 + strings)
  }

  /// Whether all of it may be on a stack of so many bytes: a quarter, as on Linux.
  func fits(in stackSize: UInt64) -> Bool {
    total <= max(stackSize / 4, Self.blockSize) && total + guestPageSize <= stackSize
  }

  /// Writes the block.
  /// - Returns: the stack pointer.
  func build(in space: AddressSpace, memory: inout GuestMappings, random: inout RandomBytes) throws(SystemError) -> UInt64 {
    let argv = arguments
    // As on Linux, a quarter of the stack.
    let limit = memory.stack.upperBound - memory.stack.lowerBound
    guard fits(in: limit) else { throw .argumentsTooLong(bytes: total, limit: limit / 4) }
    let block = min((total + Self.blockSize - 1) / Self.blockSize * Self.blockSize, limit - guestPageSize)
    let pointer = memory.stack.upperBound - max(block, total + 15) & ~15

    var text: [UInt8] = []
    let auxiliaryStart = 8 * (1 + argv.count + 1 + environment.count + 1)
    let textStart = pointer + UInt64(auxiliaryStart) + 16 * 20
    func place(_ bytes: some Sequence<UInt8>) -> UInt64 {
      defer { text.append(contentsOf: bytes) }
      return textStart + UInt64(text.count)
    }
    var table = GuestLayout(capacity: Int(total))
    let randomAddress = place(
      (0..<2).flatMap { _ in
        let word = random.next()
        return (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
      })
    table.put(UInt64(argv.count))
    for string in argv { table.put(place(string + [0])) }
    table.put(UInt64(0))
    for string in environment { table.put(place(string + [0])) }
    table.put(UInt64(0))
    let name = place(name + [0])
    let entries: [(Auxiliary, UInt64)] = [
      (.capabilities, capabilities), (.pageSize, guestPageSize), (.clockTick, 100),
      (.programHeaders, image.programHeaderAddress ?? 0), (.programHeaderSize, UInt64(image.programHeaderEntrySize)),
      (.programHeaderCount, UInt64(image.programHeaderCount)), (.base, 0), (.flags, 0), (.entry, image.entry),
      (.user, UInt64(identity.user)), (.effectiveUser, UInt64(identity.user)), (.group, UInt64(identity.group)),
      (.effectiveGroup, UInt64(identity.group)), (.secure, 0), (.random, randomAddress), (.executable, name),
      (.minimumSignalStack, SignalFrame.largestSize(vlenb: VectorFile.vlenb(isa))), (.null, 0),
    ]
    for (key, value) in entries {
      table.put(key.rawValue)
      table.put(value)
    }
    memory.auxiliaryVector = Array(table.bytes[auxiliaryStart...])
    memory.stackPointer = pointer
    table.pad(to: auxiliaryStart + 16 * 20)
    table.put(text)
    guard space.poke(pointer, table.bytes) else { throw .argumentsTooLong(bytes: total, limit: limit / 4) }
    return pointer
  }
}
