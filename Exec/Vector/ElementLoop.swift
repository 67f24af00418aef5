import RVDecoder

/// The loops over elements, one for each form that operations have. What an element does comes from a kernel; the type of the
/// elements, where they come from and which of them count is decided here.
extension Elements {
  @inline(__always)
  private func pointer<T>(_ raw: UnsafeMutableRawPointer, _ type: T.Type) -> UnsafeMutablePointer<T> { raw.assumingMemoryBound(to: T.self) }

  /// Writes `element(i)` to `out` for all elements of the body. Where `out` is none of the operands the loop becomes one of the host's vectors.
  @inline(__always)
  func fill<T: Lane>(_ out: UnsafeMutableRawPointer, _ type: T.Type, _ element: (Int) -> T) {
    let out = pointer(out, T.self)
    for index in 0..<count { out[index] = element(index) }
  }

  /// The same in place: `element(i, old)` of what vd holds; masked-off elements keep that.
  @inline(__always)
  func update<T: Lane>(_ type: T.Type, _ element: (Int, T) -> T) {
    let d = pointer(vd, T.self)
    if isMasked {
      let active = pointer(activeBytes, UInt8.self)
      for index in 0..<count {
        let bits = 0 &- T(truncatingIfNeeded: active[index])
        d[index] = d[index] & ~bits | element(index, d[index]) & bits
      }
    } else {
      for index in 0..<count { d[index] = element(index, d[index]) }
    }
  }

  // MARK: Two sources

  @inline(__always)
  func binary<K: BinaryKernel, T: Lane>(
    _ kernel: K.Type, _ type: T.Type, _ a: UnsafeMutableRawPointer, _ b: VectorSource, to out: UnsafeMutableRawPointer
  ) {
    let a = pointer(a, T.self)
    switch b {
    case .elements(let b):
      let b = pointer(b, T.self)
      fill(out, T.self) { K.lane(a[$0], b[$0]) }
    case .scalar(let b):
      let b = T(truncatingIfNeeded: b)
      fill(out, T.self) { K.lane(a[$0], b) }
    }
  }

  @inline(__always)
  func ternary<K: TernaryKernel, T: Lane>(_ kernel: K.Type, _ type: T.Type, _ b: VectorSource) {
    let a = pointer(vs2, T.self)
    switch b {
    case .elements(let b):
      let b = pointer(b, T.self)
      update(T.self) { K.lane(a[$0], b[$0], $1) }
    case .scalar(let b):
      let b = T(truncatingIfNeeded: b)
      update(T.self) { K.lane(a[$0], b, $1) }
    }
  }

  /// Sources of SEW bits (vs2 may be wide already), results of twice as many.
  @inline(__always)
  func widening<K: BinaryKernel, First: Extending, Second: Extending, Narrow: Lane, Wide: Lane>(
    _ kernel: K.Type, _: First.Type, _: Second.Type, _: Narrow.Type, _: Wide.Type, wideFirst: Bool, _ b: VectorSource,
    to out: UnsafeMutableRawPointer
  ) {
    let (a, wide) = (pointer(vs2, Narrow.self), pointer(vs2, Wide.self))
    switch b {
    case .elements(let b):
      let b = pointer(b, Narrow.self)
      if wideFirst {
        fill(out, Wide.self) { K.lane(wide[$0], Second.extend(b[$0], to: Wide.self)) }
      } else {
        fill(out, Wide.self) { K.lane(First.extend(a[$0], to: Wide.self), Second.extend(b[$0], to: Wide.self)) }
      }
    case .scalar(let b):
      let b = Second.extend(Narrow(truncatingIfNeeded: b), to: Wide.self)
      if wideFirst {
        fill(out, Wide.self) { K.lane(wide[$0], b) }
      } else {
        fill(out, Wide.self) { K.lane(First.extend(a[$0], to: Wide.self), b) }
      }
    }
  }

  // MARK: Into masks

  @inline(__always)
  func compare<K: CompareKernel, T: Lane>(_ kernel: K.Type, _ type: T.Type, _ b: VectorSource) {
    let (a, out) = (pointer(vs2, T.self), pointer(spare(1), UInt8.self))
    switch b {
    case .elements(let b):
      let b = pointer(b, T.self)
      for index in 0..<count { out[index] = K.lane(a[index], b[index]) ? 1 : 0 }
    case .scalar(let b):
      let b = T(truncatingIfNeeded: b)
      for index in 0..<count { out[index] = K.lane(a[index], b) ? 1 : 0 }
    }
    Self.gather(out, to: spare(0), count: count)
    commitMask(spare(0))
  }

  // MARK: With carries from v0

  /// Bytes of 0 or 1 at `carries`, or none at all.
  @inline(__always)
  func carry<K: CarryKernel, T: Lane>(
    _ kernel: K.Type, _ type: T.Type, _ b: VectorSource, _ carries: UnsafeMutableRawPointer?, to out: UnsafeMutableRawPointer
  ) {
    let (a, out) = (pointer(vs2, T.self), pointer(out, T.self))
    let bits = pointer(carries ?? spare(1), UInt8.self)
    if carries == nil { spare(1).initializeMemory(as: UInt8.self, repeating: 0, count: count) }
    switch b {
    case .elements(let b):
      let b = pointer(b, T.self)
      for index in 0..<count { out[index] = K.lane(a[index], b[index], T(truncatingIfNeeded: bits[index])) }
    case .scalar(let b):
      let b = T(truncatingIfNeeded: b)
      for index in 0..<count { out[index] = K.lane(a[index], b, T(truncatingIfNeeded: bits[index])) }
    }
  }

  // MARK: Fixed point

  /// - Returns: whether an active element was saturated.
  @inline(__always)
  func fixed<K: FixedKernel, T: Lane>(
    _ kernel: K.Type, _ type: T.Type, _ rounding: VectorRounding, _ a: UnsafeMutableRawPointer, _ b: VectorSource,
    to out: UnsafeMutableRawPointer
  ) -> Bool {
    let (a, out) = (pointer(a, T.self), pointer(out, T.self))
    var saturated = false
    for index in 0..<count {
      let second =
        switch b {
        case .elements(let b): pointer(b, T.self)[index]
        case .scalar(let b): T(truncatingIfNeeded: b)
        }
      let (result, isSaturated) = K.lane(a[index], second, rounding)
      out[index] = result
      if isSaturated, isActive(index) { saturated = true }
    }
    return saturated
  }

  // MARK: Changes of width

  /// Elements of one width as elements of another, extended or cut.
  @inline(__always)
  func resize<From: Lane, To: Lane>(
    _ from: UnsafeMutableRawPointer, _: From.Type, to out: UnsafeMutableRawPointer, _: To.Type, signed: Bool
  ) {
    let from = pointer(from, From.self)
    if signed {
      fill(out, To.self) { SignExtended.extend(from[$0], to: To.self) }
    } else {
      fill(out, To.self) { ZeroExtended.extend(from[$0], to: To.self) }
    }
  }

  /// A source of SEW bits as one of twice as many.
  @inline(__always)
  func widened<From: Lane, To: Lane>(
    _ source: VectorSource, _: From.Type, _: To.Type, signed: Bool, in room: UnsafeMutableRawPointer
  ) -> VectorSource {
    switch source {
    case .elements(let elements):
      resize(elements, From.self, to: room, To.self, signed: signed)
      return .elements(room)
    case .scalar(let scalar):
      let narrow = From(truncatingIfNeeded: scalar)
      return .scalar(UInt64(truncatingIfNeeded: signed ? To(truncatingIfNeeded: narrow.signed) : To(truncatingIfNeeded: narrow)))
    }
  }

  // MARK: Reductions

  /// The kernel over `first` and all active elements, in order.
  @inline(__always)
  func reduce<K: BinaryKernel, T: Lane>(_ kernel: K.Type, _ type: T.Type, _ elements: UnsafeMutableRawPointer, from first: T) -> T {
    let elements = pointer(elements, T.self)
    var result = first
    if isMasked {
      for index in 0..<count where mask(index) { result = K.lane(result, elements[index]) }
    } else {
      for index in 0..<count { result = K.lane(result, elements[index]) }
    }
    return result
  }
}

/// The second source of an operation.
enum VectorSource {
  case elements(UnsafeMutableRawPointer)
  /// A scalar or an immediate, for all elements the same; as many of its low bits count as an element has.
  case scalar(UInt64)
}
