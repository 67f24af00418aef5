import CElf

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where the bytes of a file come from. Only what is asked for is read, so the debug information of a large file costs nothing.
enum ByteSource {
  /// Bytes that outlive the source.
  case memory(UnsafeRawBufferPointer)
  /// A regular file of `size` bytes, open for reading.
  case file(descriptor: Int32, size: UInt64)

  var size: UInt64 {
    switch self {
    case .memory(let bytes): UInt64(bytes.count)
    case .file(_, let size): size
    }
  }

  /// Whether `count` bytes from `offset` lie inside.
  func contains(offset: UInt64, count: UInt64) -> Bool { offset <= size && count <= size - offset }

  /// The bytes from `offset`. Nothing is allocated for a range that lies outside.
  func read(offset: UInt64, count: UInt64) throws(LoadError.Reason) -> [UInt8] {
    guard contains(offset: offset, count: count), let length = Int(exactly: count) else { throw .shrunk }
    switch self {
    case .memory(let bytes):
      return [UInt8](bytes[Int(offset)..<Int(offset) + length])
    case .file(let descriptor, _):
      var failure: LoadError.Reason?
      let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, done in
        while done < length, let base = buffer.baseAddress {
          let count = pread(descriptor, base + done, length - done, off_t(offset) + off_t(done))
          if count > 0 {
            done += count
          } else if count == 0 {
            failure = .shrunk
            return
          } else if errno != EINTR {
            failure = .unreadable(errno: errno)
            return
          }
        }
      }
      if let failure { throw failure }
      return bytes
    }
  }
}

extension LoadError.Reason: Error {
  /// Why a file could not be opened, by `errno`.
  init(opening errno: Int32) {
    switch errno {
    case ENOENT, ENOTDIR: self = .notFound
    case EACCES, EPERM: self = .permissionDenied
    default: self = .unreadable(errno: errno)
    }
  }
}

/// A file open for reading, closed at the end of its life.
struct OpenFile: ~Copyable {
  let descriptor: Int32
  let size: UInt64

  /// Opens a regular file; anything else (a pipe would block, a device never end) is an error.
  init(path: String) throws(LoadError.Reason) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw LoadError.Reason(opening: errno) }
    var status = stat()
    let result = fstat(descriptor, &status)
    let failure: LoadError.Reason? =
      if result != 0 {
        .unreadable(errno: errno)
      } else {
        switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: .isDirectory
        default: .notRegularFile
        }
      }
    if let failure {
      close(descriptor)
      throw failure
    }
    self.descriptor = descriptor
    size = UInt64(max(status.st_size, 0))
  }

  var source: ByteSource { .file(descriptor: descriptor, size: size) }

  deinit { close(descriptor) }
}

/// A handle of libelf. It must end before the bytes it was opened on.
struct ElfHandle: ~Copyable {
  let elf: OpaquePointer

  /// libelf wants its version agreed on once per process.
  private static let isUsable = elf_version(UInt32(EV_CURRENT)) != UInt32(EV_NONE)

  /// Opens bytes whose file header was checked by `FileHeader`.
  init(_ source: ByteSource) throws(LoadError.Reason) {
    guard Self.isUsable else { throw .refused(Self.message) }
    let handle =
      switch source {
      case .memory(let bytes):
        // libelf reads only, in spite of its signature: the handle is opened as with ELF_C_READ.
        elf_memory(UnsafeMutablePointer(mutating: bytes.bindMemory(to: CChar.self).baseAddress), bytes.count)
      case .file(let descriptor, _):
        elf_begin(descriptor, ELF_C_READ, nil)
      }
    guard let handle else { throw .refused(Self.message) }
    guard elf_kind(handle) == ELF_K_ELF else {
      elf_end(handle)
      throw .refused("not recognised by libelf")
    }
    elf = handle
  }

  /// What libelf says of its latest failure in this thread.
  static var message: String { elf_errmsg(-1).map { String(cString: $0) } ?? "unknown error of libelf" }

  deinit { elf_end(elf) }
}
