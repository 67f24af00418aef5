/// The host-target interface: two 64-bit words in guest memory, `tohost` and `fromhost`. A command in `tohost` is a device in
/// bits 63:56, a command in 55:48 and a payload below; an answer in `fromhost` has the same form.
///
/// A store that touches the low half of `tohost` makes the command count: one of 64 bits, one of 32, or the last of two. (With
/// the low half stored first, what is stored above it afterwards comes too late and should be zero.)
final class HTIF {
  private let space: AddressSpace
  private let tohost: UInt64
  private let fromhost: UInt64?
  private let console: Console
  private let calls: ProxiedCalls
  private let complain: (String) -> Void
  /// Answers that wait until the program has taken the one before.
  private var answers: [UInt64] = []
  private var complaints: Set<UInt64> = []
  /// Reads of the console that have no answer yet.
  private var awaitedKeys = 0
  /// When to look for input, in ticks of ``Hart/time``; `.max` for never.
  private(set) var wakeTime = UInt64.max
  /// Set when the program has said that it is over.
  private(set) var exitCode: Int?

  init(
    space: AddressSpace, tohost: UInt64, fromhost: UInt64?, console: Console, calls: ProxiedCalls,
    complain: @escaping (String) -> Void
  ) {
    self.space = space
    self.tohost = tohost
    self.fromhost = fromhost
    self.console = console
    self.calls = calls
    self.complain = complain
    for word in [tohost, fromhost ?? tohost] {
      space.mark(.observed, at: word, on: true)
      space.mark(.observed, at: word &+ 7, on: true)
    }
  }

  /// A store to a page of one of the words was done.
  func stored(_ address: UInt64, width: Int) throws(Trap) {
    let end = address &+ UInt64(width)
    if address < tohost &+ 4, end > tohost { serve() }
    if exitCode != nil { throw .halt }
    if let fromhost, address < fromhost &+ 8, end > fromhost { answer() }
  }

  private func serve() {
    guard let word = space.read(tohost, as: UInt64.self), word != 0 else { return }
    space.write(tohost, UInt64(0))
    let payload = word & 0xffff_ffff_ffff
    switch (word >> 56, word >> 48 & 0xff) {
    case (0, 0) where payload & 1 != 0: exitCode = Int(payload >> 1)
    case (0, 0):
      call(block: payload)
      answers.append(1)
    case (1, 0):
      awaitedKeys += 1
      // The time is not known exactly here: the next look is as soon as the loop has stopped.
      lookForKeys(next: 0)
    case (1, 1): console.put(UInt8(truncatingIfNeeded: payload))
    case (let device, 0xff): identify(device, payload)
    case (let device, let command): once(word & 0xffff << 48, "HTIF has no device \(device) with a command \(command)")
    }
    answer()
  }

  /// Answers reads of the console as far as there is input. At its end there is no answer: as with a person who never types.
  private func lookForKeys(next time: UInt64) {
    wakeTime = .max
    while awaitedKeys > 0 {
      switch console.key() {
      case .byte(let key):
        awaitedKeys -= 1
        answers.append(1 << 56 | 0x100 | UInt64(key))
      case .none:
        wakeTime = time
        return
      case .end:
        once(1 << 56, "the program waits for input, which is at its end")
        return
      }
    }
  }

  /// It is time to look for input.
  func timeReached(_ now: UInt64) {
    guard wakeTime != .max else { return }
    lookForKeys(next: now &+ Self.lookPeriod)
    answer()
  }

  /// Ticks from one look at a terminal or pipe without input to the next.
  private static let lookPeriod: UInt64 = 10_000

  /// Puts the next answer into `fromhost` once the program has cleared it.
  private func answer() {
    guard let fromhost, let next = answers.first, space.read(fromhost, as: UInt64.self) == 0 else { return }
    answers.removeFirst()
    space.write(fromhost, next)
  }

  /// A system call: eight words, number and arguments; the result goes to the first.
  private func call(block: UInt64) {
    var words: [UInt64] = []
    for index in 0..<8 {
      guard let word = space.read(block &+ UInt64(8 * index), as: UInt64.self) else {
        complain("HTIF: the system call's block at 0x\(String(block, radix: 16)) is not in memory")
        exitCode = 255
        return
      }
      words.append(word)
    }
    switch calls.perform(words[0], Array(words[1...])) {
    case .result(let value): space.write(block, value)
    case .exit(let code): exitCode = code
    case .unknown:
      once(words[0], "HTIF: system call \(words[0]) is not supported")
      space.write(block, -GuestError.noSuchCall)
    }
  }

  /// Names of devices and of their commands: 64 bytes each, at the address in bits 47:8 of the payload.
  private func identify(_ device: UInt64, _ payload: UInt64) {
    let name =
      switch (device, payload & 0xff) {
      case (0, 0xff): "syscall_proxy"
      case (0, 0): "syscall"
      case (1, 0xff): "bcd"
      case (1, 0): "read"
      case (1, 1): "write"
      default: ""
      }
    space.write(payload >> 8, Array(name.utf8) + [UInt8](repeating: 0, count: 64 - name.utf8.count))
    answers.append(device << 56 | 0xff << 48 | 1)
  }

  private func once(_ what: UInt64, _ words: String) {
    if complaints.insert(what).inserted { complain(words) }
  }
}
