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
  public var mip: UInt64 = 0
  public var mcounteren: UInt64 = 0
  public var mcountinhibit: UInt64 = 0
  public var menvcfg: UInt64 = 0
  public var mseccfg: UInt64 = 0
  /// mhpmevent3…31.
  public var mhpmevent = [UInt64](repeating: 0, count: 29)
  /// minstret and mcycle as differences to the hart's count; while they are inhibited, the values themselves.
  public var instret = Counter()
  public var cycle = Counter()

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
}

/// Bits of mstatus.
enum MStatus {
  static let mie: UInt64 = 1 << 3
  static let mpie: UInt64 = 1 << 7
  static let vs: UInt64 = 3 << 9
  static let mpp: UInt64 = 3 << 11
  static let fs: UInt64 = 3 << 13
  static let mprv: UInt64 = 1 << 17
  static let tw: UInt64 = 1 << 21
  static let uxl64: UInt64 = 2 << 32
  static let sd: UInt64 = 1 << 63
  /// What a write changes, beside FS.
  static let writable = mie | mpie | mpp | mprv | tw
}
