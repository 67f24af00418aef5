import RVDecoder

/// Vector instructions: what each asks of the vector unit.
extension Core {
  /// - Returns: when the result, or the last of it, is there.
  @inline(never)
  func vectorWork(
    _ op: UnsafePointer<Op>, _ row: UnsafePointer<OpFacts>, _ runs: UnsafeBufferPointer<MemoryRun>, _ state: VectorState,
    at time: Ticks
  ) -> Ticks {
    guard let parameters = machine.vector, vector != nil else { return time &+ .perCycle }
    counts.vectorInstructions &+= 1
    counts.vectorElements &+= UInt64(state.vl)
    counts.vectorCapacity &+= UInt64(state.vlmax)
    let request = Self.request(op.pointee, row.pointee, parameters, state, vlen: machine.vlen, address: runs.first?.address)
    let isMemory = row.pointee.kind != .vector
    let outcome = isMemory ? vector?.issueMemory(request, at: time) : vector?.issue(request, at: time)
    guard let outcome else { return time }
    guard isMemory else { return outcome.last &+ .perCycle }
    let isStore = row.pointee.kind == .vectorStore
    let length = outcome.last &- outcome.first
    let data = vectorAccess(runs, at: outcome.start, length: length, isStore: isStore)
    if isStore { return max(outcome.last, outcome.start) }
    // The law's latency is that of a hit.
    let hit = hierarchy.l1d.parameters.latency
    let late = max(0, data.last &- hit &- outcome.start &- length)
    if late > 0 {
      vector?.late(
        request.destination, first: outcome.first &+ max(0, data.first &- hit &- outcome.start), last: outcome.last &+ late)
    }
    return outcome.last &+ late
  }

  /// What an operation asks for: from the op, the state and the machine alone, so that laws can be fitted without programs.
  @inline(__always)
  static func request(
    _ op: Op, _ row: OpFacts, _ parameters: VectorParameters, _ state: VectorState, vlen: Int, address: UInt64? = nil
  ) -> VectorUnit.Request {
    let fields = row.hasFields ? Int(op.imm) + 1 : 1
    var law = parameters.laws[Int(row.work)]
    if row.mayBeWide, fields > OpFacts.widestNarrow {
      law = (row.kind == .vectorLoad ? parameters.wideLoads : parameters.wideStores) ?? law
    }
    var request = VectorUnit.Request(law: law)
    let hasMask = row.readsV0
    request.isMasked = op.aux & 1 == 0 || hasMask
    request.logSEW = state.logSEW
    let (lmul, sew) = (state.lmul, state.logSEW)
    var widest = 0
    var hasMaskOperand = false
    @inline(__always) func group(_ shape: VectorShape?, _ number: UInt8) -> VectorUnit.Group {
      guard let shape else { return .none }
      let eighths = shape.eighths(lmul: lmul, logSEW: sew)
      if case .mask = shape { hasMaskOperand = true }
      switch shape {
      case .single, .wideSingle, .mask, .maskBytes:
        if row.kind != .vector || widest == 0 && row.vd == nil { widest = max(widest, 8) }
      default: widest = max(widest, eighths)
      }
      return VectorUnit.Group(first: number, count: UInt8(truncatingIfNeeded: max(1, (eighths &+ 7) >> 3) &* fields))
    }
    let vd = group(row.vd, op.rd)
    let vs2 = group(row.vs2, op.rs2)
    let vs1 = group(row.vs1, op.rs1)
    let vs3 = group(row.vs3, op.rs3)
    request.sources.0 = vs2
    request.sources.1 = vs1.count > 0 ? vs1 : vs3
    if request.isMasked { request.sources.2 = VectorUnit.Group(first: 0, count: 1) }
    if row.vd != nil {
      if row.writesVD { request.destination = vd }
      let keepsTail = parameters.readsDestination || !state.tailAgnostic || (request.isMasked && !state.maskAgnostic)
      if row.readsVD || row.writesVD && keepsTail && row.kind != .vectorLoad { request.sources.3 = vd }
    }
    if law.fixedRegisters > 0 { widest = law.fixedRegisters }
    let beats = (Int64(max(widest, 1)) &* Int64(vlen) / 8 &+ Int64(parameters.dlen) &- 1) / Int64(parameters.dlen)
    request.beats = max(beats, 1) &* Int64(fields)
    request.elements = (parameters.followsVLMAX ? state.vlmax : state.vl) &* Int64(fields)
    request.isWholeMask = (request.isMasked || hasMaskOperand) && row.kind == .vector && state.vlmax == Int64(vlen)
    if let address, law.misaligned != 0, address & UInt64(parameters.dlen / 8 - 1) != 0 { request.law.start &+= law.misaligned }
    return request
  }
}
