import Foundation
import RVExec
import Testing

/// Input that is not there at first: as from a terminal.
private final class Typist: ConsoleSource {
  private var rest: ArraySlice<UInt8>
  /// Looks that find nothing before the next byte.
  private let patience: Int
  private var looks = 0
  /// How long somebody was ready to wait, in nanoseconds; -1 for ever.
  private(set) var waits: [Int] = []
  private let comesWhenAwaited: Bool

  init(_ text: String, patience: Int, comesWhenAwaited: Bool = true) {
    rest = Array(text.utf8)[...]
    self.patience = patience
    self.comesWhenAwaited = comesWhenAwaited
  }

  var isLive: Bool { true }

  func isReady(within nanoseconds: UInt64?) -> Bool {
    guard nanoseconds == 0 else {
      waits.append(nanoseconds.map { Int($0) } ?? -1)
      if comesWhenAwaited { looks = patience }
      return comesWhenAwaited
    }
    looks += 1
    return looks > patience
  }

  func read(_ count: Int) -> [UInt8] {
    looks = 0
    defer { rest = rest.dropFirst(1) }
    return Array(rest.prefix(1))
  }
}

/// The console by way of the UART and of HTIF, and the finisher. What its registers hold is compared with Spike in `DevicePokeTests`.
@Suite(.enabled(if: BareGuest.clang != nil, "no clang beside swift"))
struct BareUARTTests {
  private func run(
    _ code: String, batch: Int? = nil, input: String = "", limit: UInt64 = 1_000_000,
    _ configure: (inout BareOptions) -> Void = { _ in }
  ) throws -> BareGuest {
    try BareGuest.run(DeviceNames.text + code, input: input, limit: limit, batch: batch, configure)
  }

  @Test("UART and HTIF print in the order of the program") func order() throws {
    #expect(try run("console 'a'; put 'b', UART, b; console 'c'; put 'd', UART, b; put 10, UART, b; exit 0").output == "abcd\n")
  }

  /// Reads bytes until there is none.
  private let polls = """
    li t0, UART
    1: lbu t1, 5(t0); andi t1, t1, 1; beqz t1, 2f; lbu a0, (t0); keep a0; j 1b
    2: keep zero; exit 0
    """

  @Test("a program that polls finds all of a file, and nothing at its end", arguments: [nil, 1, 1024])
  func polled(_ batch: Int?) throws {
    let guest = try run(polls, batch: batch, input: "Hi!")
    #expect(guest.words(4) == [72, 105, 33, 0])
    #expect(try run(polls).words(1) == [0])
  }

  /// Reads bytes by interrupt and otherwise sleeps; ends with a full stop.
  private static let sleeper = """
    handler took
    put 1, PLIC + 4; put 2, ENABLE; put 7, UART + 2, b; put 1, UART + 1, b
    li t0, 0x800; csrw mie, t0; csrsi mstatus, 8; li s1, UART; li s2, CONTEXT; li s3, '.'
    1: wfi; j 1b
    .balign 4
    took: lw s4, 4(s2); lbu a0, 2(s1); keep a0; lbu a0, (s1); keep a0; sw s4, 4(s2); beq a0, s3, 2f; mret
    2: csrr a0, minstret; keep a0; exit 0
    """

  @Test("input from a file ends wfi, at the same instruction in every run") func sleeps() throws {
    let runs = try [nil, 1, 7, 1024].map { try run(Self.sleeper, batch: $0, input: "A.") }
    for guest in runs {
      #expect(guest.ending == .exited(0))
      #expect(Array(guest.words(4)) == [0xc4, 65, 0xc4, 46])
      #expect(guest.words(5) == runs[0].words(5))
      #expect(guest.system.hart.time == runs[0].system.hart.time)
    }
  }

  @Test("input interrupts a busy program at the same instruction in every run") func busy() throws {
    let code = Self.sleeper.replacingOccurrences(of: "wfi;", with: "addi s5, s5, 1; lbu s6, 5(s1);")
    let runs = try [nil, 1, 7, 1024].map { try run(code, batch: $0, input: "AB.") }
    #expect(runs[0].ending == .exited(0))
    for guest in runs { #expect(guest.words(7) == runs[0].words(7)) }
  }

  @Test("a program that waits for input is asleep for ever once that is at its end") func endOfInput() throws {
    let guest = try run(Self.sleeper, input: "A")
    #expect(guest.ending == .asleep)
    #expect(guest.words(2) == [0xc4, 65])
  }

  @Test("and at once when its interrupt can never arrive", arguments: ["put 0, ENABLE", "put 1, CONTEXT", "csrw mie, zero"])
  func cannotArrive(_ code: String) throws {
    let guest = try run(Self.sleeper.replacingOccurrences(of: "li s3,", with: "\(code); li s3,"), input: "A") {
      $0.input = Typist("A", patience: 1)
    }
    #expect(guest.ending == .asleep)
  }

  @Test("wfi waits for the host, and does not look again and again") func waitsForTheHost() throws {
    let typist = Typist("A.", patience: 1_000_000_000)
    let guest = try run(Self.sleeper) { $0.input = typist }
    #expect(guest.ending == .exited(0))
    #expect(typist.waits == [-1, -1])
    #expect(guest.system.hart.retired < 200)
  }

  @Test("wfi waits for the host no longer than up to the timer") func waitsForTimer() throws {
    let typist = Typist("A.", patience: 1_000_000_000, comesWhenAwaited: false)
    let guest = try run(
      """
      handler took
      put 1, PLIC + 4; put 2, ENABLE; put 1, UART + 1, b; put 1000, MTIMECMP, d
      li t0, 0x880; csrw mie, t0; csrsi mstatus, 8
      1: wfi; j 1b
      .balign 4
      took: csrr a0, mcause; andi a0, a0, 15; keep a0; exit 0
      """
    ) { $0.input = typist }
    #expect(guest.words(1) == [7])
    #expect(!typist.waits.isEmpty && typist.waits.allSatisfy { $0 > 0 && $0 <= 100_000 })
    #expect(guest.system.hart.time >= 1000)
  }

  @Test("a pipe is waited for without the host's processor") func pipe() throws {
    let pipe = Pipe()
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.2)
      pipe.fileHandleForWriting.write(Data("A.".utf8))
    }
    let guest = try run(Self.sleeper) { $0.input = FileSource(descriptor: pipe.fileHandleForReading.fileDescriptor) }
    #expect(guest.ending == .exited(0))
    #expect(guest.system.hart.retired < 200)
  }

  @Test("loopback receives what is sent") func loopback() throws {
    let guest = try run(
      """
      put 0x10, UART + 4, b; put 'x', UART, b; put 'y', UART, b; li t0, UART
      lbu a0, 5(t0); keep a0; lbu a0, (t0); keep a0; lbu a0, (t0); keep a0; lbu a0, 5(t0); keep a0; exit 0
      """, input: "no")
    #expect(guest.words(4) == [0x61, 120, 121, 0x60])
    #expect(guest.output == "")
  }

  // MARK: HTIF

  @Test("HTIF answers a read of the console when a key comes, and the program runs on meanwhile") func lateAnswer() throws {
    let guest = try run(
      """
      li t1, 1 << 56; la t0, tohost; sd t1, (t0); sd t1, (t0)
      1: addi s1, s1, 1; ld a0, 8(t0); beqz a0, 1b; keep a0; sd zero, 8(t0)
      2: ld a0, 8(t0); beqz a0, 2b; keep a0; keep s1; exit 0
      """, limit: 20_000_000
    ) { $0.input = Typist("AB", patience: 5) }
    #expect(guest.words(2) == [0x0100_0000_0000_0141, 0x0100_0000_0000_0142])
    #expect(guest.words(3)[2] > 1000)
  }

  // MARK: The end

  @Test(
    "the finisher ends the program",
    arguments: [
      ("put 0x5555, FINISHER", 0), ("put 0x5555, FINISHER, h", 0), ("put 0x73333, FINISHER", 7), ("put 0x3333, FINISHER", 1),
      ("put 0xffff3333, FINISHER", 65535), ("put 0x7777, FINISHER", 255), ("put 0x5555, FINISHER + 4; exit 9", 9),
      ("put 0x1234, FINISHER; exit 9", 9),
    ])
  func finisher(_ code: String, _ exit: Int) throws {
    let guest = try run("\(code)\n1: j 1b")
    #expect(guest.ending == .exited(exit))
    #expect(guest.complaints == (exit == 255 ? ["the program resets the machine, which is not supported"] : []))
  }

  @Test("the finisher reads as zero, and has no bytes") func finisherWidths() throws {
    let guest = try run(
      """
      la s11, 2f; handler record; li t0, FINISHER; lw a0, (t0); keep a0; lhu a0, (t0); keep a0
      sb t0, (t0)
      exit 1
      2: exit 0
      """)
    #expect(guest.words(3) == [0, 0, 7])
  }
}
