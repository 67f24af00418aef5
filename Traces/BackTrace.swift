import RVDecoder
import RVExec

/// Who called whom: by frame pointers where the program keeps them, else by the return-address register and by what looks like
/// return addresses on the stack.
struct BackTrace {
  private let hart: Hart
  private let symbolizer: Symbolizer
  private(set) var frames: [CrashPage.Frame] = []

  private static let most = 32
  /// How far apart two frames may lie, in bytes.
  private static let largestFrame: UInt64 = 1 << 24
  /// Words of the stack that are searched.
  private static let searched = 512

  init(_ hart: Hart, _ symbolizer: Symbolizer) {
    self.hart = hart
    self.symbolizer = symbolizer
    frames.append(.init(symbolizer.place(hart.pc)))
    let chain = frameChain()
    // A function that has not called anybody since it saved nothing: its caller stands in ra alone.
    let ra = hart[x: 1]
    if isReturnAddress(ra), ra != chain.first, function(ra) == nil || function(ra) != function(hart.pc) { append(ra) }
    if chain.isEmpty {
      search()
    } else {
      for address in chain { append(address) }
    }
  }

  /// A return address belongs to the call before it: its line is that of the call.
  private mutating func append(_ address: UInt64, isGuess: Bool = false) {
    guard frames.count < Self.most else { return }
    var place = symbolizer.symbol(address)
    place.source = symbolizer.place(address &- 1).source
    frames.append(.init(place, isGuess: isGuess))
  }

  private func function(_ address: UInt64) -> UInt64? { symbolizer.functionStart(address) }

  /// Return addresses by s0: below the address in it lie the return address and the caller's s0.
  private func frameChain() -> [UInt64] {
    var found: [UInt64] = []
    var frame = hart[x: 8]
    var low = hart[x: 2]
    while found.count < Self.most, frame & 7 == 0, frame >= 16, frame &- low <= Self.largestFrame,
      let address = read(frame &- 8), let next = read(frame &- 16), isReturnAddress(address)
    {
      found.append(address)
      guard next > frame else { break }
      low = frame
      frame = next
    }
    return found
  }

  /// Return addresses among the words of the stack.
  private mutating func search() {
    let stack = hart[x: 2] & ~7
    for index in 0..<Self.searched {
      guard frames.count < Self.most / 2, let word = read(stack &+ UInt64(index) * 8) else { return }
      if isReturnAddress(word), word != frames.last?.place.address { append(word, isGuess: true) }
    }
  }

  private func read(_ address: UInt64) -> UInt64? { hart.read(address, as: UInt64.self) }

  /// Whether an instruction that calls lies right before an address.
  private func isReturnAddress(_ address: UInt64) -> Bool {
    guard address & 1 == 0, address >= 4, hart.isCode(address &- 2),
      symbolizer.mayBeCode(address &- 2)
    else { return false }
    if let word = hart.word(at: address &- 4), word & 3 == 3 {
      // jal or jalr that links to ra or t0.
      let link = word >> 7 & 31
      if link == 1 || link == 5, word & 0x7f == 0x6f || word & 0x707f == 0x67 { return true }
    }
    if let half = hart.word(at: address &- 2) {
      // c.jalr
      return half & 0xf07f == 0x9002 && half >> 7 & 31 != 0
    }
    return false
  }
}
