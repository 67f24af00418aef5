import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// ioctl: what belongs to every descriptor, and terminals.
extension LinuxUser {
  func deviceControl(_ descriptor: Int32, command: UInt32, _ argument: UInt64) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    switch command {
    case 0x5450, 0x5451:  // FIONCLEX, FIOCLEX
      try files.setClosesOnExec(descriptor, command == 0x5451)
      return .ok
    case 0x5421:  // FIONBIO
      let on: UInt32 = try space.get(argument)
      let flags = on != 0 ? file.statusFlags | OpenFlags.nonBlocking : file.statusFlags & ~OpenFlags.nonBlocking
      return try control(descriptor, command: 4, UInt64(flags))
    case 0x541b:  // FIONREAD
      var count: Int32 = 0
      try host { ioctl(file.descriptor, UInt(FIONREAD), &count) }
      try space.put(count, at: argument)
      return .ok
    default: break
    }
    guard isatty(file.descriptor) == 1 else { throw .ENOTTY }
    switch command {
    case 0x5401:  // TCGETS
      var settings = [UInt8](repeating: 0, count: Self.settingsSize)
      try host { host_terminal_get(file.descriptor, &settings) }
      guard space.write(argument, settings) else { throw .EFAULT }
    case 0x5402, 0x5403, 0x5404:  // TCSETS, TCSETSW, TCSETSF
      guard let settings = space.read(argument, count: Self.settingsSize) else { throw .EFAULT }
      try host { host_terminal_set(file.descriptor, Int32(command - 0x5402), settings) }
    case 0x540a:  // TCXONC
      try host { tcflow(file.descriptor, Int32(truncatingIfNeeded: argument)) }
    case 0x540b:  // TCFLSH
      try host { tcflush(file.descriptor, Int32(truncatingIfNeeded: argument)) }
    case 0x5409, 0x5425:  // TCSBRK, TCSBRKP
      try host { tcdrain(file.descriptor) }
    case 0x540e, 0x5422: break  // TIOCSCTTY, TIOCNOTTY
    case 0x540f: try space.put(Int32(truncatingIfNeeded: foregroundGroup ?? ids.group), at: argument)  // TIOCGPGRP
    case 0x5410: foregroundGroup = Int(try space.get(argument, as: Int32.self))  // TIOCSPGRP
    case 0x5429: try space.put(Int32(truncatingIfNeeded: ids.session), at: argument)  // TIOCGSID
    case 0x5413:  // TIOCGWINSZ
      var size = winsize()
      try host { ioctl(file.descriptor, UInt(TIOCGWINSZ), &size) }
      var layout = GuestLayout(capacity: 8)
      for field in [size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel] { layout.put(field) }
      try space.put(layout, at: argument)
    default: throw .ENOTTY
    }
    return .ok
  }

  /// Bytes of the kernel's `struct termios`.
  private static let settingsSize = 36
}
