import DifftestKit
import RVDecoder

struct TheadOperands: Sendable {
  var rd = 0
  var rs1 = 0
  /// rd2 of pairs.
  var rs2 = 0
  /// imm5 (-16…15), imm6, imm1.
  var imm = 0
  var imm2 = 0
}

/// An instruction as the specification draws and describes it.
struct TheadInstruction: Sendable {
  /// The fields of the word besides custom-0.
  enum Form: Sendable {
    /// rd, rs1, rs2, imm2
    case indexed
    /// rd1, rd2, (rs1), imm2
    case pair
    /// rd, (rs1), imm5, imm2
    case increment
    /// rd, rs1, rs2
    case three
    /// rd, rs1
    case two
    /// rd, rs1, imm6
    case shift
    /// rd, rs1, imm5
    case wordShift
    /// rd, rs1, imm1, imm2
    case bits
    /// No operands
    case none
    /// rs1
    case address
    /// rs1, rs2
    case fence

    var hasDestination: Bool { self != .none && self != .address && self != .fence }
    var hasAddress: Bool { self != .none }
    var hasSecond: Bool { [.indexed, .pair, .three, .fence].contains(self) }
    /// All immediates.
    var immediates: [(imm: Int, imm2: Int)] {
      func all(_ first: Range<Int>, _ second: Range<Int>) -> [(imm: Int, imm2: Int)] {
        first.flatMap { i in second.map { (i, $0) } }
      }
      switch self {
      case .indexed, .pair: return all(0..<1, 0..<4)
      case .increment: return all(-16..<16, 0..<4)
      case .shift: return all(0..<64, 0..<1)
      case .wordShift: return all(0..<32, 0..<1)
      case .bits: return all(0..<64, 0..<64)
      case .three, .two, .none, .address, .fence: return all(0..<1, 0..<1)
      }
    }
  }

  enum Effect: Sendable {
    /// The new value of rd from rs1, rs2, rd and the immediates; `nil`: it stays.
    case compute(@Sendable (_ a: UInt64, _ b: UInt64, _ d: UInt64, _ o: TheadOperands) -> UInt64?)
    case load(bytes: Int, isSigned: Bool, Address)
    case store(bytes: Int, Address)
    case floatLoad(bytes: Int, Address)
    case floatStore(bytes: Int, Address)
    case loadPair(bytes: Int, isSigned: Bool)
    case storePair(bytes: Int)
    /// Nothing but caches, pipelines and translations.
    case nothing(isForUsers: Bool)
  }

  enum Address: Sendable { case after, before, register, word }

  let mnemonic: String
  let brings: Extension
  let form: Form
  let funct3: UInt32
  /// The highest field of the word.
  let top: UInt32
  let effect: Effect

  init(_ mnemonic: String, _ brings: Extension, _ form: Form, _ funct3: UInt32, _ top: UInt32, _ effect: Effect) {
    (self.mnemonic, self.brings, self.form, self.funct3, self.top, self.effect) = (
      "th." + mnemonic, brings, form, funct3, top, effect
    )
  }

  func word(_ o: TheadOperands) -> UInt32 {
    let low = 0x0b | UInt32(o.rd) << 7 | funct3 << 12 | UInt32(o.rs1) << 15
    let (second, imm, imm2) = (UInt32(o.rs2), UInt32(truncatingIfNeeded: o.imm), UInt32(o.imm2))
    switch form {
    case .indexed, .pair: return low | second << 20 | imm2 << 25 | top << 27
    case .increment: return low | (imm & 31) << 20 | imm2 << 25 | top << 27
    case .three, .fence: return low | second << 20 | top << 25
    case .two: return low | top << 25
    case .shift: return low | imm << 20 | top << 26
    case .wordShift: return low | imm << 20 | top << 25
    case .bits: return low | imm2 << 20 | imm << 26
    case .none, .address: return low | top << 20
    }
  }

  func isReserved(_ o: TheadOperands) -> Bool {
    switch effect {
    case .load(_, _, .after), .load(_, _, .before): o.rd == o.rs1
    case .loadPair: o.rd == o.rs1 || o.rs2 == o.rs1 || o.rd == o.rs2
    default: false
    }
  }

  /// Operands with all immediates, each as often as the others; x0 and equal registers among them.
  func cases(atLeast count: Int, seed: UInt64) -> [TheadOperands] {
    var random = Random(seed: seed &* 1000 &+ UInt64(word(TheadOperands())))
    func register(_ others: [Int]) -> Int {
      if random.chance(12) { return 0 }
      return !others.isEmpty && random.chance(20) ? random.pick(others) : random.below(32)
    }
    let immediates = form.immediates
    return (0..<(count + immediates.count - 1) / immediates.count).flatMap { _ in
      immediates.map { imm, imm2 in
        var o = TheadOperands(imm: imm, imm2: imm2)
        if form.hasAddress { o.rs1 = register([]) }
        if form.hasSecond { o.rs2 = register([o.rs1]) }
        if form.hasDestination { o.rd = register([o.rs1, o.rs2]) }
        return o
      }
    }
  }

  private static func sext(_ value: UInt64, _ bits: Int) -> UInt64 {
    UInt64(bitPattern: Int64(bitPattern: value << (64 - bits)) >> (64 - bits))
  }

  private static func bytewise(_ count: Int, _ body: (Int) -> UInt64) -> UInt64 {
    (0..<count).reduce(0) { $0 | (body($1) & 0xff) << (8 * $1) }
  }

  static let all: [TheadInstruction] = computing + accessing + managing

  private static let computing: [TheadInstruction] = [
    .init("addsl", .xtheadba, .indexed, 1, 0x00, .compute { a, b, _, o in a &+ b &* [1, 2, 4, 8][o.imm2] }),
    .init(
      "srri", .xtheadbb, .shift, 1, 0x04, .compute { a, _, _, o in (0..<o.imm).reduce(a) { r, _ in r >> 1 | (r & 1) << 63 } }),
    .init(
      "srriw", .xtheadbb, .wordShift, 1, 0x0a,
      .compute { a, _, _, o in sext((0..<o.imm).reduce(a & 0xffff_ffff) { r, _ in r >> 1 | (r & 1) << 31 }, 32) }),
    .init("ext", .xtheadbb, .bits, 2, 0, .compute { a, _, _, o in field(a, o).map { sext($0, o.imm - o.imm2 + 1) } }),
    .init("extu", .xtheadbb, .bits, 3, 0, .compute { a, _, _, o in field(a, o) }),
    .init("ff0", .xtheadbb, .two, 1, 0x42, .compute { a, _, _, _ in UInt64((0..<64).first { a >> (63 - $0) & 1 == 0 } ?? 64) }),
    .init("ff1", .xtheadbb, .two, 1, 0x43, .compute { a, _, _, _ in UInt64((0..<64).first { a >> (63 - $0) & 1 == 1 } ?? 64) }),
    .init("rev", .xtheadbb, .two, 1, 0x41, .compute { a, _, _, _ in bytewise(8) { a >> (56 - 8 * $0) } }),
    .init("revw", .xtheadbb, .two, 1, 0x48, .compute { a, _, _, _ in sext(bytewise(4) { a >> (24 - 8 * $0) }, 32) }),
    .init("tstnbz", .xtheadbb, .two, 1, 0x40, .compute { a, _, _, _ in bytewise(8) { a >> (8 * $0) & 0xff == 0 ? 0xff : 0 } }),
    .init("tst", .xtheadbs, .shift, 1, 0x22, .compute { a, _, _, o in a & 1 << o.imm != 0 ? 1 : 0 }),
    .init("mveqz", .xtheadcondmov, .three, 1, 0x20, .compute { a, b, _, _ in b == 0 ? a : nil }),
    .init("mvnez", .xtheadcondmov, .three, 1, 0x21, .compute { a, b, _, _ in b != 0 ? a : nil }),
    .init("mula", .xtheadmac, .three, 1, 0x10, .compute { a, b, d, _ in d &+ a &* b }),
    .init("muls", .xtheadmac, .three, 1, 0x11, .compute { a, b, d, _ in d &- a &* b }),
    .init("mulaw", .xtheadmac, .three, 1, 0x12, .compute { a, b, d, _ in sext(d &+ sext(a, 32) &* sext(b, 32), 32) }),
    .init("mulsw", .xtheadmac, .three, 1, 0x13, .compute { a, b, d, _ in sext(d &- sext(a, 32) &* sext(b, 32), 32) }),
    .init("mulah", .xtheadmac, .three, 1, 0x14, .compute { a, b, d, _ in sext(d &+ sext(a, 16) &* sext(b, 16), 32) }),
    .init("mulsh", .xtheadmac, .three, 1, 0x15, .compute { a, b, d, _ in sext(d &- sext(a, 16) &* sext(b, 16), 32) }),
  ]

  /// Bits imm1 (`imm`) to imm2.
  private static func field(_ a: UInt64, _ o: TheadOperands) -> UInt64? {
    o.imm < o.imm2 ? nil : (o.imm2...o.imm).reduce(0) { $0 | (a >> $1 & 1) << ($1 - o.imm2) }
  }

  private static let accessing: [TheadInstruction] = {
    var list: [TheadInstruction] = []
    let sizes: [(letter: String, bytes: Int, code: UInt32)] = [("b", 1, 0x00), ("h", 2, 0x04), ("w", 4, 0x08), ("d", 8, 0x0c)]
    for (letter, bytes, code) in sizes {
      // th.lbia … th.ldib, th.sbia … th.sdib; th.lrb, th.lurb, th.srb, th.surb …
      for (name, address, more) in [("ia", Address.after, 3), ("ib", .before, 1)] as [(String, Address, UInt32)] {
        list.append(
          .init("l\(letter)\(name)", .xtheadmemidx, .increment, 4, code + more, .load(bytes: bytes, isSigned: true, address)))
        list.append(.init("s\(letter)\(name)", .xtheadmemidx, .increment, 5, code + more, .store(bytes: bytes, address)))
        guard bytes < 8 else { continue }
        list.append(
          .init(
            "l\(letter)u\(name)", .xtheadmemidx, .increment, 4, code + more + 0x10, .load(bytes: bytes, isSigned: false, address))
        )
      }
      for (name, address, more) in [("r", Address.register, 0), ("ur", .word, 2)] as [(String, Address, UInt32)] {
        list.append(
          .init("l\(name)\(letter)", .xtheadmemidx, .indexed, 4, code + more, .load(bytes: bytes, isSigned: true, address)))
        list.append(.init("s\(name)\(letter)", .xtheadmemidx, .indexed, 5, code + more, .store(bytes: bytes, address)))
        if bytes < 8 {
          list.append(
            .init(
              "l\(name)\(letter)u", .xtheadmemidx, .indexed, 4, code + more + 0x10, .load(bytes: bytes, isSigned: false, address))
          )
        }
        guard bytes > 2 else { continue }
        list.append(.init("fl\(name)\(letter)", .xtheadfmemidx, .indexed, 6, code + more, .floatLoad(bytes: bytes, address)))
        list.append(.init("fs\(name)\(letter)", .xtheadfmemidx, .indexed, 7, code + more, .floatStore(bytes: bytes, address)))
      }
    }
    return list + [
      .init("lwd", .xtheadmempair, .pair, 4, 0x1c, .loadPair(bytes: 4, isSigned: true)),
      .init("lwud", .xtheadmempair, .pair, 4, 0x1e, .loadPair(bytes: 4, isSigned: false)),
      .init("ldd", .xtheadmempair, .pair, 4, 0x1f, .loadPair(bytes: 8, isSigned: true)),
      .init("swd", .xtheadmempair, .pair, 5, 0x1c, .storePair(bytes: 4)),
      .init("sdd", .xtheadmempair, .pair, 5, 0x1f, .storePair(bytes: 8)),
    ]
  }()

  private static let managing: [TheadInstruction] = {
    let all: [(String, UInt32)] = [
      ("dcache.call", 0x01), ("dcache.iall", 0x02), ("dcache.ciall", 0x03), ("icache.iall", 0x10), ("icache.ialls", 0x11),
      ("l2cache.call", 0x15), ("l2cache.iall", 0x16), ("l2cache.ciall", 0x17),
    ]
    let lines: [(String, UInt32, Bool)] = [
      ("dcache.csw", 0x01, false), ("dcache.isw", 0x02, false), ("dcache.cisw", 0x03, false), ("dcache.cval1", 0x04, true),
      ("dcache.cva", 0x05, false), ("dcache.iva", 0x06, false), ("dcache.civa", 0x07, true), ("dcache.cpal1", 0x08, false),
      ("dcache.cpa", 0x09, false), ("dcache.ipa", 0x0a, false), ("dcache.cipa", 0x0b, false), ("icache.iva", 0x10, true),
      ("icache.ipa", 0x18, false),
    ]
    let barriers: [(String, UInt32)] = [("sync", 0x18), ("sync.s", 0x19), ("sync.i", 0x1a), ("sync.is", 0x1b)]
    return all.map { .init($0, .xtheadcmo, .none, 0, $1, .nothing(isForUsers: false)) }
      + lines.map { .init($0, .xtheadcmo, .address, 0, 1 << 5 | $1, .nothing(isForUsers: $2)) }
      + barriers.map { .init($0, .xtheadsync, .none, 0, $1, .nothing(isForUsers: true)) }
      + [.init("sfence.vmas", .xtheadsync, .fence, 0, 2, .nothing(isForUsers: false))]
  }()
}
