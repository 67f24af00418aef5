import RVDecoder
import Testing

@testable import DifftestKit

/// The parts of the differential test that need no Spike.
@Suite("Parts of the lock-step test")
struct LockstepPartsTests {
  private func program(_ seed: UInt64) -> Program {
    let shared = Generator.Shared(isa: .max)
    var generator = Generator(seed: seed, options: Generator.Options(visits: 2), shared: shared)
    return generator.program(shared)
  }

  @Test("a seed gives the same program each time, another seed another")
  func seeds() throws {
    let first = try #require(Assembly(program(7)))
    #expect(first.code == (try #require(Assembly(program(7)))).code)
    #expect(first.code != (try #require(Assembly(program(8)))).code)
  }

  @Test("jumps over removed pieces go to the next one that is left")
  func removal() throws {
    let whole = program(3)
    let half = whole.with(whole.items.filter { $0.isPinned || $0.number % 2 == 0 })
    let assembly = try #require(Assembly(half))
    #expect(assembly.addresses.count == half.items.count)
    #expect(assembly.code.count < (try #require(Assembly(whole))).code.count)
  }

  @Test("lines of a commit log")
  func log() {
    let text = """
      core   0: 3 0x0000000080000072 (0x1007352f) x10 0x000000000040c000 mem 0x0000000080001008
      core   0: exception trap_breakpoint, epc 0x0000000080000008
      core   0: 0 0x0000000080000094 (0x6385) c1_fflags 0x0000000000000011 f5  0xffffffff00000000 mem 0x0000000080001003 0x12ab
      core   0: 3 0x00000000800000aa (0x001
      """
    var log = CommitLog(bytes: Array(text.utf8))
    var entry = CommitLog.Entry()
    var more = log.next(&entry)
    #expect(more)
    #expect(entry.pc == 0x8000_0072 && entry.word == 0x1007_352f && entry.privilege == 3)
    #expect(entry.x.count == 1 && entry.x[0] == (10, 0x40c000) && entry.loads == [0x8000_1008])
    more = log.next(&entry)
    #expect(more)
    #expect(entry.privilege == 0 && entry.csr[0] == (1, 0x11) && entry.f[0] == (5, 0xffff_ffff_0000_0000))
    #expect(entry.stores.count == 1 && entry.stores[0] == (0x8000_1003, 2, 0x12ab))
    more = log.next(&entry)
    #expect(!more)
  }

  @Test("exact ties are what they are called")
  func ties() {
    var random = Random(seed: 1)
    for format in [FloatFormat.half, .single, .double] {
      for product in [false, true] {
        let count = (0..<100).count { _ in
          let (a, b) = FloatValues.tiePair(product: product, format, &random)
          return FloatValues.isTie(product: product, a, b, nil, format)
        }
        #expect(count > 50)
      }
    }
    // 1 + 2^-24 lies between 1 and the next single.
    #expect(FloatValues.isTie(product: false, 0x3f80_0000, 0x3380_0000, nil, .single))
    #expect(!FloatValues.isTie(product: false, 0x3f80_0000, 0x3400_0000, nil, .single))
  }
}
