import CHost
import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A signal that comes while the program goes to sleep.
@Suite("Linux wakes")
struct LinuxWakeTests {
  /// A wait for a signal has three moments: the message is looked for, SIGURG is let in, the host sleeps. Nothing of this takes time: a
  /// wake that is lost would hang.
  @Test("A message or a SIGURG that comes between the look and the sleep ends the sleep")
  func seam() {
    #if os(Linux)
    var wake = sigset_t()
    sigaddset(&wake, SIGURG)
    var old = sigset_t()
    // Before the look: the message's flag is set, whether or not its signal is still to come.
    host_wake_install()
    var flag: UInt32 = 1
    #expect(host_poll(nil, 0, .max, &flag) == -1 && errno == EINTR)
    // Behind the look: the flag is not yet set, the signal has come and is held back until the host sleeps.
    flag = 0
    pthread_sigmask(SIG_BLOCK, &wake, &old)
    pthread_kill(pthread_self(), SIGURG)
    #expect(host_poll(nil, 0, .max, &flag) == -1 && errno == EINTR)
    // It is gone, and blocked as before.
    var pending = sigset_t()
    sigpending(&pending)
    #expect(sigismember(&pending, SIGURG) == 0)
    var now = sigset_t()
    pthread_sigmask(SIG_SETMASK, &old, &now)
    #expect(sigismember(&now, SIGURG) == 1)
    // A call that no poll guards: its tick comes again and again.
    var ends: [Int32] = [-1, -1]
    #expect(host_pipe(&ends, 0) == 0)
    var byte: UInt8 = 0
    for _ in 0..<3 {
      host_tick(1)
      #expect(read(ends[0], &byte, 1) == -1 && errno == EINTR)
      #expect(read(ends[0], &byte, 1) == -1 && errno == EINTR)
      host_tick(0)
    }
    for end in ends { close(end) }
    #endif
  }

  /// Signals at moments that differ, each when the program is about to wait, 29 kinds of wait. Every one is waited for by nothing else:
  /// one that is lost ends in the simulator's time-out.
  @Test(
    "No wait sleeps over the signal of another process",
    .enabled(if: LinuxToolchain.gcc != nil, "riscv64-linux-gnu-gcc is not installed"),
    .enabled(if: LinuxToolchain.binary != nil, "RVSIM_BIN is not set"))
  func race() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(try LinuxToolchain.guest("wakes"), in: folder)
    let rvsim = try #require(LinuxToolchain.binary)
    let rounds = ProcessInfo.processInfo.environment["RVSIM_WAKES"] ?? "300"
    let (status, output) = try LinuxToolchain.run(rvsim, ["run", "--timeout", "200s", program, rounds], in: folder)
    #expect(status == 0)
    let expected = (0..<8).map { "mask \($0): 0\n" } + (0...20).map { "plain \($0): 0\n" } + ["sender 0\n"]
    #expect(output == expected.joined())
  }
}
