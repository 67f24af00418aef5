import Foundation
import RVDecoder
import RVExec
import RVLoader
import Testing

#if canImport(Glibc)
  import Glibc
#endif

private let here = UInt64(bitPattern: -100)

/// System calls one by one, made by hand.
@Suite("Linux system calls")
struct LinuxCallTests {
  // MARK: Start

  @Test("The stack holds argc, argv, envp and the auxiliary vector")
  func stack() throws {
    let image = try Image(bytes: LinuxGuest.executable([0x73]), name: "some/guest")
    let system = try LinuxUser.system(image, isa: .rv64gc, arguments: ["a", "bc"], environment: ["X=1", "YY=22"])
    let (space, hart) = (system.space, system.hart)
    let start = hart[x: 2]
    #expect(start % 16 == 0)
    func word(_ index: Int) -> UInt64 { space.read(start + UInt64(index * 8), as: UInt64.self) ?? .max }
    func text(_ address: UInt64) -> String { String(decoding: space.readCString(address) ?? [], as: UTF8.self) }
    #expect(word(0) == 3)
    #expect([1, 2, 3].map { text(word($0)) } == ["some/guest", "a", "bc"])
    #expect(word(4) == 0)
    #expect([5, 6].map { text(word($0)) } == ["X=1", "YY=22"])
    #expect(word(7) == 0)
    var auxiliary: [UInt64: UInt64] = [:]
    var index = 8
    while word(index) != 0, index < 60 {
      auxiliary[word(index)] = word(index + 1)
      index += 2
    }
    #expect(auxiliary[6] == 4096)
    #expect(auxiliary[9] == 0x10100)
    #expect(auxiliary[3] == image.programHeaderAddress)
    #expect(auxiliary[4] == 56 && auxiliary[5] == 2)
    #expect(auxiliary[16] == 0x112d)
    #expect(auxiliary[11] == 1000 && auxiliary[14] == 1000)
    #expect(auxiliary[31].map(text) == "some/guest")
    #expect(auxiliary[25].flatMap { space.read($0, count: 16) }?.contains { $0 != 0 } == true)
    #expect(hart.pc == 0x10100 && hart[x: 10] == 0)
  }

  @Test("The stack pointer does not depend on the environment, until that is huge")
  func stackPointer() throws {
    let image = try Image(bytes: LinuxGuest.executable([0x73]), name: "guest")
    func pointer(_ bytes: Int) throws -> UInt64 {
      let environment = ["V=" + String(repeating: "x", count: bytes)]
      return try LinuxUser.system(image, isa: .rv64gc, arguments: [], environment: environment).hart[x: 2]
    }
    #expect(try pointer(0) == pointer(200_000))
    #expect(try pointer(300_000) == pointer(0) - 0x40000)
    #expect(throws: SystemError.self) { try pointer(3 << 20) }
  }

  @Test("Segments have their rights, and wild pointers fault in the guest")
  func rights() throws {
    let guest = try LinuxGuest()
    #expect(guest.space.rights(at: 0x10000).isSuperset(of: [.read, .execute]))
    #expect(!guest.space.rights(at: 0x10000).contains(.write))
    #expect(guest.space.rights(at: 0x11000).isSuperset(of: [.read, .write]))
    #expect(guest.space.rights(at: 0x12000) == [])
    // ld a0, 0(a1) for addresses all over.
    let loader = try LinuxGuest(words: [0x0005_b503])
    for address: UInt64 in [0, 8, 0xfff, 0x12000, 1 << 37, (1 << 38) - 4, 1 << 38, 1 << 47, .max - 7, .max] {
      loader.hart.pc = 0x10100
      loader.hart[x: 11] = address
      guard case .trap(let trap) = loader.hart.run(limit: 1) else {
        Issue.record("no trap at \(String(address, radix: 16))")
        continue
      }
      #expect(trap.cause == .loadPageFault)
      guard case .end(.killed(11, _)) = loader.system.platform.handle(trap, on: loader.hart) else {
        Issue.record("not killed")
        continue
      }
    }
  }

  @Test("An ecall that is served retires and goes on behind itself; exit ends")
  func retires() throws {
    // li a7, 172; ecall; li a7, 93; ecall
    let guest = try LinuxGuest(words: [0x0ac0_0893, 0x73, 0x05d0_0893, 0x73])
    guest.hart.pc = 0x10100
    let before = guest.hart.retired
    #expect(guest.system.run(limit: 2) == .limit(.instructions))
    #expect(guest.hart[x: 10] == 1000 && guest.hart.pc == 0x10108)
    #expect(guest.hart.retired == before + 2)
    #expect(guest.system.run() == .exited(1000 & 0xff))
    #expect(guest.hart.retired == before + 4)
  }

  @Test("An unknown call is ENOSYS and named once")
  func unknown() throws {
    let guest = try LinuxGuest()
    #expect(guest.call(425) == -38)
    #expect(guest.call(425) == -38)
    #expect(guest.call(9999) == -38)
    #expect(guest.call(.min) == -38)
    #expect(guest.lines.all.count == 3)
    #expect(guest.lines.all[0] == "system call io_uring_setup (425) is not supported: ENOSYS")
    #expect(guest.call(293) == -38 && guest.call(437) == -38)
    #expect(guest.lines.all.count == 3)
  }

  // MARK: Memory

  @Test("brk grows and shrinks, and fresh memory is zero")
  func brk() throws {
    let guest = try LinuxGuest()
    let start = guest.call(214, 0)
    #expect(start == 0x12000)
    let heap = UInt64(start)
    #expect(guest.call(214, heap + 0x2345) == start + 0x2345)
    #expect(guest.space.write(heap + 0x2fff, UInt8(7)))
    #expect(guest.space.rights(at: heap + 0x3000) == [])
    #expect(guest.call(214, heap) == start)
    #expect(guest.space.read(heap + 0x2000, as: UInt8.self) == nil)
    #expect(guest.call(214, heap + 0x3000) == start + 0x3000)
    #expect(guest.space.read(heap + 0x2fff, as: UInt8.self) == 0)
    #expect(guest.call(214, 100) == start + 0x3000)
    #expect(guest.call(214, .max) == start + 0x3000)
    // Mapped memory stands in the way.
    #expect(guest.call(214, guest.scratch + 0x1000) == start + 0x3000)
  }

  @Test("mmap, mprotect, munmap")
  func mmap() throws {
    let guest = try LinuxGuest()
    let first = guest.call(222, 0, 5000, 3, 0x22, .max, 0)
    let second = guest.call(222, 0, 4096, 3, 0x22, .max, 0)
    #expect(first > 0 && second == first - 4096)
    let address = UInt64(first)
    #expect(guest.space.write(address + 8191, UInt8(1)))
    #expect(guest.space.rights(at: address + 8192) == [])
    #expect(guest.call(226, address, 4096, 1) == 0)
    #expect(!guest.space.write(address, UInt8(1)))
    // Write implies read.
    #expect(guest.call(226, address, 4096, 2) == 0)
    #expect(guest.space.rights(at: address).isSuperset(of: [.read, .write]))
    #expect(guest.call(226, address, 4096, 0) == 0)
    #expect(guest.space.read(address, as: UInt8.self) == nil)
    #expect(guest.call(226, address, 0x10000, 3) == -12)
    #expect(guest.call(226, address + 1, 4096, 3) == -22)
    #expect(guest.call(215, address, 5000) == 0)
    #expect(guest.space.rights(at: address) == [])
    #expect(guest.call(222, 0, 8192, 3, 0x22, .max, 0) == first)
    #expect(guest.space.read(address + 8191, as: UInt8.self) == 0)
    // What cannot be.
    #expect(guest.call(222, 0, 0, 3, 0x22, .max, 0) == -22)
    #expect(guest.call(222, 0, .max, 3, 0x22, .max, 0) == -12)
    #expect(guest.call(222, 0, 1 << 40, 3, 0x22, .max, 0) == -12)
    #expect(guest.call(222, 0, 4096, 3, 0x22, .max, 5) == -22)
    #expect(guest.call(222, 0, 4096, 3, 0x20, .max, 0) == -22)
    #expect(guest.call(222, 0, 4096, 3, 2, 77, 0) == -9)
    #expect(guest.call(222, 0x1001, 4096, 3, 0x32, .max, 0) == -22)
    #expect(guest.call(222, 0x1000, 4096, 3, 0x32, .max, 0) == -1)
    #expect(guest.call(222, address, 4096, 3, 0x10_0022, .max, 0) == -17)
    #expect(guest.call(222, .max & ~0xfff, 4096, 3, 0x32, .max, 0) == -12)
    #expect(guest.call(215, address + 1, 4096) == -22)
    #expect(guest.call(215, address, .max) == -22)
  }

  @Test("mremap grows in place, moves, shrinks; madvise gives back")
  func mremap() throws {
    let guest = try LinuxGuest()
    let low = UInt64(guest.call(222, 0x2000_0000, 0x2000, 3, 0x32, .max, 0))
    guest.space.write(low, UInt64(11))
    guest.space.write(low + 0x1ff8, UInt64(22))
    #expect(guest.call(216, low, 0x2000, 0x4000, 0) == Int64(low))
    #expect(guest.space.read(low + 0x3ff8, as: UInt64.self) == 0)
    #expect(guest.call(222, 0x2000_4000, 0x1000, 3, 0x32, .max, 0) == 0x2000_4000)
    #expect(guest.call(216, low, 0x4000, 0x8000, 0) == -12)
    let moved = guest.call(216, low, 0x4000, 0x8000, 1)
    #expect(moved > 0 && moved != Int64(low))
    #expect(guest.space.rights(at: low) == [])
    #expect(guest.space.read(UInt64(moved), as: UInt64.self) == 11)
    #expect(guest.space.read(UInt64(moved) + 0x1ff8, as: UInt64.self) == 22)
    #expect(guest.call(216, UInt64(moved), 0x8000, 0x1000, 0) == moved)
    #expect(guest.space.rights(at: UInt64(moved) + 0x1000) == [])
    #expect(guest.call(216, UInt64(moved), 0x1000, 0x1000, 3, low) == Int64(low))
    #expect(guest.space.read(low, as: UInt64.self) == 11)
    #expect(guest.call(216, 0x7000_0000, 0x1000, 0x2000, 1) == -14)
    #expect(guest.call(216, low, 0x1000, 0, 1) == -22)
    #expect(guest.call(233, low, 0x1000, 4) == 0)
    #expect(guest.space.read(low, as: UInt64.self) == 0)
    #expect(guest.call(233, low, 0x10_0000, 4) == -12)
    #expect(guest.call(233, low, 0x1000, 99) == -22)
    // A page of the program comes back as the file has it.
    #expect(guest.call(233, 0x10000, 0x1000, 4) == 0)
    #expect(guest.space.read(0x10100, as: UInt32.self) == 0x73)
    #expect(guest.call(232, low, 0x1000, guest.scratch) == 0)
    #expect(guest.call(228, low, 10) == 0)
  }

  @Test("Files are mapped privately and shared")
  func mapFile() throws {
    let guest = try LinuxGuest()
    try String(repeating: "abcdefgh", count: 1000).write(toFile: guest.folder.file("f"), atomically: true, encoding: .utf8)
    let file = UInt64(guest.open("f", 2))
    let own = UInt64(guest.call(222, 0, 8000, 3, 2, file, 0))
    let shared = UInt64(guest.call(222, 0, 8000, 3, 1, file, 0))
    let part = UInt64(guest.call(222, 0, 100, 1, 2, file, 4096))
    #expect(guest.space.read(own + 9, as: UInt8.self) == 0x62)
    #expect(guest.space.read(part, as: UInt8.self) == 0x61)
    #expect(guest.space.read(own + 8000, as: UInt8.self) == 0)
    guest.space.write(own, UInt8(0x58))
    guest.space.write(shared + 1, UInt8(0x59))
    #expect(guest.call(57, file) == 0)
    #expect(guest.call(227, shared, 8000, 4) == 0)
    #expect(guest.folder.contents("f").hasPrefix("aYcdefgh"))
    guest.space.write(shared + 7999, UInt8(0x5a))
    #expect(guest.call(215, shared + 4096, 4096) == 0)
    #expect(guest.folder.contents("f").hasSuffix("abcdefgZ"))
    #expect(guest.folder.contents("f").utf8.count == 8000)
    guest.space.write(shared + 2, UInt8(0x57))
    guest.call(94, 0)
    #expect(guest.ending == .exited(0))
    #expect(guest.folder.contents("f").hasPrefix("aYWdefgh"))
  }

  // MARK: Files

  @Test("open, read, write, seek, close")
  func files() throws {
    let guest = try LinuxGuest()
    #expect(guest.open("f", 0) == -2)
    #expect(guest.open("f", 0o101) == 3)
    let buffer = guest.put("hello, world", at: 0x100)
    #expect(guest.call(64, 3, buffer, 12) == 12)
    #expect(guest.call(63, 3, buffer, 12) == -9)
    #expect(guest.call(57, 3) == 0)
    #expect(guest.call(57, 3) == -9)
    #expect(guest.open("f", 0o301) == -17)
    #expect(guest.open("f", 2) == 3)
    #expect(guest.call(62, 3, 7, 0) == 7)
    #expect(guest.call(63, 3, guest.scratch, 100) == 5)
    #expect(guest.space.read(guest.scratch, count: 5) == Array("world".utf8))
    #expect(guest.call(63, 3, guest.scratch, 100) == 0)
    #expect(guest.call(67, 3, guest.scratch, 4, 1) == 4)
    #expect(guest.space.read(guest.scratch, count: 4) == Array("ello".utf8))
    #expect(guest.call(68, 3, buffer, 5, 20) == 5)
    #expect(guest.call(68, 3, buffer, 5, .max) == -22)
    #expect(guest.call(62, 3, 0, 2) == 25)
    #expect(guest.call(62, 3, UInt64(bitPattern: -100), 1) == -22)
    #expect(guest.call(62, 3, 0, 77) == -22)
    #expect(guest.call(46, 3, 5) == 0)
    #expect(guest.folder.contents("f") == "hello")
    #expect(guest.call(46, 3, .max) == -22)
    #expect(guest.call(82, 3) == 0 && guest.call(83, 3) == 0)
    #expect(guest.call(45, guest.put(guest.folder.file("f")), 2) == 0)
    #expect(guest.folder.contents("f") == "he")
    #expect(guest.call(64, 77, buffer, 1) == -9)
    #expect(guest.call(64, .max, buffer, 1) == -9)
  }

  @Test("Buffers that run into a hole move what they can")
  func partial() throws {
    let guest = try LinuxGuest()
    try String(repeating: "x", count: 10000).write(toFile: guest.folder.file("f"), atomically: true, encoding: .utf8)
    let file = UInt64(guest.open("f", 2))
    let end = guest.scratch + 0x10000
    #expect(guest.call(63, file, end - 100, 5000) == 100)
    #expect(guest.call(62, file, 0, 1) == 100)
    #expect(guest.call(63, file, end, 10) == -14)
    #expect(guest.call(63, file, 0, 10) == -14)
    #expect(guest.call(63, file, 0, 0) == 0)
    #expect(guest.call(63, file, .max, .max) == -14)
    #expect(guest.call(64, file, end - 7, .max) == 7)
    #expect(guest.call(64, file, 0x10100, 4) == 4)
    #expect(guest.call(63, file, 0x10100, 4) == -14)
    // A vector: the second piece is bad.
    let vector = guest.scratch
    for (index, word) in [guest.scratch + 0x1000, 10, 0, 10].enumerated() { guest.space.write(vector + UInt64(index * 8), word) }
    #expect(guest.call(65, file, vector, 2) == 10)
    #expect(guest.call(66, file, vector, 2) == 10)
    #expect(guest.call(65, file, vector, 1025) == -22)
    #expect(guest.call(65, file, end, 2) == -14)
    #expect(guest.call(65, file, vector, 0) == 0)
    guest.space.write(vector + 8, UInt64.max)
    #expect(guest.call(65, file, vector, 2) == -22)
    #expect(guest.call(69, file, vector + 16, 1, 0) == -14)
  }

  @Test("Descriptors: lowest first, shared, closed on exec")
  func descriptors() throws {
    let guest = try LinuxGuest()
    try "abcdef".write(toFile: guest.folder.file("f"), atomically: true, encoding: .utf8)
    #expect(guest.open("f", 0) == 3)
    #expect(guest.call(23, 3) == 4)
    #expect(guest.call(24, 3, 9, 0o2000000) == 9)
    #expect(guest.call(24, 3, 3, 0) == -22)
    #expect(guest.call(24, 3, 5000, 0) == -9)
    #expect(guest.call(23, 77) == -9)
    #expect(guest.call(63, 3, guest.scratch, 2) == 2)
    #expect(guest.call(63, 9, guest.scratch, 2) == 2)
    #expect(guest.text(0) == "cd")
    #expect(guest.call(25, 9, 1) == 1 && guest.call(25, 4, 1) == 0)
    #expect(guest.call(25, 4, 2, 1) == 0 && guest.call(25, 4, 1) == 1)
    #expect(guest.call(25, 3, 3) == 0o100000)
    #expect(guest.call(25, 3, 0, 20) == 20)
    #expect(guest.call(25, 3, 0, .max) == -22)
    #expect(guest.call(25, 3, 1030, 5) == 5)
    #expect(guest.call(25, 3, 99) == -22)
    #expect(guest.call(57, 4) == 0)
    #expect(guest.open("f", 0) == 4)
    #expect(guest.call(436, 4, 100, 0) == 0)
    #expect(guest.call(63, 9, guest.scratch, 1) == -9 && guest.call(63, 3, guest.scratch, 1) == 1)
    // Standard output is given up and comes back.
    #expect(guest.call(23, 1) == 4)
    #expect(guest.call(57, 1) == 0)
    #expect(guest.call(64, 1, guest.scratch, 1) == -9)
    #expect(guest.call(24, 4, 1, 0) == 1)
    #expect(guest.call(64, 1, guest.put("out"), 3) == 3)
    #expect(guest.folder.contents("stdout") == "out")
    // The limit of open files is kept.
    guest.space.write(guest.scratch, UInt64(5))
    guest.space.write(guest.scratch + 8, UInt64(5))
    #expect(guest.call(261, 0, 7, guest.scratch, 0) == 0)
    #expect(guest.call(23, 3) == -24)
  }

  @Test("stat, statx, access, readlink, directories")
  func names() throws {
    let guest = try LinuxGuest()
    try "12345".write(toFile: guest.folder.file("f"), atomically: true, encoding: .utf8)
    #expect(guest.call(79, here, guest.put(guest.folder.file("f")), guest.scratch + 0x1000, 0) == 0)
    #expect(guest.word(0x1030) == 5)
    #expect(guest.half(0x1010) & 0o170000 == 0o100000)
    let inode = guest.word(0x1008)
    #expect(guest.open("f", 0) == 3)
    #expect(guest.call(80, 3, guest.scratch + 0x2000) == 0)
    #expect(guest.word(0x2008) == inode && guest.word(0x2030) == 5)
    #expect(guest.call(79, 3, guest.put(""), guest.scratch + 0x2000, 0x1000) == 0)
    #expect(guest.call(79, 3, guest.put(""), guest.scratch + 0x2000, 0) == -2)
    #expect(guest.call(79, here, 0, guest.scratch, 0) == -14)
    #expect(guest.call(80, 3, 0) == -14)
    #expect(guest.call(291, here, guest.put(guest.folder.file("f")), 0, 0x7ff, guest.scratch + 0x3000) == 0)
    #expect(guest.half(0x3000) == 0x7ff && guest.word(0x3020) == inode && guest.word(0x3028) == 5)
    #expect(guest.call(48, here, guest.put(guest.folder.file("f")), 4) == 0)
    #expect(guest.call(48, here, guest.put(guest.folder.file("g")), 4) == -2)
    #expect(guest.call(48, here, guest.put(guest.folder.file("f")), 9) == -22)
    #expect(guest.call(34, here, guest.put(guest.folder.file("d")), 0o755) == 0)
    #expect(guest.call(34, here, guest.put(guest.folder.file("d")), 0o755) == -17)
    let directory = guest.open("d", 0o200000)
    #expect(directory == 4)
    // Relative to a directory.
    #expect(guest.call(56, 4, guest.put("b"), 0o101, 0o600) == 5)
    #expect(guest.call(56, 4, guest.put("a"), 0o101, 0o600) == 6)
    #expect(guest.call(36, guest.put("a", at: 0x100), 4, guest.put("s")) == 0)
    #expect(guest.call(78, 4, guest.put("s"), guest.scratch + 0x100, 100) == 1)
    #expect(guest.call(78, 4, guest.put("a"), guest.scratch + 0x100, 100) == -22)
    #expect(guest.call(61, 4, guest.scratch + 0x4000, 4096) == 5 * 24)
    let entries = (0..<5).map { guest.text(0x4000 + 24 * $0 + 19) }
    #expect(entries == [".", "..", "a", "b", "s"])
    #expect(guest.call(61, 4, guest.scratch + 0x4000, 4096) == 0)
    #expect(guest.call(62, 4, 0, 0) == 0)
    #expect(guest.call(61, 4, guest.scratch + 0x4000, 50) == 48)
    #expect(guest.call(61, 4, guest.scratch + 0x4000, 10) == -22)
    #expect(guest.call(61, 3, guest.scratch + 0x4000, 4096) == -20)
    #expect(guest.call(276, 4, guest.put("a"), 4, guest.put("c", at: 0x100), 0) == 0)
    #expect(guest.call(276, 4, guest.put("b"), 4, guest.put("c", at: 0x100), 1) == -17)
    #expect(guest.call(37, 4, guest.put("b"), 4, guest.put("e", at: 0x100), 0) == 0)
    for name in ["b", "c", "e", "s"] { #expect(guest.call(35, 4, guest.put(name), 0) == 0) }
    #expect(guest.call(35, here, guest.put(guest.folder.file("d")), 0) < 0)
    #expect(guest.call(35, here, guest.put(guest.folder.file("d")), 0x200) == 0)
    #expect(guest.call(53, here, guest.put(guest.folder.file("f")), 0o400) == 0)
    #expect(guest.call(44, 3, guest.scratch) == 0 && guest.word(8) > 0 && guest.word(16) > 0)
    // Paths.
    #expect(guest.call(56, here, guest.put(String(repeating: "x", count: 5000)), 0) == -36)
    #expect(guest.call(56, here, guest.put(""), 0) == -2)
    #expect(guest.call(56, here, 0, 0) == -14)
  }

  @Test("The working directory is the guest's own")
  func workingDirectory() throws {
    let guest = try LinuxGuest()
    let before = FileManager.default.currentDirectoryPath
    #expect(guest.call(17, guest.scratch, 4096) == Int64(before.utf8.count + 1))
    #expect(guest.text(0) == before)
    #expect(guest.call(17, guest.scratch, 2) == -34)
    #expect(guest.call(49, guest.put(guest.folder.path)) == 0)
    #expect(guest.call(56, here, guest.put("made"), 0o101, 0o644) == 3)
    #expect(FileManager.default.fileExists(atPath: guest.folder.file("made")))
    #expect(guest.call(34, here, guest.put("d"), 0o755) == 0)
    #expect(guest.call(49, guest.put("d/../d")) == 0)
    _ = guest.call(17, guest.scratch, 4096)
    #expect(guest.text(0).hasSuffix("/d"))
    #expect(guest.call(49, guest.put("nowhere")) == -2)
    let parent = UInt64(guest.call(56, here, guest.put(".."), 0o200000))
    #expect(guest.call(50, parent) == 0)
    _ = guest.call(17, guest.scratch, 4096)
    #expect(!guest.text(0).hasSuffix("/d"))
    #expect(FileManager.default.currentDirectoryPath == before)
    #expect(guest.call(166, 0o77) == 0o22 && guest.call(166, 0o22) == 0o77)
  }

  @Test("The guest does not reach into the simulator")
  func isolation() throws {
    let guest = try LinuxGuest()
    for path in ["/proc/self/mem", "/proc/\(ProcessInfo.processInfo.processIdentifier)/mem", "/proc/../proc/self/mem"] {
      #expect(guest.call(56, here, guest.put(path), 2) == -13, "\(path)")
    }
    #expect(guest.call(56, here, guest.put("/proc/self/fd/77"), 0) == -2)
    #expect(guest.call(56, here, guest.put("/dev/fd/1"), 1) == 3)
    #expect(guest.call(64, 3, guest.put("x"), 1) == 1)
    #expect(guest.folder.contents("stdout") == "x")
    // The host's own standard streams survive.
    for descriptor in 0..<3 as Range<UInt64> { #expect(guest.call(57, descriptor) == 0) }
    #expect(fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0)
  }

  @Test("A file system that may not be changed is not")
  func readOnly() throws {
    let guest = try LinuxGuest { $0.files = .readOnly }
    try "x".write(toFile: guest.folder.file("f"), atomically: true, encoding: .utf8)
    #expect(guest.open("g", 0o101) == -30)
    #expect(guest.open("f", 1) == -30)
    #expect(guest.open("f", 0o1000) == -30)
    #expect(guest.open("f", 0o100) == 3)
    #expect(guest.call(35, here, guest.put(guest.folder.file("f")), 0) == -30)
    #expect(guest.call(34, here, guest.put(guest.folder.file("d")), 0) == -30)
    #expect(guest.call(45, guest.put(guest.folder.file("f")), 0) == -30)
    #expect(guest.call(56, here, guest.put("/dev/null"), 0o1101) == 4)
    #expect(guest.call(64, 1, guest.put("x"), 1) == 1)
    #expect(guest.folder.contents("f") == "x")
  }

  @Test("A pipe without a reader is EPIPE and SIGPIPE, for the guest alone")
  func brokenPipe() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    close(ends[0])
    let output = ends[1]
    defer { close(output) }
    let guest = try LinuxGuest { $0.standardOutput = .descriptor(output) }
    guest.space.write(guest.scratch, UInt64(1))
    #expect(guest.call(134, 13, guest.scratch, 0, 8) == 0)
    #expect(guest.call(64, 1, guest.scratch, 1) == -32)
    #expect(guest.ending == nil)
    guest.space.write(guest.scratch, UInt64(0))
    #expect(guest.call(134, 13, guest.scratch, 0, 8) == 0)
    guest.call(64, 1, guest.scratch, 1)
    #expect(guest.ending == .killed(signal: 13, trap: nil))
  }

  @Test("A read that waits lets go when the simulator is to pause, and is made again afterwards")
  func pause() throws {
    final class Shared: @unchecked Sendable {
      let guest: LinuxGuest
      private let lock = NSLock()
      private var stored: Ending?
      init(_ guest: LinuxGuest) { self.guest = guest }
      var result: Ending? {
        get { lock.withLock { stored } }
        set { lock.withLock { stored = newValue } }
      }
    }
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (input, output) = (ends[0], ends[1])
    defer { close(input) }
    // Without SA_RESTART: the host's read is interrupted.
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    sigaction(SIGUSR1, &action, nil)
    // li a7, 63; ecall; li a7, 93; ecall
    let guest = try LinuxGuest(words: [0x03f0_0893, 0x73, 0x05d0_0893, 0x73]) { $0.standardInput = .descriptor(input) }
    (guest.hart.pc, guest.hart[x: 10], guest.hart[x: 11], guest.hart[x: 12]) = (0x10100, 0, guest.scratch, 100)
    let shared = Shared(guest)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(shared)
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let shared = Unmanaged<Shared>.fromOpaque(argument).takeRetainedValue()
        // Threads that tests run on block signals, and their children inherit that.
        var signals = sigset_t()
        sigaddset(&signals, SIGUSR1)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        shared.result = shared.guest.system.run()
        return nil
      }, context.toOpaque())
    // Until it is inside its read.
    for _ in 0..<1000 where guest.hart.retired == 0 { usleep(5000) }
    usleep(20_000)
    #expect(shared.result == nil)
    guest.system.requestPause()
    for _ in 0..<1000 where shared.result == nil {
      pthread_kill(thread, SIGUSR1)
      usleep(5000)
    }
    try #require(shared.result != nil)
    pthread_join(thread, nil)
    #expect(shared.result == .interrupted)
    #expect(guest.hart.pc == 0x10104)
    #expect(write(output, "hello", 5) == 5)
    close(output)
    // exit(5): what read returned.
    #expect(guest.system.run() == .exited(5))
    #expect(guest.text(0) == "hello")
  }

  @Test("A file is no terminal")
  func terminal() throws {
    let guest = try LinuxGuest()
    #expect(guest.call(29, 1, 0x5401, guest.scratch) == -25)
    #expect(guest.call(29, 77, 0x5401, guest.scratch) == -9)
    #expect(guest.call(29, 1, 0x5413, guest.scratch) == -25)
    #expect(guest.call(29, 1, 0x5451, 0) == 0 && guest.call(25, 1, 1) == 1)
  }
}
