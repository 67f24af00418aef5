import Foundation
import Testing

@testable import RVLoader

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}

/// Files spoilt at random, from seeds: whatever they contain, nothing crashes, hangs or takes memory it has no use for.
@Suite(.serialized) struct FuzzTests {
  private static let extremes: [UInt64] = [
    0, 1, 2, 7, 8, 23, 24, 55, 63, 64, 0x7f, 0xff, 0xff00, 0xfff1, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
    0x1_0000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_fff0, .max,
  ]

  /// Between one and four changes: a bit, a byte, a field, a field with a value near the size of the file, or a cut.
  private func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator, areas: [Range<Int>]) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !result.isEmpty else { break }
      let everywhere = result.indices
      let area = areas.randomElement(using: &random)?.clamped(to: everywhere) ?? everywhere
      let place = Int.random(in: area.isEmpty ? everywhere : area, using: &random)
      switch Int.random(in: 0..<16, using: &random) {
      case 0..<4: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 4..<8: result[place] = UInt8.random(in: 0...255, using: &random)
      case 8..<15:
        let width = [1, 2, 4, 8].randomElement(using: &random) ?? 8
        let near = UInt64(bytes.count) &+ UInt64.random(in: 0...16, using: &random) &- 8
        let value = Bool.random(using: &random) ? near : Self.extremes.randomElement(using: &random) ?? 0
        let start = place / width * width
        for (offset, byte) in ELFBuilder.bytes(value).prefix(width).enumerated() where start + offset < result.count {
          result[start + offset] = byte
        }
      default: result.removeLast(result.count - place)
      }
    }
    return result
  }

  /// The most memory this process has had, in bytes.
  private var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// What holds for every image that was accepted.
  private func check(_ image: Image, fileSize: Int) -> Bool {
    var previous: UInt64 = 0
    var total: UInt64 = 0
    for segment in image.segments {
      guard segment.address >= previous, UInt64(segment.bytes.count) <= segment.memorySize, segment.bytes.count <= fileSize,
        segment.memorySize > 0, segment.end > segment.address, segment.alignment > 0
      else { return false }
      previous = segment.end
      total += segment.memorySize
    }
    guard total <= 2 << 30, image.entry & 1 == 0 else { return false }
    guard image.segment(containing: image.entry)?.flags.contains(.execute) == true else { return false }
    let symbols = image.symbols.all
    // A name that is not UTF-8 was repaired and is not found by what it was repaired to.
    for symbol in symbols.prefix(4) where !symbol.name.contains("\u{fffd}") {
      guard let found = image.symbols[symbol.name], found.name == symbol.name else { return false }
      guard image.symbols.labels(at: symbol.address).contains(symbol) else { return false }
      if let (owner, offset) = image.symbols.symbol(containing: symbol.address) {
        guard owner.address &+ offset == symbol.address else { return false }
      }
    }
    return image.placed(at: 0xffff_ffff_0000_0000).segments.count == image.segments.count
  }

  @Test(.timeLimit(.minutes(10))) func images() {
    let executable = ELFBuilder.complete().build()
    var builder = ELFBuilder.complete()
    builder.type = 3
    builder.data = Array("/lib/ld.so\0padded".utf8)
    builder.programs += [
      .init(type: 3, flags: 4, offset: 0x200, address: 0x11200, fileSize: 11, memorySize: 11),
      .init(type: 7, flags: 4, offset: 0x200, address: 0x11200, fileSize: 8, memorySize: 24, alignment: 8),
      .init(type: 0x6474_e552, flags: 4, offset: 0x200, address: 0x11200, fileSize: 8, memorySize: 8),
    ]
    let dynamic = builder.build()
    var random = SeededGenerator(state: 2026)
    var accepted = 0
    var reasons: Set<String> = []
    let before = peakMemory
    let rounds = ProcessInfo.processInfo.environment["RVSIM_FUZZ_FILES"].flatMap { Int($0) } ?? 20_000
    for round in 0..<rounds {
      let seed = round % 2 == 0 ? executable : dynamic
      let bytes = mutate(seed, &random, areas: [0..<64, 64..<360, 0x200..<seed.count, seed.count - 512..<seed.count])
      do throws(LoadError) {
        let image = try Image(bytes: bytes, name: "fuzz")
        accepted += 1
        if !check(image, fileSize: bytes.count) { Issue.record("round \(round): a promise is broken") }
      } catch {
        reasons.insert(String(String(describing: error.reason).prefix(24)))
        if error.description.contains("\n") { Issue.record("round \(round): \(error)") }
      }
    }
    #expect(accepted > 2000)
    #expect(reasons.count > 20)
    #expect(peakMemory - before < 256 << 20)
  }

  @Test(.enabled(if: Toolchain.clang != nil, "no clang with ld.lld beside swift"), .timeLimit(.minutes(10)))
  func lineTables() throws {
    let folder = try TemporaryFolder()
    try Toolchain.write(Toolchain.program, "program.c", in: folder)
    let clang = try #require(Toolchain.clang)
    var random = SeededGenerator(state: 500)
    let rounds = ProcessInfo.processInfo.environment["RVLOADER_FUZZ_LINES"].flatMap { Int($0) } ?? 600
    for (options, number) in zip([["-gdwarf-4"], ["-gdwarf-5"], ["-gdwarf-5", "-gz"]], 0...) {
      try Toolchain.run(clang, Toolchain.bareMetal + ["-O1", "program.c", "-o", "\(number)"] + options, in: folder)
      let path = folder.path + "/\(number)"
      let seed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let image = try Image(bytes: seed, name: path)
      #expect(LineTable(bytes: seed)?.location(of: image.entry) == LineTable(path: path)?.location(of: image.entry))
      let before = peakMemory
      for _ in 0..<rounds / 3 {
        let bytes = mutate(seed, &random, areas: [0..<64, 64..<0x200, 0x200..<seed.count - 1024, seed.count - 1024..<seed.count])
        guard let table = LineTable(bytes: bytes) else { continue }
        for address in stride(from: image.addresses.lowerBound, to: image.addresses.upperBound, by: 64) {
          _ = table.location(of: address)
        }
        _ = table.location(of: image.entry)
      }
      #expect(peakMemory - before < 256 << 20)
    }
  }
}
