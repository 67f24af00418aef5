import RVDecoder
import Testing

import RVExec

@Suite("Layout that loops and translators rely on")
struct LayoutTests {
  @Test("an op has 16 bytes and its first byte says where the loop jumps to")
  func opSize() {
    #expect(MemoryLayout<Op>.size == 16)
    #expect(MemoryLayout<Op>.stride == 16)
    #expect(MemoryLayout<Op>.offset(of: \.fast) == 0)
  }

  @Test("a retired instruction has 8 bytes")
  func retiredSize() { #expect(MemoryLayout<Retired>.stride == 8) }

  @Test("the hart's header has fixed offsets")
  func hartOffsets() {
    #expect(MemoryLayout<HartState>.offset(of: \.x) == 0)
    #expect(MemoryLayout<HartState>.offset(of: \.f) == 272)
    #expect(MemoryLayout<HartState>.offset(of: \.pc) == 528)
    #expect(MemoryLayout<HartState>.offset(of: \.retired) == 536)
    #expect(MemoryLayout<HartState>.offset(of: \.deadline) == 544)
    #expect(MemoryLayout<HartState>.offset(of: \.fflags) == 552)
    #expect(MemoryLayout<HartState>.offset(of: \.frm) == 553)
    #expect(MemoryLayout<HartState>.offset(of: \.hostRounding) == 554)
    #expect(MemoryLayout<HartState>.offset(of: \.fs) == 555)
    #expect(MemoryLayout<HartState>.offset(of: \.vs) == 556)
    #expect(MemoryLayout<HartState>.offset(of: \.privilege) == 557)
    #expect(MemoryLayout<HartState>.offset(of: \.alignmentMask) == 558)
    #expect(MemoryLayout<HartState>.offset(of: \.memoryBase) == 560)
    #expect(MemoryLayout<HartState>.offset(of: \.memorySize) == 568)
    #expect(MemoryLayout<HartState>.offset(of: \.memoryRights) == 576)
    #expect(MemoryLayout<HartState>.offset(of: \.codeArena) == 584)
    #expect(MemoryLayout<HartState>.offset(of: \.jumpCache) == 592)
    #expect(MemoryLayout<HartState>.offset(of: \.reservation) == 600)
    #expect(MemoryLayout<HartState>.offset(of: \.reservationWidth) == 608)
    #expect(MemoryLayout<HartState>.offset(of: \.attention) == 624)
    #expect(MemoryLayout<HartState>.offset(of: \.loadTable) == 632)
    #expect(MemoryLayout<HartState>.offset(of: \.storeTable) == 640)
    #expect(MemoryLayout<HartState>.offset(of: \.ms) == 702)
  }
}
