import RVDecoder

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the files of /proc and /sys say.
extension LinuxUser {
  func hundredths(_ nanoseconds: UInt64) -> String {
    let part = nanoseconds / 10_000_000 % 100
    return "\(nanoseconds / 1_000_000_000).\(part < 10 ? "0" : "")\(part)"
  }

  /// As arch/riscv/kernel/cpu.c prints it.
  var processorText: String {
    """
    processor\t: 0
    hart\t\t: 0
    isa\t\t: \(hart.isa)
    mmu\t\t: sv39
    mvendorid\t: 0x0
    marchid\t\t: 0x5
    mimpid\t\t: 0x0
    hart isa\t: \(hart.isa)


    """
  }

  private func kibibytes(_ name: String, _ bytes: UInt64) -> String {
    let number = String(bytes >> 10)
    return name + ":" + String(repeating: " ", count: max(1, 24 - name.count - number.count)) + number + " kB\n"
  }

  var memoryText: String {
    let (total, free) = (Self.machineMemory, Self.machineMemory / 2)
    return kibibytes("MemTotal", total) + kibibytes("MemFree", free) + kibibytes("MemAvailable", free) + kibibytes("Buffers", 0)
      + kibibytes("Cached", 0) + kibibytes("SwapTotal", 0) + kibibytes("SwapFree", 0)
  }

  var mapsText: String {
    var program = stat()
    _ = lstat(executablePath, &program)
    func hex(_ value: UInt64, _ width: Int) -> String {
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return memory.regions(in: space).map { region in
      let rights = region.rights
      let letters =
        (rights.contains(.read) ? "r" : "-") + (rights.contains(.write) ? "w" : "-") + (rights.contains(.execute) ? "x" : "-")
        + (region.isShared ? "s" : "p")
      let isProgram = region.name == "[program]"
      let (device, inode) =
        isProgram ? (UInt64(truncatingIfNeeded: program.st_dev), UInt64(program.st_ino)) : region.file?.identity ?? (0, 0)
      let (major, minor) = (device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xfff00)
      let line =
        "\(hex(region.range.lowerBound, 8))-\(hex(region.range.upperBound, 8)) \(letters) \(hex(region.offset, 8)) "
        + "\(hex(major, 2)):\(hex(minor, 2)) \(inode) "
      let name = isProgram ? executablePath : region.file?.path ?? region.name
      return name.isEmpty ? line + "\n" : line + String(repeating: " ", count: max(0, 73 - line.utf8.count)) + name + "\n"
    }.joined()
  }

  private var comm: String { String(decoding: threadName, as: UTF8.self) }

  /// proc_pid_stat(5): 52 fields.
  var statText: String {
    let ticks = processTime / 10_000_000
    var fields = ["\(ids.pid)", "(\(comm))", "R", "\(parent)", "\(ids.group)", "\(ids.session)", "0", "-1", "0"]
    fields += ["0", "0", "0", "0", "\(ticks)", "0", "\(childrenTime / 10_000_000)", "0", "20", "0", "1", "0", "0"]
    fields += ["\(memory.size)", "\(memory.size / guestPageSize)", "18446744073709551615"]
    fields += ["\(image.addresses.lowerBound)", "\(image.addresses.upperBound)", "\(memory.stackPointer)"]
    fields += [String](repeating: "0", count: 52 - fields.count)
    return fields.joined(separator: " ") + "\n"
  }

  var statusText: String {
    func hex(_ set: UInt64) -> String {
      let digits = String(set, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let (user, group) = (options.identity.user, options.identity.group)
    var ignored: UInt64 = 0
    var caught: UInt64 = 0
    for signal in 1...SignalState.count {
      if signals.actions[signal].handler == SignalState.Action.ignore { ignored |= Signal.bit(signal) }
      if signals.actions[signal].hasHandler { caught |= Signal.bit(signal) }
    }
    let mask = String(umask, radix: 8)
    return """
      Name:\t\(comm)
      Umask:\t\(String(repeating: "0", count: max(0, 4 - mask.count)) + mask)
      State:\tR (running)
      Tgid:\t\(ids.pid)
      Ngid:\t0
      Pid:\t\(ids.pid)
      PPid:\t\(parent)
      TracerPid:\t0
      Uid:\t\(user)\t\(user)\t\(user)\t\(user)
      Gid:\t\(group)\t\(group)\t\(group)\t\(group)
      FDSize:\t64
      Groups:\t\(group)
      VmPeak:\t\(memory.size >> 10) kB
      VmSize:\t\(memory.size >> 10) kB
      VmRSS:\t\(memory.size >> 10) kB
      Threads:\t1
      SigQ:\t0/\(SignalState.queueLimit)
      SigPnd:\t\(hex(signals.pending { $0.isDirected }))
      ShdPnd:\t\(hex(signals.pending { !$0.isDirected }))
      SigBlk:\t\(hex(signals.mask))
      SigIgn:\t\(hex(ignored))
      SigCgt:\t\(hex(caught))
      Cpus_allowed:\t1
      Cpus_allowed_list:\t0

      """
  }
}
