import DifftestKit
import Foundation
import RVExec
import Testing

/// Every register of every device, at every offset and in every width, against Spike.
@Suite(.enabled(if: BareGuest.clang != nil && Spike.find() != nil, "no clang beside swift, or no Spike"))
struct DevicePokeTests {
  private typealias Poke = DevicePokes.Poke
  private static let count = 3000

  private func check(_ pokes: [Poke], served: Int = 3, mask: (Poke) -> UInt64 = { _ in .max }) throws {
    let comparison = try DevicePokes.compare(pokes)
    #expect(comparison.rvsim.count == pokes.count && comparison.spike.count == pokes.count)
    #expect(comparison.rvsimOutput == comparison.spikeOutput)
    var differences: [String] = []
    for (index, poke) in pokes.enumerated() where index < min(comparison.rvsim.count, comparison.spike.count) {
      let (ours, theirs) = (comparison.rvsim[index], comparison.spike[index])
      if ours.state == theirs.state, (ours.value ^ theirs.value) & mask(poke) == 0 { continue }
      differences.append(
        "\(index): \(DevicePokes.operations[poke.operation]) 0x\(String(poke.address, radix: 16)), 0x\(String(poke.value, radix: 16)): \(ours), Spike \(theirs)"
      )
    }
    #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(10).joined(separator: "\n"))")
    // A test that everything traps would pass as well.
    #expect(comparison.rvsim.count { $0.value >> 8 != .max >> 8 } > pokes.count / served)
  }

  /// Offsets close to `spots`, or, sometimes, anywhere in the device and just outside.
  private func pokes(_ seed: UInt64, base: UInt64, size: UInt64, spots: [(at: UInt64, length: Int)], aligned: Int = 40) -> [Poke]
  {
    var random = Random(seed: seed)
    return (0..<Self.count).map { _ in
      let operation = random.below(random.chance(20) ? DevicePokes.operations.count : 8)
      let spot = random.pick(spots)
      var offset = spot.at &+ UInt64(random.below(spot.length))
      if random.chance(10) { offset = UInt64(random.below(Int(size))) }
      if random.chance(3) { offset = size &- 9 &+ UInt64(random.below(12)) }
      if random.chance(3) { offset = 0 &- 1 &- UInt64(random.below(9)) }
      let value: UInt64 =
        switch random.below(5) {
        case 0: UInt64(random.below(256))
        case 1: 1 << UInt64(random.below(64))
        case 2: .max
        default: random.next()
        }
      // Misaligned atomics succeed in this Spike once the page has been accessed.
      if operation >= 8 || random.chance(aligned) { offset &= ~7 }
      return Poke(operation, base &+ offset, value)
    }
  }

  @Test("CLINT", arguments: [1, 2, 3] as [UInt64]) func clint(_ seed: UInt64) throws {
    let spots: [(UInt64, Int)] = [(0, 40), (0x3ff8, 16), (0x4000, 40), (0xbff0, 24)]
    // Time begins far from zero; no byte of what is written is so large that time carries into the ones that are compared.
    let first = Poke("sd", 0x200_bff8, 1 << 40)
    let pokes = pokes(seed, base: 0x200_0000, size: 0xc_0000, spots: spots).map {
      Poke($0.operation, $0.address, $0.value & 0x7f7f_7f7f_7f7f_7f7f)
    }
    try check([first] + pokes.filter { $0.isLoad || !isTime($0) || $0.operation < 8 }) { poke in
      // The low three bytes of mtime: time passes in steps of 5,000 instructions, and at every trap, in Spike.
      guard poke.isLoad || poke.operation >= 8 else { return .max }
      return (0..<poke.width).reduce(0) { mask, index in
        (0..<3).contains(poke.address &+ index &- 0x200_bff8) ? mask : mask | 0xff << (8 * index)
      } | (poke.width == 8 ? 0 : .max << (8 * poke.width))
    }
  }

  private func isTime(_ poke: Poke) -> Bool { poke.address &+ 7 >= 0x200_bff8 && poke.address < 0x200_c000 }

  @Test("PLIC without a request", arguments: [1, 2, 3] as [UInt64]) func plic(_ seed: UInt64) throws {
    let spots: [(UInt64, Int)] = [
      (0, 0x90), (0xff0, 0x20), (0x2000, 0x10), (0x2080, 0x10), (0x20f8, 0x10), (0x20_0000, 16), (0x20_1000, 16), (0x20_2000, 8),
    ]
    let pokes = pokes(seed, base: 0xc00_0000, size: 0x100_0000, spots: spots, aligned: 60)
    var random = Random(seed: seed)
    try check(pokes.map { random.chance(60) ? Poke(random.pick([2, 3, 6, 7]), $0.address, $0.value) : $0 })
  }

  @Test("UART", arguments: [1, 2, 3] as [UInt64]) func uart(_ seed: UInt64) throws {
    // Spike's divisor has no value at first.
    let first = [Poke("sb", 0x1000_0003, 0x80), Poke("sb", 0x1000_0001), Poke("sb", 0x1000_0003)]
    let bytes = pokes(seed, base: 0x1000_0000, size: 0x100, spots: [(0, 8), (0, 16)], aligned: 0)
    var random = Random(seed: seed)
    try check(first + bytes.map { random.chance(70) ? Poke(random.pick([0, 4]), $0.address, $0.value) : $0 })
  }

  @Test("the PLIC with the UART's request, claimed and completed in each context") func requests() throws {
    let (uart, plic) = (0x1000_0000 as UInt64, 0xc00_0000 as UInt64)
    var pokes: [Poke] = []
    for context in [0, 1] as [UInt64] {
      let enable = plic + 0x2000 + 0x80 * context
      let registers = plic + 0x20_0000 + 0x1000 * context
      for (priority, threshold) in [(5, 0), (5, 4), (5, 5), (15, 15), (15, 14), (1, 0), (0, 0)] as [(UInt64, UInt64)] {
        pokes += [
          Poke("sw", plic + 4, priority), Poke("sw", registers, threshold), Poke("sw", enable, 2), Poke("lwu", plic + 0x1000),
          Poke("sb", uart + 1, 2), Poke("lwu", plic + 0x1000), Poke("lbu", uart + 2), Poke("lwu", registers + 4),
          Poke("lwu", registers + 4), Poke("sw", registers + 4, 9), Poke("lwu", registers + 4), Poke("sw", registers + 4, 1),
          Poke("lwu", plic + 0x1000), Poke("ld", registers), Poke("sb", uart + 1, 0), Poke("sw", registers + 4, 1),
          Poke("sw", enable, 0),
        ]
        if threshold >= priority {
          // Still pending here, by the specification; Spike forgets what the device takes back.
          pokes += [Poke("sw", plic + 4, 15), Poke("sw", registers, 0), Poke("sb", uart + 1, 2), Poke("sw", enable, 2)]
          pokes += [Poke("lwu", registers + 4), Poke("sb", uart + 1, 0), Poke("sw", registers + 4, 1), Poke("sw", enable, 0)]
        }
      }
    }
    try check(pokes)
  }

  @Test("what lies between the devices and at their ends") func edges() throws {
    var pokes: [Poke] = []
    for base in [0x1000, 0x10_0000, 0x200_0000, 0x20c_0000, 0xd00_0000, 0x1000_0100, 0x8000_0000, 0x8400_0000] as [UInt64] {
      for operation in DevicePokes.operations.indices {
        for distance in (1...8) as ClosedRange<UInt64> where operation < 8 || distance == 8 {
          pokes.append(Poke(operation, base - distance, 0x1122_3344_5566_7788))
        }
        // Spike has no finisher, and another device tree.
        if base == 0x10_0000 || base == 0x1000 && operation > 3 && operation < 8 { continue }
        pokes.append(Poke(operation, base, 0))
      }
    }
    try check(pokes, served: 10)
  }

  @Test("a program that echoes by interrupt prints what Spike prints") func echo() throws {
    let code =
      DeviceNames.text + """
        handler took
        put 1, PLIC + 4; put 2, ENABLE; put 1, UART + 2, b; put 1, UART + 1, b
        li t0, 0x800; csrw mie, t0; csrsi mstatus, 8; li s1, UART; li s2, CONTEXT; li s3, 10
        1: wfi; j 1b
        .balign 4
        took: lw s4, 4(s2)
        2: lbu a0, (s1); sb a0, (s1); beq a0, s3, 3f; lbu a1, 5(s1); andi a1, a1, 1; bnez a1, 2b
        sw s4, 4(s2); mret
        3: exit 0
        """
    let input = String(repeating: "The quick brown fox jumps over the lazy dog; ", count: 20) + "\n"
    var spike = SpikeRun()
    let guest = try BareGuest.run(
      code, input: input, limit: 100_000_000, elsewhere: { spike = try SpikeRun(elf: $0, input: input) })
    #expect(guest.ending == .exited(0))
    #expect(guest.output == input)
    #expect(spike.output == input)
  }
}
