import RVDecoder
import RVExec
import Testing

/// Vectors in the frames of signals, as Linux keeps them.
@Suite("Vectors and signals", .enabled(if: LinuxToolchain.gcc != nil, "riscv64-linux-gnu-gcc is not installed"))
struct VectorSignalTests {
  @Test("a handler that clobbers all vector state disturbs nothing, and what it changes in its frame arrives", arguments: [64, 128, 1024])
  func clobbered(vlen: Int) throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(try LinuxToolchain.guest("vectors"), in: folder)
    let isa = try ISA.max.withVectors(vlen: vlen, elen: nil, narrowing: true)
    let result = try LinuxToolchain.simulate(program, isa: isa, in: folder)
    #expect(result.ending == .exited(0))
    // V itself promises registers of 128 bits; the frame is 1088 bytes, two headers' worth of 8 and 48 bytes before the registers.
    #expect(
      result.output == """
        before vectors: magic 0x0
        V in AT_HWCAP: \(vlen >= 128 ? 1 : 0), AT_MINSIGSTKSZ less 32 registers: 1152
        vl 3, vtype 0x11, vcsr 4, 0 bytes differ
        frame: magic 0x53465457, size 56, vl 3, vlenb as read, v8 begins with 3
        vl 3, vtype 0x11, vcsr 4, 1 bytes differ
        frame: magic 0x53465457, size 56, vl 3, vlenb as read, v8 begins with 3

        """)
  }
}
