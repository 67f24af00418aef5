import RVDecoder
import RVFloat

/// One hardware thread: its state, its CSRs and its predecoded code.
///
/// `run` and its kin are for one host thread at a time.
public final class Hart {
  /// What the loops touch: registers, pc, counts.
  public let state: UnsafeMutablePointer<HartState>
  /// Everything else that instructions can see.
  public var csr: ControlState
  /// Memory as this hart sees it.
  public let space: AddressSpace
  let code: CodeCache
  /// The vector registers, if there are any.
  let vectorFile: VectorFile?
  /// What rows say of vector operands, by ``Op/id``.
  let vectorOperands: UnsafePointer<VectorOperands>
  /// What rows allow under each vtype, as far as it has been asked for: ``VectorChecks``.
  let vectorChecks: UnsafeMutablePointer<VectorChecks.Word>
  /// Rows that are a function of whole vectors.
  let fastForms: UnsafePointer<FastForm>
  /// What is left to choose about vectors.
  public var vectorChoices = VectorChoices() { didSet { applyVectorChoices() } }
  /// The shape of matrices, and what is left to choose about them. Setting it empties their state.
  public var matrixChoices = MatrixChoices() { didSet { makeUnit() } }
  /// The state of an extension with registers of its own, if there is one.
  var unit: (any ExtensionUnit)?
  /// The choices of ``VectorChoices/Reduction/random(seed:)``.
  var reductionRandom = RandomBytes(seed: 0)
  /// `nil` in user mode, where addresses are what they are.
  let translations: Translations?
  /// The mode that loads and stores are checked in: mstatus.MPP's while mstatus.MPRV is set.
  var dataMode: UInt8 = Mode.machine
  /// The tables in use, by their index in ``translations``.
  var loadTable = 0
  var storeTable = 0
  /// Loads and stores have to be translated or checked.
  var isTranslating = false
  /// The last instruction was wfi, and it is not over.
  public internal(set) var waitsForInterrupt = false
  /// Nanoseconds that the clock is ahead of the count of instructions (modulo 2^64): what was slept, or set.
  public internal(set) var timeSkew: UInt64 = 0
  /// Who tells the time, if not the count of instructions.
  public var timekeeper: (any Timekeeper)?
  /// Nanoseconds and cycles that ``elapsed`` and cycle are ahead of the count of instructions, where nobody tells the time (modulo 2^64).
  var elapsedSkew: UInt64 = 0
  var cycleSkew: UInt64 = 0
  /// Ticks that ``time`` is ahead of the nanoseconds (modulo 2^64): what was written to mtime.
  var tickOffset: UInt64 = 0
  /// How far the access to a device has come that stopped the loop.
  var deviceAccess = DeviceAccess.none
  /// When the machine timer interrupt is pending: while ``time`` is not below (CLINT's mtimecmp).
  public var machineTimer: UInt64 = .max { didSet { state.pointee.attention = 1 } }
  /// The platform's next event is another one than when the hart began to run.
  var hasMovedEvent = false
  /// A word in which others (processes, signal handlers) ask for the platform's attention: the loop pauses soon while it is not 0. They
  /// write it first, and then set the deadline to 0.
  var wakeFlag: UnsafePointer<UInt32>?
  /// fflags that the last run of a loop raised.
  public internal(set) var raisedFlags: UInt8 = 0
  /// Whether CSR writes are kept in ``csrWrites``, for commit logs.
  public var logsCSRWrites = false
  /// CSRs written since somebody emptied it, in the order of writing, with the values that a read gives then.
  public var csrWrites: [CSRWrite] = []
  /// For the last few instructions before a limit; what it records is not looked at.
  lazy var scratchBatch = makeBatch()
  /// Enabled extensions.
  public private(set) var isa: ISA
  /// Serves ecall and ebreak in user mode; `nil` on bare metal, where they are exceptions.
  public let isUserMode: Bool

  /// A hart with all registers zero, in M mode (or in user mode), pc 0.
  /// - Returns: `nil` when the host denies memory for predecoded code.
  public init?(space: AddressSpace, isa: ISA, isUserMode: Bool, id: UInt64 = 0) {
    guard let code = CodeCache(space: space, decoder: Decoder(isa: isa)) else { return nil }
    if isUserMode {
      translations = nil
    } else {
      guard let tables = Translations() else { return nil }
      translations = tables
    }
    self.code = code
    self.space = space
    self.isa = isa
    self.isUserMode = isUserMode
    vectorFile = VectorFile.vlenb(isa) == 0 ? nil : VectorFile(vlen: VectorFile.vlenb(isa) * 8)
    vectorOperands = VectorOperands.shared
    fastForms = FastForm.shared
    vectorChecks = .allocate(capacity: VectorChecks.count)
    vectorChecks.initialize(repeating: 0, count: VectorChecks.count)
    csr = ControlState(hartID: id)
    state = .allocate(capacity: 1)
    state.initialize(to: HartState())
    state.pointee.memoryBase = space.window.base
    state.pointee.memorySize = space.size
    state.pointee.memoryRights = space.rights
    state.pointee.space = .passUnretained(space)
    state.pointee.codeArena = code.base
    if let vectorFile {
      state.pointee.vectors = vectorFile.base
      state.pointee.vlenb = UInt64(vectorFile.vlenb)
      state.pointee.elen = isa.contains(.zve64x) ? 3 : 2
    }
    setAlignment()
    setVectorFormats()
    makeUnit()
    if isUserMode {
      state.pointee.privilege = 0
      state.pointee.set(fs: isa.contains(.f) ? 3 : 0)
      state.pointee.vs = isa.contains(.zve32x) ? 1 : 0
    }
    state.pointee.jumpCache = UnsafeMutableRawPointer(code.jumps(of: state.pointee.privilege))
    state.pointee.hart = .passUnretained(self)
    code.mayFetch = { [unowned self] address, mode in csr.pmp.allows(address, length: 2, .fetch, mode) }
    updateContext()
  }

  deinit {
    state.deallocate()
    vectorChecks.deallocate()
  }

  /// Enables other extensions: what was decoded is forgotten.
  public func setISA(_ new: ISA) {
    isa = new
    setAlignment()
    setVectorFormats()
    code.reset(decoder: Decoder(isa: new))
  }

  private func setAlignment() {
    state.pointee.alignmentMask = isa.contains(.zca) ? 1 : 3
    code.alignmentMask = state.pointee.alignmentMask
  }

  /// x register `index`; writes to x0 do nothing.
  public subscript(x index: Int) -> UInt64 {
    get { state.pointee.x[index] }
    set { if index != 0 { state.pointee.x[index] = newValue } }
  }

  /// f register `index`, 64 bits, NaN-boxed.
  public subscript(f index: Int) -> UInt64 {
    get { state.pointee.f[index] }
    set { state.pointee.f[index] = newValue }
  }

  public var pc: UInt64 {
    get { state.pointee.pc }
    set { state.pointee.pc = newValue }
  }

  /// Instructions retired since reset.
  public var retired: UInt64 { state.pointee.retired }

  /// The bytes of the instruction at `pc` as far as they can be fetched: 16 or 32 bits; `nil` when none can.
  public func word(at pc: UInt64) -> UInt32? {
    guard let low = halfword(pc) else { return nil }
    guard low & 3 == 3 else { return UInt32(low) }
    guard let high = halfword(pc &+ 2) else { return nil }
    return UInt32(low) | UInt32(high) << 16
  }

  private func halfword(_ pc: UInt64) -> UInt16? { physicalAddress(of: pc, forFetch: true).flatMap { try? space.fetch($0) } }
}

/// A CSR that was written.
public struct CSRWrite: Sendable, Hashable {
  public var number: Int
  public var value: UInt64

  public init(number: Int, value: UInt64) {
    self.number = number
    self.value = value
  }
}
