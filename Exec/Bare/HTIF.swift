/// The host-target interface: two words in guest memory.
final class HTIF: Bus {
  let space: AddressSpace
  let tohost: UInt64
  let fromhost: UInt64?
  private(set) var exitCode: Int?

  init(space: AddressSpace, tohost: UInt64, fromhost: UInt64?) {
    self.space = space
    self.tohost = tohost
    self.fromhost = fromhost
    space.mark(.observed, at: tohost, on: true)
  }

  func load(_ address: UInt64, width: Int) -> UInt64? { nil }
  func store(_ address: UInt64, width: Int, value: UInt64) -> Bool { false }

  func observedStore(_ address: UInt64, width: Int) throws(Trap) {
    guard address < tohost &+ 8, address &+ UInt64(width) > tohost, let word = space.read(tohost, as: UInt64.self), word != 0 else { return }
    if word & 1 != 0, word >> 48 == 0 {
      exitCode = Int(word >> 1)
      throw .halt
    }
    space.poke(tohost, [UInt8](repeating: 0, count: 8))
  }
}
