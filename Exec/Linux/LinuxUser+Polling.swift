import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Waiting for several descriptors: ppoll, pselect6, epoll.
extension LinuxUser {
  /// A descriptor of the guest's, and what it is watched for (asm-generic/poll.h).
  private struct Interest {
    var descriptor: Int32
    var events: Int16
    var ready: Int16 = 0
  }

  /// Does a call that waits under a mask of its own; the old one is back afterwards, or once a signal was delivered.
  private func underMask<T>(_ mask: UInt64?, _ body: () throws(LinuxError) -> T) throws(LinuxError) -> T {
    setTemporaryMask(mask)
    func restore() {
      if let old = signals.savedMask { (signals.mask, signals.savedMask) = (old, nil) }
    }
    do throws(LinuxError) {
      let result = try body()
      restore()
      return result
    } catch {
      if error != .ERESTARTNOHAND { restore() }
      throw error
    }
  }

  /// Waits until one of some descriptors is ready.
  /// - Returns: how many are.
  private func poll(_ interests: inout [Interest], until end: UInt64?) throws(LinuxError) -> Int {
    var watched: [pollfd] = []
    var places: [Int] = []
    var bad = 0
    var isOwn = true
    for (index, interest) in interests.enumerated() where interest.descriptor >= 0 {
      guard let file = files[interest.descriptor] else {
        interests[index].ready = Int16(POLLNVAL)
        bad += 1
        continue
      }
      isOwn = isOwn && file.kind == .timer
      watched.append(pollfd(fd: file.descriptor, events: interest.events, revents: 0))
      places.append(index)
    }
    _ = try wait(&watched, until: bad > 0 ? 0 : end, isOwn: isOwn)
    for (place, found) in zip(places, watched) { interests[place].ready = found.revents }
    return interests.reduce(0) { $0 + ($1.ready != 0 ? 1 : 0) }
  }

  /// The end of a wait whose duration is at an address; `nil` for ever.
  private func end(ofWait timeout: UInt64) throws(LinuxError) -> UInt64? {
    timeout == 0 ? nil : deadline(after: try duration(at: timeout))
  }

  /// Linux writes what is left of the time-out.
  private func putRest(_ end: UInt64?, at timeout: UInt64) {
    guard let end else { return }
    var layout = GuestLayout(capacity: 16)
    layout.put(nanoseconds: end > elapsed ? end - elapsed : 0)
    space.write(timeout, layout.bytes)
  }

  func poll(_ address: UInt64, count: UInt64, timeout: UInt64, mask: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    let end = try end(ofWait: timeout)
    let mask = try temporaryMask(at: mask, size: size)
    guard count <= limits[ResourceLimit.openFiles].soft else { throw .EINVAL }
    var interests: [Interest] = []
    for index in 0..<count {
      let entry = address &+ 8 &* index
      interests.append(Interest(descriptor: try space.get(entry), events: try space.get(entry &+ 4)))
    }
    defer { putRest(end, at: timeout) }
    let ready = try underMask(mask) { () throws(LinuxError) in try poll(&interests, until: end) }
    for (index, interest) in interests.enumerated() {
      try space.put(interest.ready, at: address &+ 8 &* UInt64(index) &+ 6)
    }
    return .value(ready)
  }

  func select(
    _ count: Int32, _ sets: [UInt64], timeout: UInt64, mask pair: UInt64
  ) throws(LinuxError) -> CallResult {
    guard count >= 0 else { throw .EINVAL }
    let end = try end(ofWait: timeout)
    var mask: UInt64?
    if pair != 0 { mask = try temporaryMask(at: try space.get(pair), size: try space.get(pair &+ 8)) }
    // More than the table of descriptors can hold is ignored.
    let words = UInt64((min(Int(count), 1 << 20) + 63) / 64)
    let kinds: [(asked: Int32, told: Int32)] = [
      (POLLIN, POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR), (POLLOUT, POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR),
      (POLLPRI, POLLPRI),
    ]
    var events: [Int32: Int32] = [:]
    for (set, kind) in zip(sets, kinds) where set != 0 {
      for word in 0..<words {
        var bits: UInt64 = try space.get(set &+ 8 &* word)
        while bits != 0 {
          let descriptor = Int32(word) * 64 + Int32(bits.trailingZeroBitCount)
          bits &= bits - 1
          guard descriptor < count else { break }
          guard files[descriptor] != nil else { throw .EBADF }
          events[descriptor, default: 0] |= kind.asked
        }
      }
    }
    var interests = events.sorted { $0.key < $1.key }.map { Interest(descriptor: $0.key, events: Int16($0.value)) }
    defer { putRest(end, at: timeout) }
    _ = try underMask(mask) { () throws(LinuxError) in try poll(&interests, until: end) }
    var total = 0
    for (set, kind) in zip(sets, kinds) where set != 0 {
      var result = [UInt64](repeating: 0, count: Int(words))
      for interest in interests where Int32(interest.events) & kind.asked != 0 && Int32(interest.ready) & kind.told != 0 {
        result[Int(interest.descriptor) / 64] |= 1 << UInt64(interest.descriptor % 64)
        total += 1
      }
      for (index, word) in result.enumerated() { try space.put(word, at: set &+ 8 &* UInt64(index)) }
    }
    return .value(total)
  }

  // MARK: epoll and eventfd

  func createPollSet(flags: UInt32) throws(LinuxError) -> Int {
    guard flags & ~OpenFlags.closeOnExec == 0 else { throw .EINVAL }
    return try addHostFile(try host { host_poll_set_create() }, kind: .pollSet, flags)
  }

  private func pollSet(_ descriptor: Int32) throws(LinuxError) -> OpenFile {
    let file = try files.file(descriptor)
    guard file.kind == .pollSet else { throw .EINVAL }
    return file
  }

  /// `struct epoll_event`: events, and 64 bits of the program's own behind padding.
  func changePollSet(_ set: Int32, operation: Int32, _ descriptor: Int32, _ event: UInt64) throws(LinuxError) -> CallResult {
    guard (1...3).contains(operation) else { throw .EINVAL }
    var (events, data): (UInt32, UInt64) = (0, 0)
    // EPOLL_CTL_DEL
    if operation != 2 { (events, data) = (try space.get(event), try space.get(event &+ 8)) }
    let target = try files.file(descriptor)
    let file = try pollSet(set)
    try host { host_poll_set_change(file.descriptor, operation, target.descriptor, events, data) }
    return .ok
  }

  func waitForPollSet(
    _ set: Int32, _ address: UInt64, count: Int32, until end: UInt64?, mask: UInt64, size: UInt64
  ) throws(LinuxError) -> CallResult {
    let mask = try temporaryMask(at: mask, size: size)
    guard count > 0 else { throw .EINVAL }
    let file = try pollSet(set)
    var events = [UInt32](repeating: 0, count: 256)
    var data = [UInt64](repeating: 0, count: 256)
    var watched = [pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0)]
    let limit = min(count, 256)
    let found = try underMask(mask) { () throws(LinuxError) in
      while true {
        if try wait(&watched, until: end) == .time { return Int32(0) }
        let found = try host { host_poll_set_take(file.descriptor, &events, &data, limit) }
        // Somebody else may have taken it.
        if found > 0 { return found }
      }
    }
    for index in 0..<Int(found) {
      try space.put(events[index], at: address &+ 16 &* UInt64(index))
      try space.put(data[index], at: address &+ 16 &* UInt64(index) &+ 8)
    }
    return .value(Int(found))
  }

  /// epoll_pwait's time-out is in milliseconds, and negative for ever.
  func deadline(milliseconds: Int32) -> UInt64? { milliseconds < 0 ? nil : deadline(after: UInt64(milliseconds) * 1_000_000) }

  func deadline(at timeout: UInt64) throws(LinuxError) -> UInt64? { try end(ofWait: timeout) }

  func createEventCounter(_ start: UInt32, flags: UInt32) throws(LinuxError) -> Int {
    guard flags & ~(1 | OpenFlags.nonBlocking | OpenFlags.closeOnExec) == 0 else { throw .EINVAL }
    let (isSemaphore, isNonBlocking) = (Int32(flags & 1), flags & OpenFlags.nonBlocking != 0)
    return try addHostFile(try host { host_event_counter(start, isSemaphore, isNonBlocking ? 1 : 0) }, kind: .host, flags)
  }

  /// A new descriptor for something that the host has made, for reading and writing.
  func addHostFile(_ descriptor: Int32, kind: OpenFile.Kind, _ flags: UInt32, access: UInt32 = 2) throws(LinuxError) -> Int {
    let file = OpenFile(descriptor: descriptor, isOwned: true, statusFlags: access | flags & OpenFlags.nonBlocking)
    file.kind = kind
    return Int(try files.add(file, closesOnExec: flags & OpenFlags.closeOnExec != 0, limit: openFileLimit))
  }

  // MARK: Pipes

  func makePipe(to address: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~(OpenFlags.closeOnExec | OpenFlags.nonBlocking | OpenFlags.direct) == 0 else { throw .EINVAL }
    guard space.reachable(from: address, length: 8, need: .write) == 8 else { throw .EFAULT }
    var ends: [Int32] = [-1, -1]
    let isNonBlocking: Int32 = flags & OpenFlags.nonBlocking != 0 ? 1 : 0
    try host { host_pipe(&ends, isNonBlocking) }
    let input = OpenFile(descriptor: ends[0], isOwned: true, statusFlags: flags & OpenFlags.nonBlocking)
    let output = OpenFile(descriptor: ends[1], isOwned: true, statusFlags: 1 | flags & OpenFlags.nonBlocking)
    let closes = flags & OpenFlags.closeOnExec != 0
    let first = try files.add(input, closesOnExec: closes, limit: openFileLimit)
    do throws(LinuxError) {
      let second = try files.add(output, closesOnExec: closes, limit: openFileLimit)
      try space.put(first, at: address)
      try space.put(second, at: address &+ 4)
    } catch {
      try files.close(first)
      throw error
    }
    return .ok
  }

  /// memfd_create: MFD_CLOEXEC is 1, MFD_ALLOW_SEALING 2; nothing can be sealed.
  func makeMemoryFile(name: UInt64, flags: UInt32) throws(LinuxError) -> Int {
    guard flags & ~3 == 0 else { throw .EINVAL }
    // MFD_NAME_MAX_LEN is 249, without the zero.
    guard space.readCString(name, limit: 250) != nil else {
      throw space.reachable(from: name, length: 250, need: .read) == 250 ? .EINVAL : .EFAULT
    }
    let file = OpenFile(descriptor: try host { host_memory_file() }, isOwned: true, statusFlags: 2 | OpenFlags.largeFile)
    return Int(try files.add(file, closesOnExec: flags & 1 != 0, limit: openFileLimit))
  }
}
