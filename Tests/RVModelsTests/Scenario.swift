import RVDecoder
import RVModels
import Testing

/// A few instructions straight into a model: what retires is made here, so that each test shows one behaviour.
final class Scenario {
  private let block: UnsafeMutableRawPointer
  private var count = 0
  private var records: [Retired] = []
  private var runs: [MemoryRun] = []
  private var vectors: [VectorStateChange]
  /// Sizes of tiles.
  private let tiles: [TileSizeChange]
  private let decoder: Decoder
  let model: TimingModel
  private static let blockSize = 1 << 16

  /// - Parameters:
  ///   - machine: by name.
  ///   - changes: of its values.
  ///   - adjust: changes what files of this machine do not have.
  ///   - isPerfect: neither fetching nor address translation gets in the way.
  init(
    _ machine: String = "generic-inorder", _ changes: [(key: String, value: String)] = [], isPerfect: Bool = false,
    vl: UInt32 = 32, vtype: UInt64 = 0xc0, tile: (m: UInt32, n: UInt32, k: UInt32)? = nil,
    _ adjust: (inout Machine) -> Void = { _ in }
  ) throws {
    let text = try #require(MachineLibrary.text(machine))
    var described = try Machine(text: text, file: machine, changes: changes)
    if isPerfect {
      (described.l1i, described.translation) = (nil, nil)
      (described.frontEnd.predictor, described.frontEnd.fetchBytes) = (.perfect, 64)
    }
    adjust(&described)
    model = TimingModel(described)
    decoder = Decoder(isa: .max)
    block = .allocate(byteCount: Self.blockSize, alignment: Self.blockSize)
    block.storeBytes(of: 0x10000, as: UInt64.self)
    vectors = [VectorStateChange(record: 0, vl: vl, vtype: vtype)]
    tiles = tile.map { [TileSizeChange(record: 0, m: $0.m, n: $0.n, k: $0.k)] } ?? []
    count = 64
  }

  deinit { block.deallocate() }

  /// An instruction retires.
  func retire(_ mnemonic: String, _ operands: Operands = Operands(), taken: Bool = false, _ accesses: [MemoryRun] = []) throws {
    let row = try #require(InstructionTable.shared.row(mnemonic: mnemonic))
    let word = try #require(Encoder.encode(row, operands), "\(mnemonic) has no such form")
    var op = decoder.decode(word)
    op.offset = UInt16(count * 4 & 0xffe)
    (block + count * MemoryLayout<Op>.stride).storeBytes(of: op, as: Op.self)
    records.append(Retired(slot: UInt32(count), flags: (taken ? [.taken] : []), memoryEntries: UInt16(accesses.count)))
    runs += accesses
    count += 1
  }

  func load(_ rd: UInt8, from address: UInt64, base: UInt8 = 0) throws {
    try retire("ld", .init(rd: rd, rs1: base), [MemoryRun(address: address, width: 8, kind: .load)])
  }

  func store(_ register: UInt8, to address: UInt64) throws {
    try retire("sd", .init(rs1: 0, rs2: register), [MemoryRun(address: address, width: 8, kind: .store)])
  }

  /// Cycles until everything so far is done.
  func cycles(batch: Int = 1024) -> UInt64 {
    let arena = OpArena(base: UnsafeRawPointer(block), blockSize: Self.blockSize, addressOffset: 0)
    var runStart = 0
    for start in stride(from: 0, to: records.count, by: batch) {
      let part = Array(records[start..<min(start + batch, records.count)])
      let runCount = part.map { Int($0.memoryEntries) }.reduce(0, +)
      let mine = Array(runs[runStart..<runStart + runCount])
      runStart += runCount
      let following = start + batch < records.count ? records[start + batch].slot : UInt32(count)
      let next = 0x10000 + UInt64(following) * 4 & 0xffe
      part.withUnsafeBufferPointer { part in
        mine.withUnsafeBufferPointer { mine in
          vectors.withUnsafeBufferPointer { vectors in
            tiles.withUnsafeBufferPointer { tiles in model.consume(part, mine, vectors, tiles, arena, next: next) }
          }
        }
      }
    }
    records = []
    runs = []
    return model.cycles
  }
}
