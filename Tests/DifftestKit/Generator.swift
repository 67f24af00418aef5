import RVDecoder

/// Makes random programs: the same for the same seed and options.
///
/// Each program visits every row of the instruction set `visits` times, in random order, and each visit of a row asks for the
/// next of its cells (classes of operands, rounding modes, alignments): consecutive seeds fill all cells.
public struct Generator {
  public struct Options: Sendable {
    public var isa: ISA
    /// How often a program visits each row.
    public var visits: Int
    /// Misaligned accesses trap.
    public var misalignedTraps: Bool

    /// Programs of all privilege modes, instead of all instructions.
    public var isPrivileged = false

    /// Programs of vector instructions: a program visits `visits` cells.
    public internal(set) var vector: VectorOptions?

    public init(isa: ISA = .scalar, visits: Int = 12, misalignedTraps: Bool = false, isPrivileged: Bool = false) {
      self.isPrivileged = isPrivileged
      self.isa = isa
      self.visits = visits
      self.misalignedTraps = misalignedTraps
    }
  }

  let options: Options
  let decoder: Decoder
  let table = InstructionTable.shared
  let kinds: [RowKind]
  /// Rows whose operands may be anything, for stuffing.
  let plain: [RowInfo]
  let seed: UInt64
  var random: Random
  var items: [Item] = []
  var integers: [UInt64] = []
  var constants: [UInt64] = []
  /// Page of constants that the register points to.
  var constantPage = -1
  /// Rounding mode in frm as far as it is known.
  var frm: Int?
  var isUserMode = false
  var isInLoop = false
  /// Privileged programs: pmpcfg as it was written, and what satp and mstatus hold as far as later instructions have to know.
  var protection: [UInt8] = []
  var isTranslated = false
  /// Where the last entries of memory protection begin and end in the data.
  var edges: [UInt64] = []
  /// Timers; without them the program is compared at full speed, too, where time is another one.
  var usesTime: Bool { seed % 2 == 0 }
  var trapsReturn = false
  var trapsWait = false
  /// Vector programs.
  var context: VectorContext
  let vectorRows: [RowInfo]
  /// Registers that must keep their values for now.
  var kept: UInt32 = 0

  init(seed: UInt64, options: Options, shared: Shared) {
    self.seed = seed
    self.options = options
    decoder = shared.decoder
    kinds = shared.kinds
    plain = shared.plain
    vectorRows = shared.vectorRows
    let vlenb = (options.vector?.vlen ?? 128) / 8
    context = VectorContext(pools: VectorPools(vlenb: vlenb), vlenb: vlenb, elen: options.isa.contains(.zve64x) ? 3 : 2)
    random = Random(seed: seed)
  }

  /// What all programs of a run have in common.
  struct Shared: Sendable {
    let decoder: Decoder
    let kinds: [RowKind]
    let rows: [RowInfo]
    let plain: [RowInfo]
    let vectorRows: [RowInfo]
    /// Legal cells of vector rows.
    let cells: [VectorCell]
    /// What a program may be asked to visit: each of `cells`, with its number among those of its row and how many these are.
    let vectorTargets: [VectorTarget]
    /// The unmasked cells of each row whose operands are numbers.
    let numberRows: [[VectorCell]]
    /// Ways in which vector rows are reserved.
    let reserved: [ReservedTarget]
    /// Slots of ``VectorEncodings`` that are not full.
    let possibleEncodings: [Bool]
    /// VLEN in bytes.
    let vlenb: Int

    init(isa: ISA, vector: VectorOptions? = nil) {
      decoder = Decoder(isa: isa)
      kinds = InstructionTable.shared.rows.map { RowKind($0) }
      let kinds = kinds
      rows = InstructionTable.shared.rows.filter { $0.isEnabled(by: isa.extensions) }
      plain = rows.filter { if case .plain = kinds[Int($0.id)] { !VectorCells.isVector($0) } else { false } }
      vectorRows = vector == nil ? [] : VectorCells.rows(rows)
      vlenb = (vector?.vlen ?? 0) / 8
      cells = VectorCells.legal(vectorRows, isa: isa, vlenb: vlenb, decoder: decoder)
      vectorTargets = VectorTarget.all(cells)
      let unmasked = Dictionary(grouping: cells.filter { !$0.masked }) { $0.row }
      numberRows = vectorRows.filter { VectorCoverage.takesNumbers($0) }.compactMap { unmasked[Int($0.id)] }
      reserved = ReservedTarget.all(vectorRows, isa: isa, vlenb: vlenb, decoder: decoder)
      possibleEncodings = vectorRows.isEmpty ? [] : VectorEncodings.possible(decoder: decoder)
    }
  }

  mutating func program(_ shared: Shared) -> Program {
    if options.isPrivileged { return privilegedProgram() }
    if let vector = options.vector { return vectorProgram(shared, vector) }
    fillIntegers()
    start()
    var targets = shared.rows.flatMap { row in (0..<options.visits).map { (row, Int(seed) * options.visits + $0) } }
    targets.shuffle(using: &random)
    var next = 0
    while next < targets.count {
      if isUserMode && random.chance(5) { leaveUserMode() }
      switch random.below(100) {
      case 0..<4:
        let count = min(1 + random.below(4), targets.count - next)
        loop { generator in
          for (row, visit) in targets[next..<next + count] { generator.visit(row, visit) }
        }
        next += count
      case 4 where !isUserMode && random.chance(40): enterUserMode()
      case 5: illegal()
      case 6 where random.chance(50): changedCode()
      case 7 where random.chance(50): floatOff()
      case 8: badAccess()
      case 9: badJump()
      case 10 where options.isa.contains(.zca): jumpIntoMiddle()
      default:
        visit(targets[next].0, targets[next].1)
        next += 1
      }
    }
    if isUserMode { leaveUserMode() }
    end()
    return Program(seed: seed, items: items, integers: integers, constants: constants, data: noise())
  }

  /// What ``Layout/data`` begins with.
  func noise() -> [UInt8] {
    var noise = Random(seed: seed ^ 0x5eed)
    var data: [UInt8] = []
    data.reserveCapacity(Int(Layout.dataPages * 4096))
    while data.count < Int(Layout.dataPages * 4096) {
      data.put64(noise.chance(70) ? noise.next() : integers[noise.below(256)])
    }
    return data
  }

  mutating func visit(_ row: RowInfo, _ visit: Int) {
    switch kinds[Int(row.id)] {
    case .plain: plain(row)
    case .direct: direct(row)
    case .indirect: indirect(row)
    case .memory(let width): memory(row, width, visit)
    case .atomic(let width): atomic(row, width, visit)
    case .block: block(row)
    case .csr: csr(row)
    case .float(let shape): float(row, shape, visit)
    case .call: call(row)
    case .mret: isUserMode ? asIs(row) : enterUserMode()
    case .sret: isUserMode ? failingReturn() : enterUserMode(bySupervisor: true)
    case .fence: asIs(row)
    case .wfi: wfi(row)
    }
  }

  // MARK: Pieces

  mutating func append(_ kind: Item.Kind, pinned: Bool = false) {
    items.append(Item(number: items.count, kind: kind, isPinned: pinned))
  }

  /// Appends the instruction with this mnemonic.
  mutating func append(_ mnemonic: String, _ operands: Operands = Operands(), pinned: Bool = false) {
    guard let row = table.row(mnemonic: mnemonic), let word = Encoder.encode(row, operands) else {
      preconditionFailure("cannot encode \(mnemonic) \(operands)")
    }
    append(.word(word), pinned: pinned)
  }

  mutating func jump(_ mnemonic: String, _ operands: Operands, to target: Item.Target, pinned: Bool = false) {
    guard let row = table.row(mnemonic: mnemonic) else { preconditionFailure("no \(mnemonic)") }
    append(.jump(row: row.id, operands, target), pinned: pinned)
  }

  /// A random word of a row that leaves reserved registers alone.
  /// - Parameter freeBase: rs1 is a register that may be given a value.
  mutating func word(_ row: RowInfo, freeBase: Bool = false) -> (word: UInt32, op: Op)? {
    for _ in 0..<400 {
      let bits = UInt32(truncatingIfNeeded: random.next())
      guard let word = Encoder.word(of: row, bits: bits, decoder: decoder) else { continue }
      let op = decoder.decode(word)
      guard row.writes(op).x & (Reserved.mask | kept) == 0, !freeBase || isBase(op.rs1) else { continue }
      return (word, op)
    }
    return nil
  }

  /// A register that may be changed.
  mutating func register(not others: UInt32 = 0) -> UInt8 {
    while true {
      let number = UInt8(1 + random.below(27))
      if (Reserved.mask | kept | others) >> UInt32(number) & 1 == 0 { return number }
    }
  }

  /// Whether a register may be given a value now.
  func isBase(_ register: UInt8) -> Bool { Self.isFree(register) && kept >> UInt32(register) & 1 == 0 }

  static func isFree(_ register: UInt8) -> Bool { register != 0 && register < 32 && Reserved.mask >> UInt32(register) & 1 == 0 }

  /// Loads an interesting number into a register.
  mutating func refresh(_ register: UInt8, slot: Int? = nil) {
    guard isBase(register) else { return }
    let slot = slot ?? random.below(Layout.integerCount)
    append("ld", Operands(rd: register, rs1: Reserved.integers, imm: Int32(slot * 8 - 2048)))
  }

  /// Loads interesting numbers into some of the x registers that an op reads.
  mutating func refreshSources(_ row: RowInfo, _ op: Op, percent: Int = 45) {
    let reads = row.reads(op).x
    var last: Int?
    for register in 1..<28 where reads >> UInt32(register) & 1 != 0 && random.chance(percent) {
      let slot = last != nil && random.chance(25) ? last : random.below(Layout.integerCount)
      refresh(UInt8(register), slot: slot)
      last = slot
    }
  }

  mutating func plain(_ row: RowInfo) {
    guard let (word, op) = word(row) else { return }
    if random.chance(15), row.reads(op).x.nonzeroBitCount == 2 {
      // Extremes together: the lowest number by -1, anything by 0.
      refresh(op.rs1, slot: Self.firstExtreme + random.below(3))
      refresh(op.rs2, slot: Self.firstExtreme + 3 + random.below(3))
    } else {
      refreshSources(row, op)
    }
    append(.word(word))
  }

  /// Instructions that a jump may leave out.
  mutating func stuffing(_ count: Int) {
    for _ in 0..<count { if let (word, _) = word(random.pick(plain)) { append(.word(word)) } }
  }

  mutating func fillIntegers() {
    let special: [UInt64] = [
      0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000,
      0xffff_ffff, 0x1_0000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001, ~0, ~1, ~127, ~128,
      0xffff_ffff_8000_0000, 0xffff_ffff_7fff_ffff, 0xffff_ffff_0000_0000, 0x5555_5555_5555_5555, 0xaaaa_aaaa_aaaa_aaaa,
      0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210, 0x00ff_00ff_00ff_00ff, 0x8080_8080_8080_8080, 0x0101_0101_0101_0101,
    ]
    while integers.count < Layout.integerCount {
      let value: UInt64
      switch random.below(6) {
      case 0: value = random.next()
      case 1: value = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: random.next())))
      case 2: value = (1 << UInt64(random.below(64))) &+ UInt64(bitPattern: Int64(random.below(3) - 1))
      default: value = random.pick(special)
      }
      integers.append(value)
    }
    for (index, value) in Self.extremes.enumerated() { integers[Self.firstExtreme + index] = value }
    for (index, address) in Self.badAddresses.enumerated() { integers[Self.firstBad + index] = address }
  }

  /// Slots of ``extremes``.
  static let firstExtreme = 456
  /// Three lowest numbers, then what overflows or has no quotient with them.
  static let extremes: [UInt64] = [1 << 63, 0xffff_ffff_8000_0000, 0x8000_0000, ~0, 0, 0xffff_ffff]

  /// Slots of ``badAddresses``.
  static let firstBad = 440
  /// Where nothing is, on Spike or here.
  static let badAddresses: [UInt64] = [
    0x4000_0000, 0x4000_0001, 0x7fff_fff8, 0x7fff_f000, Layout.end, Layout.end + 2, Layout.end + 0x1000, 0x1_0000_0000,
    0xffff_ffff_ffff_f000, 0xffff_ffff_ffff_fff8, 0x8000_0000_0000_0000, 0xffff_ffff_8000_0000, 0x00ff_ffff_ffff_fff0,
    0x2000_0004, 0x6000_0000, 0x1_8000_0000,
  ]
}
