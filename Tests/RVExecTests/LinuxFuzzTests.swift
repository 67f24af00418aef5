import Foundation
import RVExec
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// System calls of all kinds with nonsense as arguments: RVSIM_FUZZ_CALLS of them (20,000), from the seed RVSIM_FUZZ_SEED.
@Suite("Linux fuzzing")
struct LinuxFuzzTests {
  private static func setting(_ name: String, _ value: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? value
  }

  /// Lets calls go that wait for ever: every now and then the simulator is to pause.
  private final class Alarm: @unchecked Sendable {
    private let thread = pthread_self()
    nonisolated(unsafe) private let guest: LinuxGuest
    private let lock = NSLock()
    private var isOver = false

    init(_ guest: LinuxGuest) {
      self.guest = guest
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in }
      sigaction(SIGUSR1, &action, nil)
      var signals = sigset_t()
      sigaddset(&signals, SIGUSR1)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      Thread.detachNewThread { [self] in
        while !(lock.withLock { isOver }) {
          usleep(20_000)
          lock.withLock {
            guard !isOver else { return }
            self.guest.system.requestPause()
            pthread_kill(self.thread, SIGUSR1)
          }
        }
      }
    }

    func stop() { lock.withLock { isOver = true } }
  }

  @Test("Nonsense harms nobody: no crash, no hang, nothing of the host is touched")
  func nonsense() throws {
    var state = Self.setting("RVSIM_FUZZ_SEED", 0x2545_f491_4f6c_dd1d) | 1
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    // Somebody else's memory, which has to stay as it is.
    let bystander = try LinuxGuest { $0.files = .none }
    let pattern = (0..<0x10000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    bystander.space.write(bystander.scratch, pattern)
    var values: [UInt64] = [0, 1, 2, 3, 4, 5, 7, 8, 16, 24, 63, 64, 100, 128, 1000, 1001, 4095, 4096, 4097, 0x1_0000, 1 << 20]
    values += [1 << 31, 1 << 32, 1 << 38, 1 << 47, 1 << 62, 1 << 63, .max, .max - 1, .max - 4095, UInt64(bitPattern: -100)]
    values += [0x10100, 0x11000, 0xffff_ffff, 0x8_0000, 0x800, 0x3f_ffff_e000]
    let total = Int(Self.setting("RVSIM_FUZZ_CALLS", 20_000))
    var done = 0
    while done < total {
      // A new process now and then: some calls make it hard for those after them.
      let guest = try LinuxGuest {
        $0.files = .none
        $0.standardOutput = .path("/dev/null")
        $0.standardError = .path("/dev/null")
      }
      let alarm = Alarm(guest)
      defer { alarm.stop() }
      for round in 0..<min(2000, total - done) {
        if round % 100 == 0 {
          for (index, name) in ["f", "/proc/self/maps", "/dev/zero", "/proc/cpuinfo", "", "/dev/null", "/proc/self/fd"]
            .enumerated()
          {
            _ = guest.put(name, at: UInt64(index * 256))
          }
        }
        var number = below(470)
        // clone and clone3 would copy the test.
        if number == 220 || number == 435 { number = 172 }
        var arguments = (0..<6).map { _ -> UInt64 in
          switch below(10) {
          case 0...3: values[below(values.count)]
          case 4...5: guest.scratch + UInt64(below(0x10010))
          case 6: guest.scratch + UInt64(below(7) * 256)
          case 7: guest.scratch + UInt64(below(16) * 4096)
          case 8: UInt64(below(12))
          default: next()
          }
        }
        // The host's memory is no file system: what would really be stored is kept small.
        let sizes: [Int: [Int]] = [47: [2, 3], 71: [3], 76: [4], 285: [4], 68: [3], 70: [3], 287: [3], 214: [], 283: []]
        for index in sizes[number] ?? [] { arguments[index] &= 0xffff }
        // Mappings of gigabytes are legal, and slow; sizes that fit nowhere stay in. The scratch memory stays too.
        if [215, 216, 222, 226, 233].contains(number) {
          for index in [1, 2] where arguments[index] > 1 << 26 && arguments[index] < 1 << 40 { arguments[index] &= 0x3ff_ffff }
          if arguments[0] >= guest.scratch, arguments[0] < guest.scratch + 0x20000 { arguments[0] &+= 0x20000 }
        }
        if number == 214 { arguments[0] = 0x12000 + next() % 0x10_0000 }
        let before = guest.hart.retired
        guest.hart.pc = 0x10100
        _ = guest.call(number, arguments)
        if guest.hart.pauseRequested { guest.hart.resume() } else { #expect(guest.hart.retired == before + 1, "call \(number)") }
      }
      done += 2000
      alarm.stop()
    }
    #expect(bystander.space.read(bystander.scratch, count: pattern.count) == pattern)
  }
}
