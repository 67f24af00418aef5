import RVFloat

/// Loops over floating-point elements. Elements that are not active must raise nothing: their operands are replaced by 1 first.
extension Elements {
  /// 1 as a number of `1 << width` bytes.
  static func one(_ width: Int) -> UInt64 { width == 1 ? 0x3c00 : width == 2 ? 0x3f80_0000 : 0x3ff0_0000_0000_0000 }

  /// The ones above a narrow number in a register.
  @inline(__always)
  static func box(_ value: UInt64, _ width: Int) -> UInt64 { width == 3 ? value : value | ~0 &<< UInt64(8 << width) }

  @inline(__always)
  static func boxed(_ index: Int, _ elements: UnsafeMutableRawPointer, _ width: Int) -> UInt64 {
    box(element(index, of: elements, width: width), width)
  }

  /// An operand with 1 where elements are not active; itself if all are.
  @inline(__always)
  func neutral(_ elements: UnsafeMutableRawPointer, width: Int, in room: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    isMasked ? neutralized(elements, width: width, in: room) : elements
  }

  @inline(never)
  private func neutralized(_ elements: UnsafeMutableRawPointer, width: Int, in room: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    let one = Self.one(width)
    switch width {
    case 1: neutralize(elements, UInt16(truncatingIfNeeded: one), in: room)
    case 2: neutralize(elements, UInt32(truncatingIfNeeded: one), in: room)
    default: neutralize(elements, one, in: room)
    }
    return room
  }

  @inline(__always)
  private func neutralize<T: Lane>(_ elements: UnsafeMutableRawPointer, _ one: T, in room: UnsafeMutableRawPointer) {
    let from = elements.assumingMemoryBound(to: T.self)
    let to = room.assumingMemoryBound(to: T.self)
    let active = activeBytes.assumingMemoryBound(to: UInt8.self)
    for index in 0..<count {
      let bits = 0 &- T(truncatingIfNeeded: active[index])
      to[index] = from[index] & bits | one & ~bits
    }
  }

  /// The second source in memory: its elements, or a scalar, once in `room` (`spread`) or, where elements are masked off, for each of them.
  @inline(__always)
  func second(
    _ source: VectorSource, width: Int, in room: UnsafeMutableRawPointer
  ) -> (elements: UnsafeMutableRawPointer, spread: Bool) {
    switch source {
    case .elements(let elements): return (neutral(elements, width: width, in: room), false)
    case .scalar(let scalar):
      if isMasked { return (filled(scalar, width: width, in: room), false) }
      room.storeBytes(of: scalar, as: UInt64.self)
      return (room, true)
    }
  }

  /// A scalar in all active elements, 1 in the others.
  @inline(never)
  func filled(_ scalar: UInt64, width: Int, in room: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    for index in 0..<count { Self.store(scalar, index, of: room, width: width) }
    return neutral(room, width: width, in: room)
  }

  // MARK: Operations

  /// - Parameter rm: the rounding mode if it is none of the host's, else `nil`.
  @inline(__always)
  func apply(
    _ operation: borrowing FloatOperation2, width: Int, rm: UInt32?, _ a: UnsafeMutableRawPointer,
    _ b: (elements: UnsafeMutableRawPointer, spread: Bool), to out: UnsafeMutableRawPointer
  ) {
    if let rm, let explicit = operation.explicit?[width] {
      for index in 0..<count {
        let (x, y) = (Self.boxed(index, a, width), Self.boxed(b.spread ? 0 : index, b.elements, width))
        Self.store(explicit(x, y, rm), index, of: out, width: width)
      }
    } else {
      operation.blocks[width](out, a, b.elements, a, count, b.spread)
    }
  }

  @inline(__always)
  func apply(
    _ operation: borrowing FloatOperation3, width: Int, rm: UInt32?, _ a: UnsafeMutableRawPointer,
    _ b: (elements: UnsafeMutableRawPointer, spread: Bool), _ c: UnsafeMutableRawPointer, to out: UnsafeMutableRawPointer
  ) {
    guard let rm else { return operation.blocks[width](out, a, b.elements, c, count, b.spread) }
    let explicit = operation.explicit[width]
    for index in 0..<count {
      let (x, y, z) = (Self.boxed(index, a, width), Self.boxed(b.spread ? 0 : index, b.elements, width), Self.boxed(index, c, width))
      Self.store(explicit(x, y, z, rm), index, of: out, width: width)
    }
  }
}
