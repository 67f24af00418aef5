import Foundation
import RVDecoder
import RVExec
import RVLoader
import RVTraces
import Testing

@testable import DifftestKit

private let isWanted = Spike() != nil || ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty && $0 != "false" } ?? false

/// The commit log of random vector programs, with faults in the middle of accesses, types that are reserved and vectors that are off.
@Suite("Commit logs of vector programs", .enabled(if: isWanted, "RVSIM_SPIKE is not set and no spike is in PATH"))
struct VectorLogTests {
  /// Without the lines of -l.
  private static func commits(_ log: String) -> [Substring] {
    log.split(separator: "\n").filter { line in
      ["core   0: 0 0x", "core   0: 1 0x", "core   0: 3 0x"].contains { line.hasPrefix($0) }
    }
  }

  @Test("each line is Spike's", arguments: [64, 128, 1024])
  func asSpike(vlen: Int) throws {
    let vector = VectorOptions(vlen: vlen)
    let spike = try #require(Spike(vector: vector), "CI needs RVSIM_SPIKE")
    let options = try Generator.Options(vector: vector, visits: 900)
    let shared = Generator.Shared(isa: options.isa, vector: vector)
    let directory = try Files.temporaryDirectory()
    let (elf, theirs, own) = (directory + "/program.elf", directory + "/spike.log", directory + "/own.log")
    defer {
      for path in [elf, theirs, own] { Files.remove(path) }
      Files.removeDirectory(directory)
    }
    for seed in UInt64(1)...3 {
      var generator = Generator(seed: seed, options: options, shared: shared)
      let program = generator.program(shared)
      let bytes = ELFWriter.file(program, try #require(Assembly(program)))
      try Files.write(bytes, to: elf)
      try spike.run(elf: elf, log: theirs)

      var machine = BareOptions()
      machine.memorySize = Layout.memorySize
      let image = try Image(bytes: bytes, name: "program")
      let system = try BareMetal.system(image, isa: options.isa, options: machine)
      let file = try BufferedFile(path: own)
      let log = SpikeLog(file, of: system.hart, symbols: image.symbols, bootROM: true)
      system.observer = log
      _ = system.run(limit: 1_000_000)
      #expect(file.close() == nil)

      let lines = Self.commits(String(decoding: try Files.read(own), as: UTF8.self))
      let expected = Self.commits(String(decoding: try Files.read(theirs), as: UTF8.self))
      #expect(lines.count > 3000)
      // Spike goes on for a while behind the end.
      #expect(lines.count <= expected.count)
      if let index = zip(lines, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
        Issue.record("seed \(seed), line \(index): \(lines[index].prefix(3000)) here, \(expected[index].prefix(3000)) on Spike")
      }
    }
  }
}
