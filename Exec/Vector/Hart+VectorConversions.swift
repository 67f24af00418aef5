import RVDecoder
import RVFloat

/// Conversions between numbers and integers, and between widths. "V", sections 13.17 to 13.19.
extension Hart {
  /// - Parameters:
  ///   - from, to: how much wider than SEW sources and results are, as log2: 0 or 1.
  ///   - operations: by log2 of the bytes of the narrower side.
  ///   - isFromInteger: whether the sources are integers, of which the low bits count.
  ///   - towards: a rounding mode of the instruction's own.
  @inline(never)
  func convert(
    _ op: Op, from: Int, to: Int, _ operations: (Int) -> FloatOperation1?, isFromInteger: Bool = false, signed: Bool = false,
    towards rm: UInt32? = nil
  ) throws(Trap) {
    let s = state
    let sew = s.pointee.vtype.sew
    guard s.pointee.fs != 0, s.pointee.frm < 5, let operation = operations(sew) else { throw Trap(.illegalInstruction) }
    let (e, _) = try begin(op)
    let mode = rm ?? (s.pointee.frm == 4 ? 4 : nil)
    let (wide, out) = (sew + from, sew + to)
    for index in 0..<e.count where e.isActive(index) {
      let element = Elements.element(index, of: e.vs2, width: wide)
      var x = element
      if isFromInteger {
        let unused = UInt64(64 - 8 << wide)
        if signed { x = UInt64(bitPattern: Int64(bitPattern: element &<< unused) &>> Int64(unused)) }
      } else {
        x = Elements.box(element, wide)
      }
      let result = if let mode, let explicit = operation.explicit { explicit(x, mode) } else { operation.host(x) }
      Elements.store(result, index, of: e.spare(0), width: out)
    }
    switch out {
    case 0: e.commit(e.spare(0), UInt8.self)
    case 1: e.commit(e.spare(0), UInt16.self)
    case 2: e.commit(e.spare(0), UInt32.self)
    default: e.commit(e.spare(0), UInt64.self)
    }
  }
}
