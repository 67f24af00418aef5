#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The entries of directories.
extension LinuxUser {
  /// `struct linux_dirent64[]`: as many entries as fit. Entries are in the order of their names, on every host.
  func directoryEntries(_ descriptor: Int32, _ address: UInt64, count: UInt32) throws(LinuxError) -> Int {
    let file = try files.file(descriptor)
    if file.entries == nil {
      file.entries = try file.readDirectory()
      file.position = 0
    }
    guard let entries = file.entries else { throw .ENOTDIR }
    var layout = GuestLayout(capacity: 0)
    while file.position < entries.count {
      let entry = entries[file.position]
      let length = (19 + entry.name.count + 1 + 7) & ~7
      guard layout.bytes.count + length <= Int(count) else {
        if layout.bytes.isEmpty { throw .EINVAL }
        break
      }
      let end = layout.bytes.count + length
      file.position += 1
      layout.put(entry.inode)
      layout.put(UInt64(file.position))
      layout.put(UInt16(length))
      layout.put(entry.type)
      layout.put(entry.name)
      layout.pad(to: end)
    }
    try space.put(layout, at: address)
    return layout.bytes.count
  }
}

extension OpenFile {
  /// All entries, those of the directory itself first.
  func readDirectory() throws(LinuxError) -> [DirectoryEntry] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { throw LinuxError(host: errno) }
    guard let stream = fdopendir(copy) else {
      let error = errno
      close(copy)
      throw LinuxError(host: error)
    }
    defer { closedir(stream) }
    var entries: [DirectoryEntry] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      entries.append(DirectoryEntry(name: name, inode: UInt64(entry.pointee.d_ino), type: UInt8(entry.pointee.d_type)))
    }
    return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// The path of a directory; `nil` when it is none.
  var directoryPath: [UInt8]? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    return Array((path ?? "/").utf8)
  }
}
