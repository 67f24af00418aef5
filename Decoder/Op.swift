/// One predecoded instruction: 16 bytes, what the run loop reads.
///
/// Register numbers are ready to index the hart's register arrays. A destination that is x0 points to the sink
/// (``Op/sink``), so that the loops write without asking; f and v destinations are plain numbers.
@frozen
public struct Op: Sendable {
  /// The instruction, if the loop executes it itself, else ``Core/other`` or ``Core/vectors``: one jump for any of them. Follows from ``row``.
  public let fast: Core
  /// What to do: an instruction, or a step of the engine itself (``EngineStep``).
  public let row: Row
  public var rd: UInt8
  public var rs1: UInt8
  public var rs2: UInt8
  /// Small fields that are no register: rm in bits 2:0 for floating point, aq in bit 1 and rl in bit 0 for atomics, vm in bit 0 for vectors,
  /// otherwise what the row's `aux` fields hold (bs, rnum, pred/succ …).
  public var aux: UInt8
  /// Immediate, sign-extended where the row says `imm`. In a code page the engine replaces the byte displacement of a
  /// branch or `jal` by a distance in ops.
  public var imm: Int32
  /// Index of the row in ``InstructionTable/rows``; `Op.noID` for the engine's own steps.
  public var id: UInt16
  /// ``offset`` in bits 11:0, bit 15 set when the instruction has two bytes.
  @usableFromInline var place: UInt16

  /// Index of the register slot that swallows writes to x0.
  public static let sink: UInt8 = 32
  public static let noID: UInt16 = 0xffff

  @inlinable
  public init(
    row: Row, id: UInt16 = Op.noID, rd: UInt8 = 32, rs1: UInt8 = 0, rs2: UInt8 = 0, rs3: UInt8 = 0, imm: Int32 = 0,
    offset: UInt16 = 0, length: UInt8 = 4, aux: UInt8 = 0
  ) {
    switch row {
    case .core(let instruction): fast = instruction
    case .v, .vf: fast = .vectors
    default: fast = .other
    }
    self.row = row
    self.id = id
    self.rd = rd
    self.rs1 = rs1
    self.rs2 = rs2
    // No instruction has both: they share a place, so that an op has 16 bytes.
    self.imm = imm | Int32(rs3)
    self.aux = aux
    place = offset & 0xfff | (length == 2 ? 0x8000 : 0)
  }

  /// Third source of fused operations, which have no immediate.
  @inlinable
  public var rs3: UInt8 { UInt8(truncatingIfNeeded: imm) }

  /// Byte offset of the instruction in its 4 KiB code page; 0 outside of a code page.
  @inlinable
  public var offset: UInt16 {
    get { place & 0xfff }
    set { place = place & 0x8000 | newValue & 0xfff }
  }

  /// Length in bytes: 2 or 4.
  @inlinable
  public var length: UInt8 {
    get { place & 0x8000 != 0 ? 2 : 4 }
    set { place = place & 0xfff | (newValue == 2 ? 0x8000 : 0) }
  }

  /// The same instruction's place with another thing to do there.
  @inlinable
  public func replaced(by step: EngineStep, aux: UInt8 = 0) -> Op {
    Op(
      row: .engine(step), id: id, rd: rd, rs1: rs1, rs2: rs2, imm: imm, offset: offset, length: length, aux: aux)
  }
}

/// What an ``Op`` does: one family of instructions per case, and the engine's own steps.
///
/// The loop switches over the family, then over the family's rows; both switches are exhaustive.
@frozen
public enum Row: Sendable, Hashable {
  /// What the run loop executes itself: RV64I, M, Zba, Zbb, Zbs, Zicond, F, D.
  case core(Core)
  /// Half precision, bfloat16, Zfa.
  case h(H)
  /// Atomics: A, Zacas, Zabha, Zawrs.
  case a(A)
  /// Scalar crypto and carry-less multiplication.
  case k(K)
  /// System: CSRs, fences, privileged, cache blocks, may-be-operations.
  case s(S)
  /// Vector configuration, integer and fixed-point arithmetic.
  case v(V)
  /// Vector permutations, masks, integer reductions.
  case vp(VP)
  /// Vector floating point.
  case vf(VF)
  /// Vector loads and stores.
  case vl(VL)
  /// Vector bit manipulation, cryptography, dot products.
  case vk(VK)
  /// XuanTie's matrix extension, version 0.6.
  case matrixV06(MatrixV06)
  /// The same, version 0.3.
  case matrixV03(MatrixV03)
  /// XuanTie's scalar extensions.
  case th(TH)
  /// SpacemiT's products of matrices in vector registers.
  case smt(SMT)
  /// Steps of the engine itself; never the result of decoding.
  case engine(EngineStep)
}

/// Steps that a run loop puts between instructions of a code page. They retire nothing.
///
/// A struct and not an enum: a payload that uses all of its bits gives ``Row`` a tag byte of its own, which the loops test
/// with one compare.
@frozen
public struct EngineStep: RawRepresentable, Sendable, Hashable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A word that is no enabled instruction: raises an illegal-instruction exception when reached.
  @inlinable public static var illegal: EngineStep { EngineStep(rawValue: 0) }
  /// Go to another code page: the target is the page's address plus `imm`.
  @inlinable public static var leave: EngineStep { EngineStep(rawValue: 1) }
  /// Go on at another op of this page: `imm` ops further.
  @inlinable public static var hop: EngineStep { EngineStep(rawValue: 2) }
  /// The bytes below this op were written: decode again.
  @inlinable public static var stale: EngineStep { EngineStep(rawValue: 3) }
  /// An instruction whose second half lies in the next page: fetched anew each time.
  @inlinable public static var straddle: EngineStep { EngineStep(rawValue: 4) }
  /// A branch or jal to a target that is not aligned, without compressed instructions: raises the exception when taken.
  /// `imm` is the displacement in bytes, `aux` says which branch it is.
  @inlinable public static var misaligned: EngineStep { EngineStep(rawValue: 5) }
}
