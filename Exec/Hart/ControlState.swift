import RVDecoder

/// The CSRs that run loops do not touch, as plain fields. Privileged ISA, chapter "Machine-Level ISA".
public struct ControlState: Sendable {
  public let hartID: UInt64
  /// mstatus without FS and VS (in ``HartState``) and without what is constant.
  public var mstatus: UInt64 = 0
  public var mtvec: UInt64 = 0
  public var mscratch: UInt64 = 0
  public var mepc: UInt64 = 0
  public var mcause: UInt64 = 0
  public var mtval: UInt64 = 0
  public var mie: UInt64 = 0
  /// mip as far as software writes it: SSIP, STIP, SEIP, LCOFIP.
  public var mip: UInt64 = 0
  /// What devices drive: MSIP, SEIP, MEIP.
  var interruptLines: UInt64 = 0
  public var medeleg: UInt64 = 0
  public var mideleg: UInt64 = 0
  public var stvec: UInt64 = 0
  public var sscratch: UInt64 = 0
  public var sepc: UInt64 = 0
  public var scause: UInt64 = 0
  public var stval: UInt64 = 0
  public var satp: UInt64 = 0
  public var scounteren: UInt64 = 0
  public var senvcfg: UInt64 = 0
  public var scontext: UInt64 = 0
  public var stimecmp: UInt64 = 0
  /// mstateen0…3, and sstateen0 as it was written: what mstateen0 withholds reads as zero.
  public var mstateen: InlineArray<4, UInt64> = [0, 0, 0, 0]
  public var sstateen0: UInt64 = 0
  /// Physical memory protection.
  public internal(set) var pmp = PMP()
  public var mcounteren: UInt64 = 0
  public var mcountinhibit: UInt64 = 0
  public var menvcfg: UInt64 = 0
  public var mseccfg: UInt64 = 0
  public var mcontext: UInt64 = 0
  /// mhpmevent3…31.
  public var mhpmevent = [UInt64](repeating: 0, count: 29)
  /// minstret and mcycle as differences to the hart's count; while they are inhibited, the values themselves.
  public var instret = Counter()
  public var cycle = Counter()
  /// What misa can turn on again: the extensions at reset. `nil` until misa is written.
  var fullISA: ISA?
  /// State of the generator behind the seed CSR: fixed, so that runs repeat.
  var entropy: UInt64 = 0

  public init(hartID: UInt64) { self.hartID = hartID }

  /// A counter that follows the hart's count of retired instructions, may be written, and may stand still.
  public struct Counter: Sendable {
    var offset: UInt64 = 0
    var stopped = false

    public func value(at count: UInt64) -> UInt64 { stopped ? offset : count &+ offset }

    mutating func set(_ value: UInt64, at count: UInt64) { offset = stopped ? value : value &- count }

    mutating func stop(_ stop: Bool, at count: UInt64) {
      guard stop != stopped else { return }
      let now = value(at: count)
      stopped = stop
      set(now, at: count)
    }
  }

  /// Sixteen bits of the entropy source (Zkr). They are pseudo-random and always the same: a simulation repeats.
  mutating func nextEntropy() -> UInt64 {
    entropy &+= 0x9e37_79b9_7f4a_7c15
    let mixed = (entropy ^ entropy >> 30) &* 0xbf58_476d_1ce4_e5b9
    return (mixed ^ mixed >> 27) >> 24 & 0xffff
  }
}
