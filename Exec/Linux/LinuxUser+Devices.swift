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
    case 0x5401:  // TCGETS: a terminal that edits lines; cannot be changed
      try space.put(Self.terminal, at: argument)
    case 0x5402, 0x5403, 0x5404:  // TCSETS, TCSETSW, TCSETSF
      report(once: "the terminal's settings cannot be changed by the guest: accepted and ignored")
    case 0x540f: try space.put(Int32(truncatingIfNeeded: options.identity.pid), at: argument)  // TIOCGPGRP
    case 0x5410: break  // TIOCSPGRP
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

  /// The kernel's `struct termios` of a new terminal.
  private static let terminal: GuestLayout = {
    var layout = GuestLayout(capacity: 36)
    for flags: UInt32 in [0x4500, 0x5, 0xbf, 0x8a3b] { layout.put(flags) }
    layout.put([0, 3, 0x1c, 0x7f, 0x15, 4, 0, 1, 0, 0x11, 0x13, 0x1a, 0, 0x12, 0x0f, 0x17, 0x16])
    layout.pad(to: 36)
    return layout
  }()
}
