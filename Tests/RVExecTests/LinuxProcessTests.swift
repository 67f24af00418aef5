import Foundation
import RVDecoder
import RVExec
import RVLoader
import Testing

/// Calls about time, the process, its signals and its machine, made by hand; and calls of all kinds with nonsense.
@Suite("Linux process calls")
struct LinuxProcessTests {
  static let epoch: UInt64 = 1_767_225_600

  @Test("Clocks begin at the epoch, and sleeping moves them without waiting")
  func clocks() throws {
    let guest = try LinuxGuest()
    #expect(guest.call(113, 0, guest.scratch) == 0)
    #expect(guest.word(0) == Self.epoch && guest.word(8) < 1000)
    guest.space.write(guest.scratch + 16, UInt64(86400))
    guest.space.write(guest.scratch + 24, UInt64(5))
    #expect(guest.call(101, guest.scratch + 16, 0) == 0)
    #expect(guest.call(113, 0, guest.scratch) == 0)
    #expect(guest.word(0) == Self.epoch + 86400)
    #expect(guest.call(113, 1, guest.scratch) == 0 && guest.word(0) == 86400)
    #expect(guest.call(113, 2, guest.scratch) == 0 && guest.word(0) == 0)
    #expect(try guest.hart.readCSR(0xc01) / 10_000_000 == 86400)
    // TIMER_ABSTIME: a time gone by is no sleep.
    #expect(guest.call(115, 1, 1, guest.scratch + 16, 0) == 0)
    #expect(guest.call(113, 1, guest.scratch) == 0 && guest.word(0) == 86400)
    guest.space.write(guest.scratch + 16, UInt64(100_000))
    #expect(guest.call(115, 1, 1, guest.scratch + 16, 0) == 0)
    #expect(guest.call(113, 1, guest.scratch) == 0 && guest.word(0) == 100_000)
    #expect(guest.call(169, guest.scratch, guest.scratch + 16) == 0 && guest.word(0) == Self.epoch + 100_000)
    #expect(guest.call(114, 1, guest.scratch) == 0 && guest.word(0) == 0 && guest.word(8) == 1)
    #expect(guest.call(153, guest.scratch) >= 10_000_000)
    #expect(guest.call(165, 0, guest.scratch) == 0)
    #expect(guest.call(113, 99, guest.scratch) == -22 && guest.call(113, 0, 0) == -14)
    guest.space.write(guest.scratch + 24, UInt64(1_000_000_000))
    #expect(guest.call(101, guest.scratch + 16, 0) == -22)
    guest.space.write(guest.scratch + 16, UInt64(Int64.max))
    guest.space.write(guest.scratch + 24, UInt64(0))
    #expect(guest.call(101, guest.scratch + 16, 0) == 0)
    #expect(guest.call(113, 0, guest.scratch) == 0)
  }

  @Test("Identities, limits and names are fixed")
  func identity() throws {
    let guest = try LinuxGuest()
    #expect([172, 178, 173, 174, 175, 176, 177].map { guest.call($0) } == [1000, 1000, 1, 1000, 1000, 1000, 1000])
    #expect(guest.call(96, guest.scratch) == 1000)
    #expect(guest.call(160, guest.scratch) == 0)
    #expect([0, 65, 130, 260].map { guest.text($0) } == ["Linux", "rvsim", "6.6.0-rvsim", "riscv64"])
    #expect(guest.call(261, 0, 3, 0, guest.scratch) == 0 && guest.word(0) == 8 << 20 && guest.word(8) == .max)
    #expect(guest.call(261, 0, 99, 0, guest.scratch) == -22 && guest.call(261, 7, 3, 0, guest.scratch) == -3)
    #expect(guest.call(99, 0, 24) == 0 && guest.call(99, 0, 23) == -22)
    #expect(guest.call(123, 0, 128, guest.scratch) == 8 && guest.word(0) == 1)
    #expect(guest.call(124) == 0 && guest.call(260, 0, 0, 0, 0) == -10)
    guest.space.write(guest.scratch, UInt64(0x6463_6261))
    #expect(guest.call(167, 15, guest.scratch) == 0 && guest.call(167, 16, guest.scratch + 32) == 0 && guest.text(32) == "abcd")
    #expect(guest.call(179, guest.scratch) == 0 && guest.word(32) == 16 << 30)
    #expect(guest.call(148, guest.scratch, guest.scratch, guest.scratch) == 0 && guest.half(0) == 1000)
  }

  @Test("Random bytes come from the seed")
  func random() throws {
    func words(_ seed: UInt64) throws -> [UInt64] {
      let guest = try LinuxGuest { $0.seed = seed }
      #expect(guest.call(278, guest.scratch, 16, 0) == 16)
      #expect(guest.open("none", 0) == -2)
      let file = guest.call(56, UInt64(bitPattern: -100), guest.put("/dev/urandom", at: 64), 0)
      #expect(guest.call(63, UInt64(file), guest.scratch + 16, 8) == 8)
      return [guest.word(0), guest.word(8), guest.word(16)]
    }
    #expect(try words(1) == words(1))
    #expect(try words(1) != words(2))
    let guest = try LinuxGuest()
    #expect(guest.call(278, 0, 16, 0) == -14 && guest.call(278, guest.scratch, 1, 99) == -22)
    #expect(guest.call(278, guest.scratch + 0xfff8, 100, 0) == 8)
  }

  @Test("A futex wakes nobody; waiting times out, or is a deadlock that is said")
  func futex() throws {
    let guest = try LinuxGuest()
    #expect(guest.call(98, guest.scratch, 0x81, 1) == 0)
    #expect(guest.call(98, guest.scratch, 0x80, 5, 0) == -11)
    guest.space.write(guest.scratch + 16, UInt64(10))
    #expect(guest.call(98, guest.scratch, 0x80, 0, guest.scratch + 16) == -110)
    #expect(guest.call(113, 1, guest.scratch + 32) == 0 && guest.word(32) == 10)
    #expect(guest.call(98, guest.scratch + 1, 0, 0, 0) == -22 && guest.call(98, 0, 0, 0, 0) == -14)
    guest.call(98, guest.scratch, 0x80, 0, 0)
    #expect(guest.ending == .asleep)
    #expect(guest.lines.all.first?.hasPrefix("deadlock: the only thread waits for the futex at 0x10000000") == true)
  }

  @Test("hwprobe tells the extensions that are on")
  func probe() throws {
    func value(_ isa: ISA, _ key: Int64) throws -> (Int64, UInt64) {
      let guest = try LinuxGuest(isa: isa)
      guest.space.write(guest.scratch, key)
      #expect(guest.call(258, guest.scratch, 1, 0, 0, 0) == 0)
      return (Int64(bitPattern: guest.word(0)), guest.word(8))
    }
    #expect(try value(.rv64gc, 3) == (3, 1))
    // FD, C, and what they are made of: Zca, Zcd, Zaamo, Zalrsc.
    #expect(try value(.rv64gc, 4) == (4, 3 | 1 << 43 | 1 << 45 | 3 << 56))
    let all = try value(.max, 4).1
    for bit: UInt64 in [3, 4, 5, 6, 7, 27, 32, 34, 35] { #expect(all >> bit & 1 == 1, "bit \(bit)") }
    #expect(try value(.max, 6) == (6, 64))
    #expect(try value(.max, 9) == (9, 3))
    #expect(try value(.max, 8) == (8, 10_000_000))
    #expect(try value(.max, 1000) == (-1, 0))
    let guest = try LinuxGuest()
    guest.space.write(guest.scratch, UInt64(4))
    guest.space.write(guest.scratch + 8, UInt64(1))
    guest.space.write(guest.scratch + 16, UInt64(1))
    #expect(guest.call(258, guest.scratch, 1, 8, guest.scratch + 16, 1) == 0 && guest.word(16) == 1)
    guest.space.write(guest.scratch + 8, UInt64(1) << 63)
    #expect(guest.call(258, guest.scratch, 1, 8, guest.scratch + 16, 1) == 0 && guest.word(16) == 0)
    #expect(guest.call(258, guest.scratch, 1, 8, guest.scratch + 16, 0) == -22)
    #expect(guest.call(258, 0, 1, 0, 0, 0) == -14 && guest.call(258, 0, 0, 0, 0, 8) == -22)
    #expect(guest.call(259, 0, .max, 0) == 0 && guest.call(259, 0, 0, 2) == -22)
  }

  @Test("Signals: dispositions and masks are kept, fatal ones kill")
  func signals() throws {
    let guest = try LinuxGuest()
    for (index, word) in [0x12345, 4, 0xff].enumerated() { guest.space.write(guest.scratch + UInt64(index * 8), UInt64(word)) }
    #expect(guest.call(134, 10, guest.scratch, 0, 8) == 0)
    #expect(guest.call(134, 10, 0, guest.scratch + 64, 8) == 0)
    #expect([64, 72, 80].map { guest.word($0) } == [0x12345, 4, 0xff])
    #expect(guest.call(134, 9, guest.scratch, 0, 8) == -22 && guest.call(134, 65, 0, 0, 8) == -22)
    #expect(guest.call(134, 10, 0, 0, 16) == -22 && guest.call(134, 10, 5, 0, 8) == -14)
    // The handler gets the signal's number, its siginfo and its context, and returns through the trampoline.
    let pc = guest.hart.pc
    #expect(guest.call(131, 1000, 1000, 10) == 10 && guest.hart.pc == 0x12345)
    #expect(guest.hart[x: 11] == guest.hart[x: 2] && guest.hart[x: 12] == guest.hart[x: 2] + 128)
    #expect(guest.space.read(guest.hart[x: 1], as: UInt64.self) == 0x0000_0073_08b0_0893)
    #expect(guest.call(139) == 0 && guest.hart.pc == pc + 4)
    // SIGCHLD is harmless, signal 0 a question, others nobody.
    #expect(guest.call(129, 1000, 17) == 0 && guest.call(129, 0, 0) == 0 && guest.call(129, 1, 9) == -3)
    #expect(guest.call(129, 1000, 99) == -22 && guest.call(130, 77, 9) == -3 && guest.call(131, 0, 1000, 9) == -22)
    // Blocked: pending until it is unblocked.
    guest.space.write(guest.scratch, UInt64(1 << 14))
    #expect(guest.call(135, 0, guest.scratch, guest.scratch + 8, 8) == 0 && guest.word(8) == 0)
    #expect(guest.call(129, 1000, 15) == 0 && guest.ending == nil)
    #expect(guest.call(136, guest.scratch + 8, 8) == 0 && guest.word(8) == 1 << 14)
    guest.call(135, 1, guest.scratch, 0, 8)
    #expect(guest.ending == .killed(signal: 15, trap: nil))
    #expect(guest.call(135, 9, guest.scratch, 0, 8) == -22)
    for (index, word) in [0x5000, 0, 8192].enumerated() { guest.space.write(guest.scratch + UInt64(index * 8), UInt64(word)) }
    #expect(guest.call(132, guest.scratch, 0) == 0 && guest.call(132, 0, guest.scratch + 64) == 0)
    #expect([64, 72, 80].map { guest.word($0) } == [0x5000, 0, 8192])
    guest.space.write(guest.scratch + 16, UInt64(100))
    #expect(guest.call(132, guest.scratch, 0) == -12)
  }

  @Test("A frame has the kernel's layout")
  func frame() throws {
    let guest = try LinuxGuest(isa: .rv64gc)
    for (index, word) in [0x20000, 4, 0x30].enumerated() { guest.space.write(guest.scratch + UInt64(index * 8), UInt64(word)) }
    #expect(guest.call(134, 12, guest.scratch, 0, 8) == 0)
    guest.space.write(guest.scratch, UInt64(0x40))
    #expect(guest.call(135, 2, guest.scratch, 0, 8) == 0)
    for index in 1..<32 where index != 2 { guest.hart[x: index] = UInt64(index) * 1000 }
    for index in 0..<32 { guest.hart[f: index] = UInt64(index) * 77 }
    #expect(throws: Never.self) { try guest.hart.writeCSR(3, 0x65) }
    let stack = guest.hart[x: 2]
    let pc = guest.hart.pc
    guest.call(130, 1000, 12)
    let frame = guest.hart[x: 2]
    #expect(frame == (stack - 1088) & ~15)
    func half(_ offset: UInt64) -> UInt32 { guest.space.read(frame + offset, as: UInt32.self) ?? .max }
    func word(_ offset: UInt64) -> UInt64 { guest.space.read(frame + offset, as: UInt64.self) ?? .max }
    // siginfo: number, errno, SI_TKILL, pid and uid.
    #expect([0, 4, 8, 16, 20].map(half) == [12, 0, UInt32(bitPattern: -6), 1000, 1000])
    // ucontext: flags, link, the disabled stack, the mask of before.
    #expect([128, 136, 144, 160, 168].map(word) == [0, 0, 0, 0, 0x40] && half(152) == 0)
    #expect(word(304) == pc + 4 && word(304 + 8) == 1000 && word(304 + 16) == stack && word(304 + 8 * 31) == 31000)
    #expect(word(560) == 0 && word(560 + 8 * 31) == 31 * 77 && half(560 + 256) == 0x65)
    // Reserved word and the header that ends the extended state.
    #expect(half(1076) == 0 && word(1080) == 0)
    // What the handler leaves in the frame is what the program goes on with; what Linux would refuse is a fault.
    guest.space.write(frame + 304 + 8 * 5, UInt64(42))
    guest.space.write(frame + 168, UInt64.max)
    #expect(guest.call(139) == 0 && guest.hart[x: 5] == 42 && guest.hart[x: 2] == stack)
    #expect(guest.call(135, 2, 0, guest.scratch, 8) == 0 && guest.word(0) == .max & ~(1 << 8 | 1 << 18))
    guest.hart[x: 2] = frame
    guest.space.write(frame + 1080, UInt32(0x5346_5457))
    guest.call(139)
    #expect(guest.ending == .killed(signal: 11, trap: nil))
  }

  @Test("The siginfo of an exception has the code and the address that the kernel gives")
  func exceptions() throws {
    // SIGSEGV: not mapped, no right; SIGBUS, SIGILL and SIGTRAP tell the pc.
    let pc: UInt64 = 0x10100
    let cases: [(Trap, signal: UInt32, code: UInt32, address: UInt64)] = [
      (Trap(.loadPageFault, 0x7000_0000), 11, 1, 0x7000_0000), (Trap(.storePageFault, 0x10008), 11, 2, 0x10008),
      (Trap(.instructionPageFault, 0x11000), 11, 2, 0x11000), (Trap(.storeAccess, 0x11001), 11, 2, pc),
      (Trap(.loadMisaligned, 0x11001), 7, 1, pc), (Trap(.storeMisaligned, 0x11003), 7, 1, pc),
      (Trap(.instructionMisaligned, 0x10102), 7, 1, pc), (Trap(.illegalInstruction, 0), 4, 1, pc),
      (Trap(.breakpoint, pc), 5, 1, pc),
    ]
    for (trap, signal, code, address) in cases {
      let guest = try LinuxGuest()
      guest.space.write(guest.scratch, UInt64(0x2_0000))
      guest.space.write(guest.scratch + 8, UInt64(4))
      guest.space.write(guest.scratch + 16, UInt64(0))
      #expect(guest.call(134, UInt64(signal), guest.scratch, 0, 8) == 0)
      guest.hart.pc = pc
      guard case .resume = guest.system.platform.handle(trap, on: guest.hart) else {
        Issue.record("\(trap) ended the program")
        continue
      }
      let frame = guest.hart[x: 2]
      #expect(guest.hart.pc == 0x2_0000)
      #expect([0, 8].map { guest.space.read(frame + $0, as: UInt32.self) } == [signal, code], "\(trap)")
      #expect(guest.space.read(frame + 16, as: UInt64.self) == address, "\(trap)")
      #expect(guest.space.read(frame + 304, as: UInt64.self) == pc)
    }
  }

  @Test("A blocked or ignored fault ends the program all the same, and so does one without room for its frame")
  func forced() throws {
    for (handler, isBlocked, stack) in [(UInt64(1), false, true), (0x2_0000, true, true), (0x2_0000, false, false)] {
      let guest = try LinuxGuest()
      for (index, word) in [handler, 4, 0].enumerated() { guest.space.write(guest.scratch + UInt64(index * 8), word) }
      #expect(guest.call(134, 11, guest.scratch, 0, 8) == 0)
      guest.space.write(guest.scratch, UInt64(isBlocked ? 1 << 10 : 0))
      #expect(guest.call(135, 2, guest.scratch, 0, 8) == 0)
      if !stack { guest.hart[x: 2] = 0x1000 }
      let trap = Trap(.loadPageFault, 0x7000_0000)
      guard case .end(let ending) = guest.system.platform.handle(trap, on: guest.hart) else {
        Issue.record("it is survived")
        continue
      }
      #expect(ending == .killed(signal: 11, trap: trap))
    }
  }

  @Test("A timer fires after as many instructions as its time has nanoseconds, in every run")
  func timer() throws {
    // 1: j 1b
    let guest = try LinuxGuest(words: [0x0000_006f])
    for (index, word) in [UInt64(0x10100), 0, 0].enumerated() { guest.space.write(guest.scratch + UInt64(index * 8), word) }
    #expect(guest.call(134, 14, guest.scratch, 0, 8) == 0)
    for (index, word) in [0, 0, 0, 50].enumerated() { guest.space.write(guest.scratch + UInt64(index * 8), UInt64(word)) }
    #expect(guest.call(103, 0, guest.scratch, 0) == 0)
    let start = guest.hart.retired
    guest.hart.pc = 0x10100
    let stack = guest.hart[x: 2]
    // The call that armed it was over an instruction ago.
    #expect(guest.system.run(limit: 49_998) == .limit(.instructions) && guest.hart[x: 2] == stack)
    while guest.hart[x: 2] == stack, guest.hart.retired < start + 60_000 { _ = guest.system.step() }
    #expect((49_998...50_001).contains(guest.hart.retired - start), "\(guest.hart.retired - start)")
    #expect(guest.hart[x: 10] == 14)
  }

  @Test("Each exception is the signal that Linux makes of it")
  func traps() throws {
    let expected: [(Trap.Cause, Int)] = [
      (.illegalInstruction, 4), (.breakpoint, 5), (.instructionMisaligned, 7), (.loadPageFault, 11), (.storePageFault, 11),
      (.instructionPageFault, 11),
    ]
    let guest = try LinuxGuest()
    for (cause, signal) in expected {
      let trap = Trap(cause, 0x123)
      guard case .end(let ending) = guest.system.platform.handle(trap, on: guest.hart) else {
        Issue.record("\(cause) is survived")
        continue
      }
      #expect(ending == .killed(signal: signal, trap: trap))
    }
  }

  @Test("Twenty thousand calls of nonsense harm nobody")
  func nonsense() throws {
    var state: UInt64 = 0x2545_f491_4f6c_dd1d
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    let guests = try (0..<4).map { _ in try makeVictim() }
    var values: [UInt64] = [0, 1, 2, 3, 4, 5, 7, 8, 16, 24, 63, 64, 100, 1000, 4095, 4096, 4097, 0x1_0000, 1 << 31, 1 << 32]
    values += [
      1 << 38, 1 << 47, 1 << 62, 1 << 63, .max, .max - 1, .max - 4095, UInt64(bitPattern: -100), 0x10100, 0x11000, 0xffff_ffff,
    ]
    for round in 0..<20_000 {
      let guest = guests[round % guests.count]
      // Served calls for the most part; the others say their line once.
      var number = below(20) == 0 ? below(500) : Self.numbers[below(Self.numbers.count)]
      // New processes would be copies of the test.
      if [220, 435].contains(number) { number = 172 }
      var arguments = (0..<6).map { _ -> UInt64 in
        switch below(10) {
        case 0...3: values[below(values.count)]
        case 4...6: guest.scratch + UInt64(below(0x10010))
        case 7: guest.scratch + UInt64(below(16) * 4096)
        case 8: UInt64(below(12))
        default: next()
        }
      }
      // Mappings of gigabytes are legal, and slow to fill in a debug build; sizes that fit nowhere stay in.
      if [215, 216, 222, 226, 233].contains(number) {
        for index in [1, 2] where number != 222 || index == 1 {
          if arguments[index] > 1 << 26, arguments[index] < 1 << 40 { arguments[index] &= 0x3ff_ffff }
        }
        // The scratch memory stays.
        if arguments[0] >= guest.scratch, arguments[0] < guest.scratch + 0x20000 { arguments[0] &+= 0x20000 }
      }
      if number == 214 { arguments[0] = 0x12000 + next() % 0x10_0000 }
      let before = guest.hart.retired
      _ = guest.call(number, arguments)
      #expect(guest.hart.retired == before + 1)
      if round % 500 == 0 {
        // New paths and vectors now and then.
        for (index, name) in ["f", "d", "d/x", "..", "", "/dev/null", "/proc/self/exe"].enumerated() {
          _ = guest.put(name.first == "/" ? name : guest.folder.path + "/" + name, at: UInt64(index * 256))
        }
      }
    }
    for guest in guests { #expect(guest.folder.contents("f") == "content") }
    // A folder goes with its guest.
    try withExtendedLifetime(guests) {
      let names = try FileManager.default.contentsOfDirectory(atPath: guests[0].folder.path)
      #expect(names.sorted() == ["d", "f", "stderr", "stdout"])
    }
  }

  private func makeVictim() throws -> LinuxGuest {
    let guest = try LinuxGuest {
      $0.files = .readOnly
      $0.standardOutput = .path("/dev/null")
      $0.standardError = .path("/dev/null")
    }
    try "".write(toFile: guest.folder.file("stdout"), atomically: true, encoding: .utf8)
    try "".write(toFile: guest.folder.file("stderr"), atomically: true, encoding: .utf8)
    try "content".write(toFile: guest.folder.file("f"), atomically: true, encoding: .utf8)
    try FileManager.default.createDirectory(atPath: guest.folder.file("d"), withIntermediateDirectories: true)
    return guest
  }

  /// Numbers of served calls.
  static let numbers: [Int] =
    [17, 23, 24, 25, 29, 32, 34, 35, 36, 37, 43, 44, 45, 46, 47, 48, 49, 50, 52, 53, 56, 57] + Array(61...70) + Array(78...83)
    + [93, 94, 96, 98, 99, 100, 101, 113, 114, 115, 122, 123, 124, 129, 130, 131, 132, 134, 135, 136, 148, 150, 153, 155, 156]
    + [158, 160, 163, 164, 165, 166, 167, 168, 169, 172, 173, 174, 175, 176, 177, 178, 179, 214, 215, 216, 222, 223, 226, 227]
    + [228, 229, 230, 231, 232, 233, 258, 259, 260, 261, 276, 278, 283, 284, 291, 293, 436, 439]
}
