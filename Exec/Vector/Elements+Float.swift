import RVFloat

/// Loops over floating-point elements. Elements that are not active must raise nothing: their operands are replaced by 1 first.
extension Elements {
  /// 1 as a number of `1 << width` bytes.
  private static func one(_ width: Int) -> UInt64 { width == 1 ? 0x3c00 : width == 2 ? 0x3f80_0000 : 0x3ff0_0000_0000_0000 }

  /// The ones above a narrow number in a register.
  @inline(__always)
  static func box(_ value: UInt64, _ width: Int) -> UInt64 { width == 3 ? value : value | ~0 &<< UInt64(8 << width) }

  /// An operand with 1 where elements are not active; itself if all are.
  func neutral(_ elements: UnsafeMutableRawPointer, width: Int, in room: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    guard isMasked else { return elements }
    let one = Self.one(width)
    for index in 0..<count {
      Self.store(mask(index) ? Self.element(index, of: elements, width: width) : one, index, of: room, width: width)
    }
    return room
  }

  /// The same of a second source, a scalar spread over all elements.
  func neutral(_ source: VectorSource, width: Int, in room: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    switch source {
    case .elements(let elements): return neutral(elements, width: width, in: room)
    case .scalar(let scalar):
      switch width {
      case 1: fill(room, UInt16(truncatingIfNeeded: scalar))
      case 2: fill(room, UInt32(truncatingIfNeeded: scalar))
      default: fill(room, scalar)
      }
      return neutral(room, width: width, in: room)
    }
  }

  @inline(__always)
  private func fill<T>(_ room: UnsafeMutableRawPointer, _ value: T) {
    room.initializeMemory(as: T.self, repeating: value, count: count)
  }

  /// - Parameter rm: the rounding mode if it is none of the host's, else `nil`.
  func apply(
    _ operation: FloatOperation2, width: Int, rm: UInt32?, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
    to out: UnsafeMutableRawPointer
  ) {
    if let rm, let explicit = operation.explicit?[width] {
      for index in 0..<count {
        let (x, y) = (Self.boxed(index, a, width), Self.boxed(index, b, width))
        Self.store(explicit(x, y, rm), index, of: out, width: width)
      }
    } else if let block = operation.blocks?[width] {
      block(out, a, b, count)
    } else {
      let host = operation.host[width]
      for index in 0..<count { Self.store(host(Self.boxed(index, a, width), Self.boxed(index, b, width)), index, of: out, width: width) }
    }
  }

  func apply(
    _ operation: FloatOperation3, width: Int, rm: UInt32?, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
    _ c: UnsafeMutableRawPointer, to out: UnsafeMutableRawPointer
  ) {
    if let rm {
      let explicit = operation.explicit[width]
      for index in 0..<count {
        let (x, y, z) = (Self.boxed(index, a, width), Self.boxed(index, b, width), Self.boxed(index, c, width))
        Self.store(explicit(x, y, z, rm), index, of: out, width: width)
      }
    } else if let block = operation.blocks[width] {
      block(out, a, b, c, count)
    } else {
      let host = operation.host[width]
      for index in 0..<count {
        let (x, y, z) = (Self.boxed(index, a, width), Self.boxed(index, b, width), Self.boxed(index, c, width))
        Self.store(host(x, y, z), index, of: out, width: width)
      }
    }
  }

  /// One source; only active elements are computed.
  func apply(
    _ operation: FloatOperation1, from: Int, boxed: Bool, to: Int, rm: UInt32?, _ a: UnsafeMutableRawPointer,
    to out: UnsafeMutableRawPointer
  ) {
    for index in 0..<count where isActive(index) {
      let element = Self.element(index, of: a, width: from)
      let x = boxed ? Self.box(element, from) : element
      let result = if let rm, let explicit = operation.explicit { explicit(x, rm) } else { operation.host(x) }
      Self.store(result, index, of: out, width: to)
    }
  }

  @inline(__always)
  static func boxed(_ index: Int, _ elements: UnsafeMutableRawPointer, _ width: Int) -> UInt64 {
    box(element(index, of: elements, width: width), width)
  }
}
