#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes between files and guest memory.
extension LinuxUser {
  /// Bytes that one call moves at most (MAX_RW_COUNT).
  private static let transferLimit: UInt64 = 0x7fff_f000
  /// Entries of a vector at most (UIO_MAXIOV).
  private static let vectorLimit: UInt64 = 1024

  private struct Piece {
    var address: UInt64
    var length: UInt64
  }

  func read(_ descriptor: Int32, _ address: UInt64, count: UInt64, offset: Int64?) throws(LinuxError) -> Int {
    try read(try readable(descriptor, offset), [Piece(address: address, length: count)], offset: offset)
  }

  func write(_ descriptor: Int32, _ address: UInt64, count: UInt64, offset: Int64?) throws(LinuxError) -> Int {
    try write(try writable(descriptor, offset), [Piece(address: address, length: count)], offset: offset)
  }

  func readVector(_ descriptor: Int32, _ vector: UInt64, count: UInt64, offset: Int64?) throws(LinuxError) -> Int {
    let file = try readable(descriptor, offset)
    return try read(file, try pieces(vector, count), offset: offset)
  }

  func writeVector(_ descriptor: Int32, _ vector: UInt64, count: UInt64, offset: Int64?) throws(LinuxError) -> Int {
    let file = try writable(descriptor, offset)
    return try write(file, try pieces(vector, count), offset: offset)
  }

  /// preadv2, pwritev2: position -1 is the file's own.
  func transferVector(
    _ descriptor: Int32, _ vector: UInt64, count: UInt64, offset: Int64, flags: UInt32, writes: Bool
  ) throws(LinuxError) -> Int {
    // RWF_HIPRI, RWF_DSYNC and RWF_SYNC; for writing RWF_APPEND too.
    let append: UInt32 = 0x10
    guard flags & ~(writes ? 7 | append : 7) == 0 else { throw .EOPNOTSUPP }
    var place = offset == -1 ? nil : offset
    guard writes else { return try readVector(descriptor, vector, count: count, offset: place) }
    if flags & append != 0, place.map({ $0 >= 0 }) ?? true {
      let file = try writable(descriptor, nil)
      if file.isRegular, place == nil { try host { lseek(file.descriptor, 0, SEEK_END) } }
      var status = stat()
      if file.isRegular, place != nil {
        try host { fstat(file.descriptor, &status) }
        place = Int64(status.st_size)
      }
    }
    let result = try writeVector(descriptor, vector, count: count, offset: place)
    if flags & 6 != 0 { _ = try synchronise(descriptor) }
    return result
  }

  private func readable(_ descriptor: Int32, _ offset: Int64?) throws(LinuxError) -> OpenFile {
    if let offset, offset < 0 { throw .EINVAL }
    let file = try files.file(descriptor)
    if !file.canRead || file.statusFlags & OpenFlags.path != 0 { throw .EBADF }
    return file
  }

  private func writable(_ descriptor: Int32, _ offset: Int64?) throws(LinuxError) -> OpenFile {
    if let offset, offset < 0 { throw .EINVAL }
    let file = try files.file(descriptor)
    if !file.canWrite || file.statusFlags & OpenFlags.path != 0 { throw .EBADF }
    return file
  }

  /// Reads a `struct iovec[]`.
  private func pieces(_ vector: UInt64, _ count: UInt64) throws(LinuxError) -> [Piece] {
    guard count <= Self.vectorLimit else { throw .EINVAL }
    var pieces: [Piece] = []
    var total: UInt64 = 0
    for index in 0..<count {
      let address: UInt64 = try space.get(vector &+ 16 &* index)
      let length: UInt64 = try space.get(vector &+ 16 &* index &+ 8)
      guard length <= UInt64(Int64.max) else { throw .EINVAL }
      let (sum, overflow) = total.addingReportingOverflow(length)
      guard !overflow, sum <= UInt64(Int64.max) else { throw .EINVAL }
      total = sum
      pieces.append(Piece(address: address, length: length))
    }
    return pieces
  }

  private func read(_ file: OpenFile, _ pieces: [Piece], offset: Int64?) throws(LinuxError) -> Int {
    if offset == nil { try awaitReady(file, POLLIN) }
    return try transfer(pieces, need: .write) { address, target, count, done throws(LinuxError) in
      var result = count
      if file.isRandom {
        random.fill(UnsafeMutableRawBufferPointer(start: target, count: count))
      } else if let offset {
        let place = try Self.place(offset, done)
        result = try host { pread(file.descriptor, target, count, place) }
      } else {
        result = try host(mayWait: !file.isRegular) { hostRead(file.descriptor, target, count) }
      }
      space.wrote(address, length: result)
      return result
    }
  }

  private func write(_ file: OpenFile, _ pieces: [Piece], offset: Int64?) throws(LinuxError) -> Int {
    if offset == nil { try awaitReady(file, POLLOUT) }
    do {
      return try transfer(pieces, need: .read) { _, source, count, done throws(LinuxError) in
        if let offset {
          let place = try Self.place(offset, done)
          return try host { pwrite(file.descriptor, source, count, place) }
        }
        if file.isRegular { return try host { hostWrite(file.descriptor, source, count) } }
        let waits = file.statusFlags & OpenFlags.nonBlocking == 0
        return try sendAll(count, waits: waits) { hostWrite(file.descriptor, source + $0, count - $0) }
      }
    } catch {
      if error == .EPIPE { signals.raise(SignalInfo(.SIGPIPE, code: SignalInfo.Code.user, own: ids.pid, options.identity.user)) }
      throw error
    }
  }

  /// A pipe, a socket or a terminal takes all of it, unless it is not to wait or a signal is to be delivered. What has woken the
  /// simulator is no reason to stop half-way.
  /// - Parameter part: gives what follows after so many bytes to the host.
  func sendAll(_ count: Int, waits: Bool, _ part: (_ done: Int) -> Int) throws(LinuxError) -> Int {
    var done = 0
    repeat {
      do throws(LinuxError) {
        let sent = try host(mayWait: waits) { withoutPipeSignal { part(done) } }
        done += sent
        if sent == 0 { break }
      } catch {
        if done == 0 { throw error }
        break
      }
      if done < count { collectSignals() }
    } while waits && done < count && !signals.hasDeliverable && !hart.pauseRequested
    return done
  }

  private static func place(_ offset: Int64, _ done: Int) throws(LinuxError) -> off_t {
    let (place, overflow) = offset.addingReportingOverflow(Int64(done))
    guard !overflow else { throw .EINVAL }
    return off_t(place)
  }

  /// Moves piece after piece until one comes short. A piece that runs into a page without the right ends there; it is an
  /// error when nothing was moved at all.
  private func transfer(
    _ pieces: [Piece], need: Rights,
    _ move: (_ address: UInt64, _ pointer: UnsafeMutableRawPointer, _ count: Int, _ done: Int) throws(LinuxError) -> Int
  ) throws(LinuxError) -> Int {
    var done = 0
    for piece in pieces {
      let wanted = Int(min(piece.length, Self.transferLimit - UInt64(done)))
      let count = space.reachable(from: piece.address, length: wanted, need: need)
      if count == 0, wanted > 0 {
        if done > 0 { return done }
        throw .EFAULT
      }
      // A transfer of nothing still tells whether the file can be read or written.
      if wanted == 0, pieces.count > 1 { continue }
      var nothing: UInt8 = 0
      let moved: Int
      do throws(LinuxError) {
        if let pointer = space.pointer(to: piece.address, length: count, need: need), count > 0 {
          moved = try move(piece.address, pointer, count, done)
        } else {
          moved = try withUnsafeMutablePointer(to: &nothing) { pointer throws(LinuxError) in
            try move(0, UnsafeMutableRawPointer(pointer), 0, done)
          }
        }
      } catch {
        if done > 0 { return done }
        throw error
      }
      done += moved
      if moved < wanted { break }
    }
    return done
  }
}
