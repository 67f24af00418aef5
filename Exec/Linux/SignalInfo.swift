/// What is known of a signal: `siginfo_t`, 128 bytes (asm-generic/siginfo.h).
struct SignalInfo {
  /// si_code.
  enum Code {
    static let user: Int32 = 0
    static let kernel: Int32 = 0x80
    static let queue: Int32 = -1
    static let timer: Int32 = -2
    static let thread: Int32 = -6
    static let illegalOpcode: Int32 = 1
    static let breakpoint: Int32 = 1
    static let notMapped: Int32 = 1
    static let noAccess: Int32 = 2
    static let misaligned: Int32 = 1
    static let noMemory: Int32 = 2
    static let exited: Int32 = 1
    static let killed: Int32 = 2
    static let stopped: Int32 = 5
    static let continued: Int32 = 6
  }

  static let size = 128

  var signal: Int
  var error: Int32 = 0
  var code: Int32
  /// What lies behind the first 16 bytes, as words; `fieldCount` of them, the rest is zero.
  var fields: [UInt64] = []
  /// Whether it was sent to the thread, not to the process: such signals come first.
  var isDirected = false
  /// The POSIX timer that sent it.
  var timer: Int32?

  init(_ signal: Int, code: Int32) {
    self.signal = signal
    self.code = code
  }

  init(_ signal: Signal, code: Int32) { self.init(signal.rawValue, code: code) }

  /// Sent by a process.
  init(_ signal: Int, code: Int32, process: Int, user: UInt32) {
    self.init(signal, code: code)
    fields = [UInt64(UInt32(truncatingIfNeeded: process)) | UInt64(user) << 32]
  }

  /// The process's own call has earned it.
  init(_ signal: Signal, code: Int32, own process: Int, _ user: UInt32) {
    self.init(signal.rawValue, code: code, process: process, user: user)
    isDirected = true
  }

  /// Earned by an instruction.
  init(_ signal: Signal, code: Int32, address: UInt64) {
    self.init(signal.rawValue, code: code)
    fields = [address]
    isDirected = true
  }

  /// A child has changed its state. `status` is what wait reports of it, without the shifts.
  init(child: Int, user: UInt32, code: Int32, status: Int32) {
    self.init(.SIGCHLD, code: code)
    fields = [UInt64(UInt32(truncatingIfNeeded: child)) | UInt64(user) << 32, UInt64(UInt32(bitPattern: status))]
  }

  /// As a program has laid it out, for rt_sigqueueinfo.
  init(bytes: [UInt8]) {
    func half(_ offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(offset + $1 < bytes.count ? bytes[offset + $1] : 0) << UInt32($1 * 8) }
    }
    self.init(Int(half(0)), code: Int32(bitPattern: half(8)))
    error = Int32(bitPattern: half(4))
    fields = (2..<16).map { UInt64(half($0 * 8)) | UInt64(half($0 * 8 + 4)) << 32 }
  }

  var layout: GuestLayout {
    var layout = GuestLayout(capacity: Self.size)
    layout.put(UInt32(truncatingIfNeeded: signal))
    layout.put(error)
    layout.put(code)
    layout.put(UInt32(0))
    for field in fields.prefix(14) { layout.put(field) }
    layout.pad(to: Self.size)
    return layout
  }
}
