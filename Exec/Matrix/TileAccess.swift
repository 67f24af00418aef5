import RVDecoder

/// A rectangle of elements in memory: `rows` × `columns` of `width` bytes (1, 2, 4, 8). Element (i, j) lies `step` bytes after its neighbour in
/// one direction, and `width` bytes after that in the other.
struct TileAccess {
  var base: UInt64
  /// Bytes from row to row, or from column to column of a transposed tile.
  var step: UInt64
  var rows: Int
  var columns: Int
  var width: Int
  var isTransposed = false

  /// Elements that are neighbours in memory come in lines.
  var lines: Int { isTransposed ? columns : rows }
  var lineLength: Int { isTransposed ? rows : columns }

  func address(_ i: Int, _ j: Int) -> UInt64 {
    let (far, near) = isTransposed ? (j, i) : (i, j)
    return base &+ step &* UInt64(far) &+ UInt64(near * width)
  }

  /// Bytes laid end to end.
  static func bytes(_ base: UInt64, count: Int) -> TileAccess { TileAccess(base: base, step: 0, rows: 1, columns: count, width: 1) }
}

/// Tile loads and stores. All elements are asked for before any is changed: a fault leaves registers and memory as they were, and the
/// instruction can be begun anew. The fault named is that of the first element, row by row.
extension Hart {
  /// - Parameters:
  ///   - target: element (0, 0); rows are `rowBytes` apart.
  ///   - scratch: room for all elements.
  @inline(never)
  func load<M: GuestMemory, W: Watch>(
    _ tile: TileAccess, to target: UnsafeMutableRawPointer, rowBytes: Int, scratch: UnsafeMutableRawPointer, _ m: M, _ watch: inout W
  ) throws(Trap) {
    if tile.rows == 0 || tile.columns == 0 { return }
    let length = tile.lineLength * tile.width
    // Straight into the register where all lines are ordinary memory: their elements cannot fail.
    if let memory = plainSpan(tile, length, m, forStore: false) {
      let step = Int(tile.step)
      for line in 0..<tile.lines { (target + line * rowBytes).copyLine(from: memory + line * step, byteCount: length) }
      return record(tile, isStore: false, &watch)
    }
    var isPlain = true
    for line in 0..<tile.lines where isPlain { isPlain = plainLine(tile, line, length, m, forStore: false) != nil }
    if isPlain {
      for line in 0..<tile.lines {
        guard let memory = plainLine(tile, line, length, m, forStore: false) else { break }
        if tile.isTransposed {
          for i in 0..<tile.rows {
            (target + i * rowBytes + line * tile.width).copyMemory(from: memory + i * tile.width, byteCount: tile.width)
          }
        } else {
          (target + line * rowBytes).copyMemory(from: memory, byteCount: length)
        }
      }
    } else {
      let row = tile.columns * tile.width
      for i in 0..<tile.rows {
        for j in 0..<tile.columns {
          let value: UInt64 =
            switch tile.width {
            case 1: UInt64(try m.load(tile.address(i, j), as: UInt8.self))
            case 2: UInt64(try m.load(tile.address(i, j), as: UInt16.self))
            case 4: UInt64(try m.load(tile.address(i, j), as: UInt32.self))
            default: try m.load(tile.address(i, j), as: UInt64.self)
            }
          scratch.store(value, element: j, width: tile.width, row: i * row)
        }
      }
      for i in 0..<tile.rows { (target + i * rowBytes).copyMemory(from: scratch + i * row, byteCount: row) }
    }
    record(tile, isStore: false, &watch)
  }

  @inline(never)
  func store<M: GuestMemory, W: Watch>(
    _ tile: TileAccess, from source: UnsafeRawPointer, rowBytes: Int, _ m: M, _ watch: inout W
  ) throws(Trap) {
    if tile.rows == 0 || tile.columns == 0 { return }
    let length = tile.lineLength * tile.width
    if let memory = plainSpan(tile, length, m, forStore: true) {
      let step = Int(tile.step)
      for line in 0..<tile.lines { (memory + line * step).copyLine(from: source + line * rowBytes, byteCount: length) }
      return record(tile, isStore: true, &watch)
    }
    var isPlain = true
    for line in 0..<tile.lines where isPlain { isPlain = plainLine(tile, line, length, m, forStore: true) != nil }
    if isPlain, !tile.isTransposed {
      for line in 0..<tile.lines {
        guard let memory = plainLine(tile, line, length, m, forStore: true) else { break }
        memory.copyMemory(from: source + line * rowBytes, byteCount: length)
      }
    } else {
      if !isPlain {
        for i in 0..<tile.rows {
          for j in 0..<tile.columns { try m.checkStore(tile.address(i, j), width: tile.width) }
        }
      }
      for i in 0..<tile.rows {
        for j in 0..<tile.columns {
          let value = source.element(j, width: tile.width, row: i * rowBytes)
          switch tile.width {
          case 1: try m.storeAndGoOn(tile.address(i, j), UInt8(truncatingIfNeeded: value))
          case 2: try m.storeAndGoOn(tile.address(i, j), UInt16(truncatingIfNeeded: value))
          case 4: try m.storeAndGoOn(tile.address(i, j), UInt32(truncatingIfNeeded: value))
          default: try m.storeAndGoOn(tile.address(i, j), value)
          }
        }
      }
    }
    record(tile, isStore: true, &watch)
  }

  @inline(__always)
  private func plainLine<M: GuestMemory>(_ tile: TileAccess, _ line: Int, _ length: Int, _ m: M, forStore: Bool) -> UnsafeMutableRawPointer? {
    let address = tile.base &+ tile.step &* UInt64(line)
    guard address & UInt64(tile.width - 1) == 0 else { return nil }
    return m.plainMemory(address, length: length, forStore: forStore)
  }

  /// Where the first line lies, if the tile is not transposed and everything from its first to its last byte is ordinary memory.
  @inline(__always)
  private func plainSpan<M: GuestMemory>(_ tile: TileAccess, _ length: Int, _ m: M, forStore: Bool) -> UnsafeMutableRawPointer? {
    // Neighbouring lines may be far apart: a few pages are looked at, not all that lie between.
    guard !tile.isTransposed, tile.step <= 4096, (tile.base | tile.step) & UInt64(tile.width - 1) == 0 else { return nil }
    return m.plainMemory(tile.base, length: Int(tile.step) * (tile.lines - 1) + length, forStore: forStore)
  }

  @inline(__always)
  private func record<W: Watch>(_ tile: TileAccess, isStore: Bool, _ watch: inout W) {
    for line in 0..<tile.lines {
      watch.elements(tile.base &+ tile.step &* UInt64(line), count: tile.lineLength, width: tile.width, isStore: isStore)
    }
  }
}

extension UnsafeMutableRawPointer {
  /// Copies a line, whose length is one of a few multiples of 16 as a rule: calls cost more than the bytes.
  @inline(__always)
  func copyLine(from source: UnsafeRawPointer, byteCount: Int) {
    guard byteCount & 15 == 0 else { return copyMemory(from: source, byteCount: byteCount) }
    for at in stride(from: 0, to: byteCount, by: 16) {
      storeBytes(of: (source + at).loadUnaligned(as: SIMD16<UInt8>.self), toByteOffset: at, as: SIMD16<UInt8>.self)
    }
  }

  /// Stores element `index` of the row that begins at byte `row`.
  @inline(__always)
  func store(_ value: UInt64, element index: Int, width: Int, row: Int) {
    let place = self + row + index * width
    switch width {
    case 1: place.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case 2: place.storeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian, as: UInt16.self)
    case 4: place.storeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian, as: UInt32.self)
    default: place.storeBytes(of: value.littleEndian, as: UInt64.self)
    }
  }
}

extension UnsafeRawPointer {
  /// Element `index` of the row that begins at byte `row`, zero-extended.
  @inline(__always)
  func element(_ index: Int, width: Int, row: Int) -> UInt64 {
    let place = self + row + index * width
    return switch width {
    case 1: UInt64(place.load(as: UInt8.self))
    case 2: UInt64(UInt16(littleEndian: place.loadUnaligned(as: UInt16.self)))
    case 4: UInt64(UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)))
    default: UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
    }
  }
}

extension UInt64 {
  /// The low `width` bytes, sign-extended.
  @inline(__always)
  func signExtended(width: Int) -> UInt64 {
    let shift = UInt64(64 - 8 * width)
    return UInt64(bitPattern: Int64(bitPattern: self &<< shift) &>> Int64(shift))
  }
}
