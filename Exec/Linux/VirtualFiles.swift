import RVDecoder

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files of /proc and /sys that tell of the guest, its process and its machine: the host's would tell of the simulator.
enum VirtualFile {
  /// What it reads as; it cannot be written.
  case text([UInt8])
  /// The names in it and their types, as getdents64 has them.
  case directory([(name: String, type: UInt8)])
  /// A symbolic link, with its target.
  case link([UInt8])

  /// Types of directory entries.
  enum EntryType {
    static let directory: UInt8 = 4
    static let file: UInt8 = 8
    static let link: UInt8 = 10
  }

  var isLink: Bool { if case .link = self { true } else { false } }

  /// File type and permission bits.
  var mode: UInt32 {
    switch self {
    case .text: 0o100444
    case .directory: 0o040555
    case .link: 0o120777
    }
  }

  func status(user: UInt32, group: UInt32, time: UInt64) -> FileStatus {
    let now = FileStatus.Time(seconds: Int64(time / 1_000_000_000), nanoseconds: UInt32(time % 1_000_000_000))
    return FileStatus(
      device: 5, inode: 1, mode: mode, links: 1, user: user, group: group, special: 0, size: 0, blockSize: 1024, blocks: 0,
      accessed: now, modified: now, changed: now)
  }
}

extension LinuxUser {
  private static let processors = "/sys/devices/system/cpu"
  private static let own = "/proc/self"
  private static let ownFiles = ["auxv", "cmdline", "comm", "environ", "maps", "stat", "statm", "status"]
  private static let ownLinks = ["cwd", "exe", "root"]
  /// Files of the host's process that say the same of the guest's.
  private static let sharedFiles: Set<Substring> = [
    "cgroup", "cpuset", "limits", "loginuid", "mountinfo", "mounts", "mountstats", "oom_score", "oom_score_adj", "sessionid",
  ]

  /// The absolute name of a file in /proc or /sys, with /proc/self for the program's own process; `nil` elsewhere.
  func virtualName(_ directory: Int32, _ path: GuestPath) -> String? {
    var name = path.text
    if !path.isAbsolute {
      if directory == -100 {
        guard files.directoryPath.starts(with: "/proc".utf8) || files.directoryPath.starts(with: "/sys".utf8) else { return nil }
        name = String(decoding: files.directoryPath, as: UTF8.self) + "/" + name
      } else {
        guard let base = files[directory]?.virtualPath else { return nil }
        name = base + "/" + name
      }
    }
    guard name.hasPrefix("/proc") || name.hasPrefix("/sys") || name.hasPrefix("//") || name.contains("/..") else { return nil }
    var parts: [Substring] = []
    for part in name.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    guard parts.first == "proc" || parts.first == "sys" else { return nil }
    let isOwn = { (part: Substring) in
      part == "self" || part == "thread-self" || part == "\(self.ids.pid)" || part == "\(getpid())"
    }
    if parts.first == "proc", parts.count > 1, isOwn(parts[1]) {
      parts[1] = "self"
      if parts.count > 3, parts[2] == "task", isOwn(parts[3]) { parts.removeSubrange(2...3) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// What a name of ``virtualName(_:_:)`` stands for.
  /// - Returns: `nil` when it is the host's.
  /// - Throws: `ENOENT` where the host has a file, but none that the guest may see.
  func virtualFile(_ directory: Int32, _ path: GuestPath) throws(LinuxError) -> VirtualFile? {
    guard let name = virtualName(directory, path) else { return nil }
    if name == Self.own {
      let types = VirtualFile.EntryType.self
      return .directory(
        Self.ownFiles.map { ($0, types.file) } + Self.ownLinks.map { ($0, types.link) } + [("fd", types.directory)])
    }
    if name.hasPrefix(Self.own + "/") { return try ownFile(name.dropFirst(Self.own.count + 1)) }
    switch name {
    case "/proc/cpuinfo": return .text(Array(processorText.utf8))
    case "/proc/meminfo": return .text(Array(memoryText.utf8))
    case "/proc/version":
      let identity = options.identity
      return .text(Array("Linux version \(identity.release) (rvsim) \(identity.version)\n".utf8))
    case "/proc/uptime": return .text(Array("\(hundredths(elapsed)) \(hundredths(elapsed - min(elapsed, processTime)))\n".utf8))
    case "/proc/loadavg": return .text(Array("0.00 0.00 0.00 1/1 \(ids.pid)\n".utf8))
    case Self.processors:
      let types = VirtualFile.EntryType.self
      return .directory(
        [("cpu0", types.directory)] + ["kernel_max", "offline", "online", "possible", "present"].map { ($0, types.file) })
    case Self.processors + "/online", Self.processors + "/possible", Self.processors + "/present",
      Self.processors + "/kernel_max":
      return .text(Array("0\n".utf8))
    case Self.processors + "/offline": return .text([0x0a])
    case Self.processors + "/cpu0": return .directory([])
    default:
      if name.hasPrefix(Self.processors + "/") { throw .ENOENT }
      // What the host's process holds is not the guest's.
      if name.hasPrefix("/proc/"), ["mem", "kcore", "pagemap", "environ", "maps"].contains(name.split(separator: "/").last) {
        throw .EACCES
      }
      return nil
    }
  }

  private func ownFile(_ name: Substring) throws(LinuxError) -> VirtualFile? {
    func lines(_ strings: [[UInt8]]) -> [UInt8] { strings.flatMap { $0 + [0] } }
    switch name {
    case "exe": return .link(Array(executablePath.utf8))
    case "cwd": return .link(files.directoryPath)
    case "root": return .link([0x2f])
    case "cmdline": return .text(lines(arguments))
    case "environ": return .text(lines(environment))
    case "comm": return .text(threadName + [0x0a])
    case "auxv": return .text(memory.auxiliaryVector)
    case "maps": return .text(Array(mapsText.utf8))
    case "stat": return .text(Array(statText.utf8))
    case "statm":
      let pages = memory.size / guestPageSize
      return .text(Array("\(pages) \(pages) 0 0 0 \(pages) 0\n".utf8))
    case "status": return .text(Array(statusText.utf8))
    case "fd": return .directory(files.descriptors.map { ("\($0)", VirtualFile.EntryType.link) })
    default:
      if Self.sharedFiles.contains(name) { return nil }
      if name.hasPrefix("fd/"), let number = Int32(name.dropFirst(3)) {
        guard let file = files[number] else { throw .ENOENT }
        return .link(file.linkText)
      }
      throw name == "mem" || name == "pagemap" ? .EACCES : .ENOENT
    }
  }
}

extension OpenFile {
  /// What /proc/self/fd shows of it.
  var linkText: [UInt8] {
    #if os(Linux)
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = buffer.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { readlink("/proc/self/fd/\(descriptor)", $0.assumingMemoryBound(to: CChar.self), bytes.count) }
      }
      return Array(buffer.prefix(max(0, count ?? 0)))
    #else
      return Array((path ?? "").utf8)
    #endif
  }

  /// Device and inode.
  var identity: (device: UInt64, inode: UInt64) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return (0, 0) }
    return (UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino))
  }
}
