/// The part of a hart that run loops touch: raw storage of C layout with fixed offsets.
///
/// A test pins the offsets (`HartLayoutTests`): a translator to host code will address them. Register arrays have one slot more
/// than there are registers: index 32 swallows writes to x0.
public struct HartState {
  /// x0…x31, x[32] the sink, one word of padding. Offset 0.
  public var x: InlineArray<34, UInt64>
  /// f0…f31, NaN-boxed. Offset 272.
  public var f: InlineArray<32, UInt64>
  /// Next instruction; exact whenever no loop runs. Offset 528.
  public var pc: UInt64
  /// Instructions retired since reset; exact whenever no loop runs. Offset 536.
  public var retired: UInt64
  /// Loops return at the first boundary where ``retired`` has reached this. Offset 544.
  public var deadline: UInt64
  /// Accrued exceptions NV DZ OF UF NX as bits 4…0; those raised since the loop was entered are still in the host's flags. Offset 552.
  public var fflags: UInt8
  /// Dynamic rounding mode. Offset 553.
  public private(set) var frm: UInt8
  /// Bit m is set when the rounding mode m of an instruction (7: dynamic) is the mode the host is in and ``fs`` is dirty: one test
  /// says that an operation may be left to the host and changes nothing but its destination. Offset 554.
  public private(set) var hostRounding: UInt8
  /// mstatus.FS: 0 off, 1 initial, 2 clean, 3 dirty. Offset 555.
  public private(set) var fs: UInt8
  /// mstatus.VS, likewise. Offset 556.
  public var vs: UInt8
  /// Current privilege: 0 U, 1 S, 3 M. Offset 557.
  public var privilege: UInt8
  /// A jump target may not have these bits set: 1, or 3 without compressed instructions. Offset 558.
  public var alignmentMask: UInt8
  /// Not 0 when somebody asked for a pause. Offset 559.
  public var pause: UInt8
  /// Host address of guest address `memoryLow`. Offset 560.
  public var memoryBase: UnsafeMutableRawPointer?
  /// Bytes in the window. Offset 568.
  public var memorySize: UInt64
  /// A byte of ``Rights`` per guest page. Offset 576.
  public var memoryRights: UnsafeMutablePointer<UInt8>?
  /// The code arena. Offset 584.
  public var codeArena: UnsafeMutableRawPointer?
  /// Direct-mapped table from pc to op. Offset 592.
  public var jumpCache: UnsafeMutableRawPointer?
  /// Physical address of the reservation of the last LR; `HartState.noReservation` without one. Offset 600.
  public var reservation: UInt64
  /// Bytes reserved: 4 or 8. Offset 608.
  public var reservationWidth: UInt64
  /// Serves what the loops do not do themselves; the hart keeps it alive. Offset 616.
  var space: Unmanaged<AddressSpace>?
  /// Not 0 when the instruction in flight has changed what interrupts depend on: a device has raised a line. Offset 624.
  public var attention: UInt8
  /// The translation tables of loads and stores as they are now: 16 bytes an entry, the page's address and what takes a virtual
  /// address to an offset in the window. Offset 632.
  public var loadTable: UnsafeMutableRawPointer?
  /// Offset 640.
  public var storeTable: UnsafeMutableRawPointer?
  /// Serves accesses that miss in the tables; it owns this state. Offset 648.
  var hart: Unmanaged<Hart>?

  /// Offset 656.
  public var vl: UInt64
  /// Offset 664.
  public var vstart: UInt64
  /// Offset 672.
  package var vtype: VectorType
  /// VLEN in bytes; 0 without vectors. Offset 680.
  public var vlenb: UInt64
  /// v0…v31 side by side. Offset 688.
  public var vectors: UnsafeMutableRawPointer?
  /// log2 of ELEN in bytes. Offset 696.
  public var elen: UInt8
  /// Offset 697.
  public var vxrm: UInt8
  /// Offset 698.
  public var vxsat: UInt8
  /// Formats that vector elements can have: bit 1 half, 2 single, 3 double (log2 of the bytes), bit 4 half for conversions alone. Offset 699.
  var vectorFormats: UInt8
  /// Whether agnostic elements are filled with ones. Offset 700.
  var fillsAgnostic: Bool
  /// Whether vl becomes half of AVL where it may. Offset 701.
  var halvesLength: Bool

  /// mstatus.MS: 0 off, 1 initial, 2 clean, 3 dirty. Offset 702.
  public var ms: UInt8
  /// The state of an extension with registers of its own (``ExtensionUnit``); the hart keeps it alive. Offset 704.
  var unit: UnsafeMutableRawPointer?

  public static let noReservation: UInt64 = .max

  public init() {
    x = InlineArray(repeating: 0)
    f = InlineArray(repeating: 0)
    pc = 0
    retired = 0
    deadline = .max
    fflags = 0
    frm = 0
    hostRounding = 0
    fs = 0
    vs = 0
    privilege = 3
    alignmentMask = 1
    pause = 0
    memoryBase = nil
    memorySize = 0
    memoryRights = nil
    codeArena = nil
    jumpCache = nil
    reservation = HartState.noReservation
    reservationWidth = 0
    space = nil
    vl = 0
    vstart = 0
    vtype = .illegal
    vlenb = 0
    vectors = nil
    elen = 3
    vxrm = 0
    vxsat = 0
    vectorFormats = 0
    fillsAgnostic = false
    halvesLength = false
    ms = 0
    unit = nil
    attention = 0
    loadTable = nil
    storeTable = nil
    hart = nil
  }

  /// Sets mstatus.FS.
  mutating func set(fs new: UInt8) {
    fs = new
    updateHostRounding()
  }

  /// Sets the dynamic rounding mode.
  mutating func set(frm new: UInt8) {
    frm = new
    updateHostRounding()
  }

  /// The host knows RNE, RTZ, RDN and RUP (0…3), not RMM, and is in RNE then.
  private mutating func updateHostRounding() { hostRounding = fs != 3 ? 0 : frm < 4 ? 0x80 | 1 << frm : 0x01 }
}

extension UnsafeMutablePointer<HartState> {
  /// x registers as an array of words.
  @inline(__always)
  var x: UnsafeMutablePointer<UInt64> { UnsafeMutableRawPointer(self).assumingMemoryBound(to: UInt64.self) }
  /// f registers as an array of words.
  @inline(__always)
  var f: UnsafeMutablePointer<UInt64> { (UnsafeMutableRawPointer(self) + 272).assumingMemoryBound(to: UInt64.self) }
  /// The jump cache. Only harts that are set up have one.
  @inline(__always)
  var jumps: UnsafeMutablePointer<JumpEntry> {
    pointee.jumpCache.unsafelyUnwrapped.assumingMemoryBound(to: JumpEntry.self)
  }
}
