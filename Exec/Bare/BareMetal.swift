import RVDecoder
import RVLoader

/// A bare machine: DRAM at 0x8000_0000, one hart in M mode, HTIF by the ELF's `tohost` and `fromhost` symbols.
public final class BareMetal: Platform {
  let space: AddressSpace
  let htif: HTIF?
  private var lastTrap: (pc: UInt64, retired: UInt64)?

  init(space: AddressSpace, htif: HTIF?) {
    self.space = space
    self.htif = htif
  }

  /// A machine with `image` in memory and its hart at reset.
  public static func system(_ image: Image, isa: ISA, memorySize: UInt64) throws(SystemError) -> System {
    guard let space = AddressSpace.physical(size: memorySize) else { throw .noMemory(bytes: memorySize) }
    for segment in image.segments {
      guard space.contains(segment.address, length: segment.memorySize), space.poke(segment.address, segment.bytes) else {
        throw .segmentOutsideMemory(address: segment.address, length: segment.memorySize)
      }
    }
    guard let hart = Hart(space: space, isa: isa, isUserMode: false) else { throw .noMemory(bytes: memorySize) }
    let htif = image.symbols["tohost"].map { HTIF(space: space, tohost: $0.address, fromhost: image.symbols["fromhost"]?.address) }
    space.bus = htif
    hart.pc = image.entry
    return System(space: space, hart: hart, platform: BareMetal(space: space, htif: htif))
  }

  public func handle(_ trap: Trap, on hart: Hart) -> PlatformAction {
    let handler = hart.csr.mtvec & ~3
    if handler == 0 || !space.rights(at: handler).contains(.execute) {
      return .end(.unhandled(trap, reason: "mtvec names no handler"))
    }
    if let lastTrap, lastTrap.pc == hart.pc, lastTrap.retired == hart.retired {
      return .end(.unhandled(trap, reason: "the trap handler itself traps"))
    }
    hart.takeTrap(trap)
    lastTrap = (hart.pc, hart.retired)
    return .resume
  }

  public func ending(of hart: Hart) -> Ending {
    if hart.waitsForInterrupt { return .asleep }
    return .exited(htif?.exitCode ?? 0)
  }
}
