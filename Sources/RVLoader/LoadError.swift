/// Why a file cannot be run; `description` is one line that says what is wrong and where.
public struct LoadError: Error, Sendable, Hashable {
  /// The cause, with the values found.
  public var reason: Reason
  /// The file as it was named.
  public var path: String
  /// The byte of the file that is wrong, if it is one.
  public var offset: UInt64?

  public init(_ reason: Reason, path: String, offset: UInt64? = nil) {
    self.reason = reason
    self.path = path
    self.offset = offset
  }

  /// A case per cause. Numbers of segments count program headers from 0; sizes and limits are in bytes.
  public enum Reason: Sendable, Hashable {
    // The file
    case notFound
    case permissionDenied
    case isDirectory
    /// A pipe, a socket or a device.
    case notRegularFile
    /// Opening or reading failed for another cause, by its `errno`.
    case unreadable(errno: Int32)
    case empty
    /// The file shrank while it was read.
    case shrunk

    // The file header (ELF gABI, "ELF Header")
    case tooShort(have: UInt64, need: UInt64)
    /// No `\u{7f}ELF`; the first bytes of the file, at most four.
    case badMagic([UInt8])
    /// `EI_CLASS` is not `ELFCLASS64`; `machine` is what a 32-bit file is for.
    case wrongClass(UInt8, machine: UInt16)
    /// `EI_DATA` is not `ELFDATA2LSB`.
    case wrongByteOrder(UInt8)
    /// `EI_VERSION` or `e_version` is not 1.
    case wrongVersion(UInt32)
    /// `e_machine` is not `EM_RISCV`.
    case wrongMachine(UInt16)
    /// `e_type` is neither `ET_EXEC` nor `ET_DYN`.
    case wrongType(UInt16)
    /// `EF_RISCV_RVE` is set: the program is for a base with 16 registers.
    case embeddedBase

    // The program headers
    case wrongProgramHeaderSize(have: UInt16, need: UInt16)
    /// Linux takes up to 64 KiB of them.
    case tooManyProgramHeaders(count: UInt16, limit: UInt16)
    case programHeadersOutsideFile(start: UInt64, size: UInt64, fileSize: UInt64)
    /// There is no `PT_LOAD` that occupies memory.
    case noSegments
    case fileSizeAboveMemorySize(segment: Int, fileSize: UInt64, memorySize: UInt64)
    case segmentOutsideFile(segment: Int, start: UInt64, size: UInt64, fileSize: UInt64)
    case addressOverflow(segment: Int, address: UInt64, size: UInt64)
    case addressAboveLimit(segment: Int, address: UInt64, size: UInt64, limit: UInt64)
    case alignmentNotPowerOfTwo(segment: Int, alignment: UInt64)
    case segmentsOverlap(first: Int, second: Int, address: UInt64)
    /// `size` is the sum up to the segment that went over the limit, 2^64 - 1 if it does not fit.
    case imageTooLarge(size: UInt64, limit: UInt64)
    case badInterpreter(InterpreterProblem)

    // The entry
    case entryMisaligned(entry: UInt64)
    /// `segment` is the segment without execute permission the entry lies in, if it lies in one.
    case entryNotExecutable(entry: UInt64, segment: Int?)
    /// Nothing is executable there: the ELF header itself lies at the entry, as in a shared library.
    case entryInFileHeader(entry: UInt64)

    /// libelf refuses the file for a cause not foreseen here.
    case refused(String)
  }

  /// What is wrong with `PT_INTERP`.
  public enum InterpreterProblem: Sendable, Hashable {
    case outsideFile, empty, tooLong, notTerminated
  }
}
