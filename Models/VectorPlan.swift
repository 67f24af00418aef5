import RVDecoder

/// What one operation asks of the vector unit: from the op, vl and vtype, and the machine alone. The core keeps plans by op, so that a loop is
/// planned once.
struct VectorPlan {
  /// Registers: first and count.
  struct Group {
    var first: UInt8
    var count: UInt8
    static let none = Group(first: 0, count: 0)
  }

  /// What it was made for: the op's bits, and ``VectorState/key``.
  var op: (UInt64, UInt64) = (0, 0)
  var state: UInt64 = .max
  /// Pipes that may do it, and the time on one, and on all of them together.
  var pipes = 1
  var length: Ticks = 0
  var split: Ticks = 0
  /// After which a whole result is there, with ``latency``: several pipes find its parts and put them together in the end.
  var result: Ticks = 0
  /// Whether it may go to several pipes at once.
  var isSplit = false
  var latency: Ticks = 0
  var chains = true
  /// More for an access that does not begin at a multiple of DLEN.
  var misaligned: Ticks = 0
  var sources: (Group, Group, Group, Group) = (.none, .none, .none, .none)
  var destination = Group.none

  init() {}

  /// - Parameter vlen: in bits.
  init(_ op: Op, _ row: OpFacts, _ parameters: VectorParameters, _ law: ClassLaw, _ now: VectorState, vlen: Int) {
    let fields = row.hasFields ? Int(op.imm) + 1 : 1
    let isMasked = op.aux & 1 == 0 || row.readsV0
    let (lmul, logSEW) = (now.lmul, now.logSEW)
    var widest = 0
    var hasMaskOperand = false
    func group(_ shape: VectorShape?, _ number: UInt8) -> Group {
      guard let shape else { return .none }
      let eighths = shape.eighths(lmul: lmul, logSEW: logSEW)
      if case .mask = shape { hasMaskOperand = true }
      switch shape {
      case .single, .wideSingle, .mask, .maskBytes:
        if row.kind != .vector || widest == 0 && row.vd == nil { widest = max(widest, 8) }
      default: widest = max(widest, eighths)
      }
      return Group(first: number, count: UInt8(truncatingIfNeeded: max(1, (eighths &+ 7) >> 3) &* fields))
    }
    let vd = group(row.vd, op.rd)
    let vs2 = group(row.vs2, op.rs2)
    let vs1 = group(row.vs1, op.rs1)
    let vs3 = group(row.vs3, op.rs3)
    sources.0 = vs2
    sources.1 = vs1.count > 0 ? vs1 : vs3
    if isMasked { sources.2 = Group(first: 0, count: 1) }
    if row.vd != nil {
      if row.writesVD { destination = vd }
      let keepsTail = parameters.readsDestination || !now.tailAgnostic || (isMasked && !now.maskAgnostic)
      if row.readsVD || row.writesVD && keepsTail && row.kind != .vectorLoad { sources.3 = vd }
    }
    if law.fixedRegisters > 0 { widest = law.fixedRegisters }
    var bits = Int64(max(widest, 1)) &* Int64(vlen) / 8
    if !parameters.followsVLMAX, now.vlmax > 0 { bits = (bits &* now.vl &+ now.vlmax &- 1) / now.vlmax }
    let beats = max((bits &+ Int64(parameters.dlen) &- 1) / Int64(parameters.dlen), 1) &* Int64(fields)
    let elements = (parameters.followsVLMAX ? now.vlmax : now.vl) &* Int64(fields)
    // Gathers look at each register of the source for each of indices.
    let own = max(
      (Int64(destination.count > 0 ? row.vd?.eighths(lmul: lmul, logSEW: logSEW) ?? widest : widest) &* Int64(vlen) / 8
        &+ Int64(parameters.dlen) &- 1) / Int64(parameters.dlen), 1)
    length = law.time(
      beats: beats, pairs: beats &* min(own, beats), logSEW: min(logSEW, 3), elements: elements, isMasked: isMasked)
    result = length
    latency = law.latency
    chains = law.chains
    misaligned = law.misaligned
    guard row.kind == .vector else { return }
    pipes = isMasked ? law.maskedPipes : law.pipes
    // A mask operand or result takes a whole register: it needs no shifting.
    if isMasked || hasMaskOperand, now.vlmax == Int64(vlen), parameters.wholeMaskPipes > pipes {
      pipes = parameters.wholeMaskPipes
      length &+= parameters.wholeMaskStart &* Ticks(pipes)
    }
    pipes = min(pipes, parameters.pipes)
    isSplit = pipes > 1 && beats > 1
    split = length / Ticks(pipes)
    if pipes == parameters.wholeMaskPipes, (isMasked || hasMaskOperand) && now.vlmax == Int64(vlen) { result = split }
  }
}

/// vl and vtype as the model wants them.
struct VectorState {
  var vl: Int64 = 0
  /// LMUL in eighths.
  var lmul = 8
  var logSEW = 0
  var vlmax: Int64 = 0
  var tailAgnostic = false
  var maskAgnostic = false
  /// Tells states apart.
  var key: UInt64 = 0

  init() {}

  init(_ change: VectorStateChange, vlen: Int) {
    vl = Int64(change.vl)
    let vtype = change.vtype
    key = UInt64(change.vl) << 16 | vtype & 0xff | (vtype >> 63) << 8
    guard vtype >> 63 == 0 else { return }
    let code = Int(vtype & 7)
    lmul = code < 4 ? 8 << code : 8 >> (8 - code)
    logSEW = Int(vtype >> 3 & 7)
    vlmax = Int64((vlen * lmul / 8) >> (logSEW + 3))
    tailAgnostic = vtype & 64 != 0
    maskAgnostic = vtype & 128 != 0
  }
}
