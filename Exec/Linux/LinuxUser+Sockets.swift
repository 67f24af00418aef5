import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sockets of the host: addresses and options have the same bytes on every Linux. Control messages are not passed.
extension LinuxUser {
  /// SOCK_NONBLOCK and SOCK_CLOEXEC have the values of the flags of open.
  private static let socketTypeFlags = OpenFlags.nonBlocking | OpenFlags.closeOnExec
  /// Bytes of `struct sockaddr_storage`.
  private static let addressLimit = 128
  /// Most bytes of a message that is gathered here.
  private static let messageLimit = 1 << 24
  private static let unixFamily: UInt16 = 1

  private func hostSocket(_ result: Int32, type: UInt32) throws(LinuxError) -> Int {
    _ = fcntl(result, F_SETFD, FD_CLOEXEC)
    if type & OpenFlags.nonBlocking != 0 { _ = fcntl(result, F_SETFL, O_NONBLOCK) }
    return try addHostFile(result, kind: .host, type)
  }

  private func kind(_ domain: Int32, _ type: UInt32) throws(LinuxError) -> Int32 {
    // AF_UNIX, AF_INET, AF_INET6; SOCK_STREAM to SOCK_SEQPACKET.
    guard [1, 2, 10].contains(domain) else { throw .EAFNOSUPPORT }
    let kind = type & ~Self.socketTypeFlags
    guard (1...5).contains(kind) else { throw .EINVAL }
    return Int32(kind)
  }

  func makeSocket(_ domain: Int32, type: UInt32, protocol number: Int32) throws(LinuxError) -> Int {
    let kind = try kind(domain, type)
    return try hostSocket(try host { socket(domain, kind, number) }, type: type)
  }

  func makeSocketPair(_ domain: Int32, type: UInt32, protocol number: Int32, to address: UInt64) throws(LinuxError) -> CallResult
  {
    let kind = try kind(domain, type)
    guard space.reachable(from: address, length: 8, need: .write) == 8 else { throw .EFAULT }
    var ends: [Int32] = [-1, -1]
    try host { socketpair(domain, kind, number, &ends) }
    let first = try hostSocket(ends[0], type: type)
    do throws(LinuxError) {
      try space.put(Int32(first), at: address)
      try space.put(Int32(try hostSocket(ends[1], type: type)), at: address &+ 4)
    } catch {
      try files.close(Int32(first))
      throw error
    }
    return .ok
  }

  // MARK: Addresses

  /// Reads a socket's address. Names of local sockets are files: they are the guest's, and may not be there at all.
  private func socketAddress(_ address: UInt64, _ length: UInt32, creates: Bool) throws(LinuxError) -> [UInt8] {
    guard length <= UInt32(Self.addressLimit) else { throw .EINVAL }
    guard var bytes = space.read(address, count: Int(length)) else { throw .EFAULT }
    guard bytes.count > 2, UInt16(bytes[0]) | UInt16(bytes[1]) << 8 == Self.unixFamily, bytes[2] != 0 else { return bytes }
    if options.files == .none { throw .ENOENT }
    if creates { try requireWriting() }
    let name = bytes[2...].prefix { $0 != 0 }
    if name.first != UInt8(ascii: "/") {
      // The host's working directory is not the guest's.
      bytes = Array(bytes[..<2]) + files.directoryPath + [0x2f] + name + [0]
      guard bytes.count <= 110 else { throw .ENAMETOOLONG }
    }
    return bytes
  }

  private func withAddress<T>(_ bytes: [UInt8], _ body: (UnsafePointer<sockaddr>?, socklen_t) -> T) -> T {
    bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) }
  }

  /// Makes a host call that tells an address, and gives it to the guest.
  private func tellAddress(
    _ address: UInt64, _ lengthAddress: UInt64,
    _ body: (UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>) throws(LinuxError) -> Int
  ) throws(LinuxError) -> Int {
    var storage = sockaddr_storage()
    var length = socklen_t(Self.addressLimit)
    var result = 0
    if address != 0 { _ = try space.get(lengthAddress, as: Int32.self) }
    result = try withUnsafeMutablePointer(to: &storage) { pointer throws(LinuxError) in
      try body(UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), &length)
    }
    if address != 0 {
      let room: Int32 = try space.get(lengthAddress)
      guard room >= 0 else { throw .EINVAL }
      let bytes = withUnsafeBytes(of: &storage) { Array($0.prefix(min(Int(room), Int(length)))) }
      guard space.write(address, bytes) else { throw .EFAULT }
      try space.put(UInt32(length), at: lengthAddress)
    }
    return result
  }

  func bindSocket(_ descriptor: Int32, _ address: UInt64, _ length: UInt32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    let bytes = try socketAddress(address, length, creates: true)
    try host { withAddress(bytes) { bind(file.descriptor, $0, $1) } }
    return .ok
  }

  func connectSocket(_ descriptor: Int32, _ address: UInt64, _ length: UInt32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    let bytes = try socketAddress(address, length, creates: false)
    try host(mayWait: true) { withAddress(bytes) { connect(file.descriptor, $0, $1) } }
    return .ok
  }

  func listenSocket(_ descriptor: Int32, _ backlog: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    try host { listen(file.descriptor, backlog) }
    return .ok
  }

  func acceptSocket(_ descriptor: Int32, _ address: UInt64, _ length: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~Self.socketTypeFlags == 0 else { throw .EINVAL }
    let file = try files.file(descriptor)
    // Nothing ever comes to a socket that does not listen.
    var (listens, size) = (Int32(0), socklen_t(4))
    try host { getsockopt(file.descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) }
    guard listens != 0 else { throw .EINVAL }
    try awaitReady(file, POLLIN)
    let isNonBlocking: Int32 = flags & OpenFlags.nonBlocking != 0 ? 1 : 0
    let accepted = try tellAddress(address, length) { name, size throws(LinuxError) in
      Int(try host { host_accept(file.descriptor, name, size, isNonBlocking) })
    }
    return .value(try hostSocket(Int32(accepted), type: flags))
  }

  func socketName(_ descriptor: Int32, _ address: UInt64, _ length: UInt64, peer: Bool) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard address != 0 else { throw .EFAULT }
    _ = try tellAddress(address, length) { name, size throws(LinuxError) in
      guard let name else { return 0 }
      return Int(try host { peer ? getpeername(file.descriptor, name, size) : getsockname(file.descriptor, name, size) })
    }
    return .ok
  }

  func shutdownSocket(_ descriptor: Int32, _ how: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    try host { shutdown(file.descriptor, how) }
    return .ok
  }

  // MARK: Options

  func setSocketOption(
    _ descriptor: Int32, level: Int32, _ name: Int32, _ address: UInt64, _ length: UInt32
  ) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard length <= 4096 else { throw .EINVAL }
    guard let bytes = space.read(address, count: Int(length)) else { throw .EFAULT }
    try host { setsockopt(file.descriptor, level, name, bytes, socklen_t(length)) }
    return .ok
  }

  func socketOption(
    _ descriptor: Int32, level: Int32, _ name: Int32, _ address: UInt64, _ lengthAddress: UInt64
  ) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    let room: Int32 = try space.get(lengthAddress)
    guard (0...4096).contains(room) else { throw .EINVAL }
    var bytes = [UInt8](repeating: 0, count: Int(room))
    var length = socklen_t(room)
    try host { getsockopt(file.descriptor, level, name, &bytes, &length) }
    guard space.write(address, bytes.prefix(Int(length))) else { throw .EFAULT }
    try space.put(UInt32(length), at: lengthAddress)
    return .ok
  }

  // MARK: Messages

  func sendMessage(
    _ descriptor: Int32, _ address: UInt64, _ count: UInt64, flags: Int32, to name: UInt64, _ nameLength: UInt32
  ) throws(LinuxError) -> Int {
    guard let bytes = space.read(address, count: Int(min(count, UInt64(Self.messageLimit)))) else { throw .EFAULT }
    return try send(bytes, on: descriptor, flags: flags, to: name, nameLength)
  }

  private func send(_ bytes: [UInt8], on descriptor: Int32, flags: Int32, to name: UInt64, _ nameLength: UInt32)
    throws(LinuxError) -> Int
  {
    let file = try files.file(descriptor)
    let target = name == 0 ? [] : try socketAddress(name, nameLength, creates: false)
    // MSG_DONTWAIT is 0x40, MSG_NOSIGNAL 0x4000.
    let waits = flags & 0x40 == 0 && file.statusFlags & OpenFlags.nonBlocking == 0
    if waits { try awaitReady(file, POLLOUT) }
    do throws(LinuxError) {
      return try sendAll(bytes.count, waits: waits) { done in
        bytes[done...].withUnsafeBytes { rest in
          withAddress(target) { sendto(file.descriptor, rest.baseAddress, rest.count, flags, name == 0 ? nil : $0, $1) }
        }
      }
    } catch {
      if error == .EPIPE, flags & 0x4000 == 0 {
        signals.raise(SignalInfo(.SIGPIPE, code: SignalInfo.Code.user, own: ids.pid, options.identity.user))
      }
      throw error
    }
  }

  func receiveMessage(
    _ descriptor: Int32, _ address: UInt64, _ count: UInt64, flags: Int32, from name: UInt64, _ nameLength: UInt64
  ) throws(LinuxError) -> Int {
    let length = Int(min(count, UInt64(Self.messageLimit)))
    guard space.reachable(from: address, length: length, need: .write) == length else { throw .EFAULT }
    let bytes = try receive(length, on: descriptor, flags: flags, from: name, nameLength)
    guard space.write(address, bytes.prefix(length)) else { throw .EFAULT }
    return bytes.count
  }

  /// - Returns: what came; with MSG_TRUNC there may be more of it than was asked for, as zeros.
  private func receive(
    _ length: Int, on descriptor: Int32, flags: Int32, from name: UInt64, _ nameLength: UInt64
  ) throws(LinuxError) -> [UInt8] {
    let file = try files.file(descriptor)
    var bytes = [UInt8](repeating: 0, count: length)
    let count = try tellAddress(name, nameLength) { from, size throws(LinuxError) in
      // What is there, or wrong, is told at once; MSG_DONTWAIT is 0x40, MSG_WAITALL 0x100.
      if flags & 0x140 == 0 {
        do throws(LinuxError) {
          return try host { recvfrom(file.descriptor, &bytes, length, flags | 0x40, from, size) }
        } catch {
          if error != .EAGAIN || file.statusFlags & OpenFlags.nonBlocking != 0 { throw error }
        }
      }
      if flags & 0x40 == 0 { try awaitReady(file, POLLIN) }
      return try receiveAll(length, on: file, flags: flags) { done in
        bytes.withUnsafeMutableBytes { buffer in
          recvfrom(file.descriptor, buffer.baseAddress.map { $0 + done }, length - done, flags, from, size)
        }
      }
    }
    if count <= length { return Array(bytes.prefix(count)) }
    return bytes + [UInt8](repeating: 0, count: count - length)
  }

  /// MSG_WAITALL: what has woken the simulator is no reason for a stream to stop half-way. MSG_PEEK is 2.
  private func receiveAll(
    _ length: Int, on file: OpenFile, flags: Int32, _ part: (_ done: Int) -> Int
  ) throws(LinuxError) -> Int {
    let first = try host(mayWait: true) { part(0) }
    var done = first
    guard flags & 0x142 == 0x100, file.statusFlags & OpenFlags.nonBlocking == 0 else { return first }
    while done > 0, done < length {
      var (type, size) = (Int32(0), socklen_t(4))
      guard getsockopt(file.descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0, type == 1 else { break }
      collectSignals()
      if signals.hasDeliverable || hart.pauseRequested { break }
      do throws(LinuxError) {
        let next = try host(mayWait: true) { part(done) }
        if next == 0 { break }
        done += next
      } catch {
        break
      }
    }
    return done
  }

  /// `struct msghdr`: name, its length, pieces, their count, control data, their length, flags.
  func sendMessage(_ descriptor: Int32, header: UInt64, flags: Int32) throws(LinuxError) -> Int {
    if try space.get(header &+ 40, as: UInt64.self) != 0 {
      report(once: "control messages of sockets are not supported: EINVAL")
      throw .EINVAL
    }
    var bytes: [UInt8] = []
    for piece in try messagePieces(header) {
      guard bytes.count + piece.length <= Self.messageLimit else { throw .EMSGSIZE }
      guard let part = space.read(piece.address, count: piece.length) else { throw .EFAULT }
      bytes += part
    }
    return try send(bytes, on: descriptor, flags: flags, to: try space.get(header), try space.get(header &+ 8))
  }

  func receiveMessage(_ descriptor: Int32, header: UInt64, flags: Int32) throws(LinuxError) -> Int {
    let pieces = try messagePieces(header)
    let total = pieces.reduce(0) { $0 + $1.length }
    guard total <= Self.messageLimit else { throw .EMSGSIZE }
    let bytes = try receive(total, on: descriptor, flags: flags, from: try space.get(header), header &+ 8)
    var done = 0
    for piece in pieces where done < min(bytes.count, total) {
      let part = bytes[done..<min(done + piece.length, bytes.count)]
      guard space.write(piece.address, part) else { throw .EFAULT }
      done += part.count
    }
    // No control data; MSG_TRUNC when there was more.
    try space.put(UInt64(0), at: header &+ 40)
    try space.put(UInt32(bytes.count > total ? 0x20 : 0), at: header &+ 48)
    return bytes.count
  }

  private func messagePieces(_ header: UInt64) throws(LinuxError) -> [(address: UInt64, length: Int)] {
    let (vector, count): (UInt64, UInt64) = (try space.get(header &+ 16), try space.get(header &+ 24))
    guard count <= 1024 else { throw .EMSGSIZE }
    var pieces: [(address: UInt64, length: Int)] = []
    for index in 0..<count {
      let length: UInt64 = try space.get(vector &+ 16 &* index &+ 8)
      guard length <= UInt64(Self.messageLimit) else { throw .EMSGSIZE }
      pieces.append((try space.get(vector &+ 16 &* index), Int(length)))
    }
    return pieces
  }
}
