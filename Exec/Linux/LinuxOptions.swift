/// What may be chosen about the Linux around a program. The defaults make every run the same.
public struct LinuxOptions: Sendable {
  /// What the guest's clocks show.
  public enum Clock: Sendable, Hashable {
    /// ``LinuxOptions/epoch`` plus a nanosecond for each retired instruction, plus what was slept: sleeping takes no time.
    case virtual
    /// The host's clocks; runs differ.
    case host
  }

  /// What the guest may do to files of the host.
  public enum FileAccess: Sendable, Hashable {
    case readWrite
    /// Nothing is created, changed or removed: EROFS. Standard output and error are written nevertheless, and devices such as
    /// /dev/null.
    case readOnly
    /// No name is there: ENOENT. What remains are the standard streams, /dev/null and its kin, and what tells of the guest itself in
    /// /proc and /sys.
    case none
  }

  /// Where one of the descriptors 0, 1, 2 comes from.
  public enum Stream: Sendable, Hashable {
    /// The simulator's own.
    case inherited
    /// A file, opened for reading (0) or written anew (1, 2).
    case path(String)
    /// A descriptor of the host, which stays the caller's: it is not closed.
    case descriptor(Int32)
  }

  /// The numbers that the guest sees.
  public struct Identity: Sendable, Hashable {
    public var pid = 1000
    public var parent = 1
    public var user: UInt32 = 1000
    public var group: UInt32 = 1000
    public var nodeName = "rvsim"
    public var release = "6.6.0-rvsim"
    public var version = "#1"

    public init() {}
  }

  /// argv[0]; the image's path unless given.
  public var argument0: String?
  /// Bytes of the stack. 8 MiB unless given.
  public var stackSize: UInt64 = 8 << 20
  public var identity = Identity()
  public var clock = Clock.virtual
  /// Nanoseconds since 1970 when the program starts: 2026-01-01 00:00:00 UTC unless given.
  public var epoch: UInt64 = 1_767_225_600_000_000_000
  /// What getrandom, AT_RANDOM and /dev/urandom begin with.
  public var seed: UInt64 = 0
  public var files = FileAccess.readWrite
  public var vector = VectorChoices()
  public var matrix = MatrixChoices()
  public var standardInput = Stream.inherited
  public var standardOutput = Stream.inherited
  public var standardError = Stream.inherited
  /// Bytes of guest address space; less when the host denies them.
  public var addressSpaceSize: UInt64 = 1 << 38
  /// Takes the platform's own words, a line each without its end: unknown system calls, deadlocks.
  public var report: @Sendable (String) -> Void = { line in writeToStandardError("rvsim: \(line)\n") }

  public init() {}
}
