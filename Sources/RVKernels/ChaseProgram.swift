import RVDecoder
import RVModels

/// A pointer chase as a program: lines of 64 bytes linked in a random ring through all of a size.
struct ChaseProgram {
  static let line = 64
  /// Steps that are timed, and steps before them.
  let steps: Int
  let bytes: [UInt8]

  /// The ring as steps of lines: where each leads to. The same on every host.
  static func ring(_ count: Int) -> [UInt32] {
    var order = (0..<UInt32(count)).map { $0 }
    var x: UInt64 = 0x2545_f491_4f6c_dd1d
    for index in stride(from: count - 1, to: 0, by: -1) {
      x ^= x << 13
      x ^= x >> 7
      x ^= x << 17
      order.swapAt(index, Int((x >> 11) % UInt64(index + 1)))
    }
    var next = [UInt32](repeating: 0, count: count)
    for index in 0..<count { next[Int(order[index])] = order[(index + 1) % count] }
    return next
  }

  init(_ access: ChaseTable.Access, bytes size: Int, ring: [UInt32]) {
    let count = size / Self.line
    let base = TinyProgram.dataAddress
    var data = [UInt8](repeating: 0, count: size)
    for index in 0..<count {
      let target = UInt64(ring[index]) * UInt64(Self.line) + (access == .index ? 0 : base)
      for k in 0..<8 { data[index * Self.line + k] = UInt8(truncatingIfNeeded: target >> UInt64(8 * k)) }
    }
    // Once round, so that caches and TLBs hold what they can.
    let unrolled = access == .eight ? 32 : 64
    let warm = min(max(count, 4096), 1 << 20) / unrolled
    let timed = min(max(count, 16384), 1 << 17) / (access == .eight ? 4 : 1) / unrolled
    steps = timed * unrolled
    var a = TinyProgram.Assembler()
    let chains: [UInt8] = access == .eight ? [8, 9, 18, 19, 20, 21, 22, 23] : [8]
    a.load(12, UInt32(base))
    // Eight chains begin at even distances in the ring.
    var place: UInt32 = 0
    for (number, register) in chains.enumerated() {
      a.load(register, UInt32(access == .index ? 0 : base) + place * UInt32(Self.line))
      if number + 1 < chains.count { for _ in 0..<count / chains.count { place = ring[Int(place)] } }
    }
    func loop(_ rounds: Int) {
      a.load(11, UInt32(rounds))
      let start = a.words.count
      for _ in 0..<unrolled {
        for register in chains {
          if access == .index {
            a.emit("add", .init(rd: 13, rs1: 12, rs2: register))
            a.emit("ld", .init(rd: register, rs1: 13, imm: 0))
          } else {
            a.emit("ld", .init(rd: register, rs1: register, imm: 0))
          }
        }
      }
      a.emit("addi", .init(rd: 11, rs1: 11, imm: -1))
      a.emit("bne", .init(rs1: 11, rs2: 0, imm: Int32(4 * (start - a.words.count))))
    }
    loop(access == .eight ? max(1, warm / 8) : warm)
    a.words.append(RegionMarker.begin)
    loop(timed)
    a.words.append(RegionMarker.end)
    a.exit()
    self.bytes = TinyProgram.elf(a.words, data: data, room: size)
  }
}

/// Runs pointer chases on a machine.
public struct ChaseValidation {
  public struct Result: Sendable {
    public var row: ChaseTable.Row
    /// Cycles of a step.
    public var predicted: Double
  }

  public private(set) var results: [Result] = []
  private let machine: Machine
  private let isa: ISA
  /// Rings are the same for all accesses of a size.
  private var ring: [UInt32] = []

  public init(_ machine: Machine, isa: ISA) {
    self.machine = machine
    self.isa = isa
  }

  /// - Returns: whether the program ran.
  public mutating func run(_ row: ChaseTable.Row) -> Bool {
    let count = row.bytes / ChaseProgram.line
    if ring.count != count { ring = ChaseProgram.ring(count) }
    let program = ChaseProgram(row.access, bytes: row.bytes, ring: ring)
    guard let ticks = LoopValidation.ticks(program.bytes, machine, isa) else { return false }
    results.append(Result(row: row, predicted: Double(ticks) / Double(Ticks.perCycle) / Double(program.steps)))
    return true
  }
}
