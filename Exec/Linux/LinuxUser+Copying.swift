import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes from file to file.
extension LinuxUser {
  private static let limit = 0x7fff_f000

  /// Both ends of a transfer.
  private func ends(_ input: Int32, _ output: Int32) throws(LinuxError) -> (OpenFile, OpenFile) {
    let (source, target) = (try files.file(input), try files.file(output))
    guard source.canRead, target.canWrite else { throw .EBADF }
    // The host's random bytes are not the guest's.
    if source.isRandom { throw .EINVAL }
    return (source, target)
  }

  /// Does a transfer whose positions may be in guest memory, and puts them back.
  private func transfer(
    _ addresses: [UInt64], _ body: ([UnsafeMutablePointer<Int64>?]) -> Int
  ) throws(LinuxError) -> Int {
    var positions: [Int64] = []
    for address in addresses { positions.append(address == 0 ? 0 : try space.get(address)) }
    guard positions.allSatisfy({ $0 >= 0 }) else { throw .EINVAL }
    var result = 0
    do throws(LinuxError) {
      result = try host(mayWait: true) {
        withoutPipeSignal {
          positions.withUnsafeMutableBufferPointer { buffer in
            body(addresses.indices.map { index in addresses[index] == 0 ? nil : buffer.baseAddress.map { $0 + index } })
          }
        }
      }
    } catch {
      if error == .EPIPE { signals.raise(SignalInfo(.SIGPIPE, code: SignalInfo.Code.user, own: ids.pid, options.identity.user)) }
      throw error
    }
    for (address, position) in zip(addresses, positions) where address != 0 { try space.put(position, at: address) }
    return result
  }

  func sendFile(_ output: Int32, _ input: Int32, offset: UInt64, count: UInt64) throws(LinuxError) -> Int {
    let (source, target) = try ends(input, output)
    let count = Int(min(count, UInt64(Self.limit)))
    try awaitReady(target, POLLOUT)
    return try transfer([offset]) { host_send_file(target.descriptor, source.descriptor, $0[0], count) }
  }

  func copyRange(
    _ input: Int32, _ from: UInt64, _ output: Int32, _ to: UInt64, length: UInt64, flags: UInt32
  ) throws(LinuxError) -> Int {
    guard flags == 0 else { throw .EINVAL }
    let (source, target) = try ends(input, output)
    let count = Int(min(length, UInt64(Self.limit)))
    return try transfer([from, to]) { host_copy_range(source.descriptor, $0[0], target.descriptor, $0[1], count) }
  }

  func splice(
    _ input: Int32, _ from: UInt64, _ output: Int32, _ to: UInt64, length: UInt64, flags: UInt32
  ) throws(LinuxError) -> Int {
    guard flags & ~15 == 0 else { throw .EINVAL }
    let (source, target) = try ends(input, output)
    let count = Int(min(length, UInt64(Self.limit)))
    // SPLICE_F_NONBLOCK is 2.
    if flags & 2 == 0 { try awaitReady(source, POLLIN) }
    return try transfer([from, to]) { host_splice(source.descriptor, $0[0], target.descriptor, $0[1], count, flags) }
  }
}
