import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The terminal that a process was started from. A program with a console of its own wants each key when it is pressed, and shows it itself.
public enum Terminal {
  private struct Saved {
    var descriptor: Int32
    var settings: termios
  }

  private static let saved = Mutex<Saved?>(nil)

  /// Passes keys on at once and without showing them, until ``restore()``. Ctrl-C and its like stay what they are. Does nothing with a
  /// descriptor that is no terminal, or in the background.
  static func passKeys(_ descriptor: Int32) {
    saved.withLock { saved in
      var settings = termios()
      guard saved == nil, tcgetattr(descriptor, &settings) == 0, tcgetpgrp(descriptor) == getpgrp() else { return }
      saved = Saved(descriptor: descriptor, settings: settings)
      settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
      tcsetattr(descriptor, TCSANOW, &settings)
    }
  }

  /// Puts the terminal back as it was.
  public static func restore() {
    saved.withLock { saved in
      guard var old = saved else { return }
      tcsetattr(old.descriptor, TCSANOW, &old.settings)
      saved = nil
    }
  }
}
