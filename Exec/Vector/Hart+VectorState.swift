import RVDecoder

/// The vector state as a whole: at the start of a program, and what is chosen about it.
extension Hart {
  /// As at the start of a program: all zero but vtype, which is illegal, and initial.
  func resetVectors() {
    guard let vectorFile else { return }
    let s = state
    vectorFile.base.initializeMemory(as: UInt8.self, repeating: 0, count: 32 * vectorFile.vlenb)
    (s.pointee.vl, s.pointee.vstart, s.pointee.vtype, s.pointee.vxrm, s.pointee.vxsat) = (0, 0, .illegal, 0, 0)
    s.pointee.vs = 1
  }

  func applyVectorChoices() {
    state.pointee.fillsAgnostic = vectorChoices.agnostic == .ones
    state.pointee.halvesLength = vectorChoices.length == .half
    if case .random(let seed) = vectorChoices.reduction { reductionRandom = RandomBytes(seed: seed) }
  }

  /// v0…v31, VLENB bytes each.
  var vectorBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: state.pointee.vectors, count: 32 * Int(state.pointee.vlenb))
  }
}
