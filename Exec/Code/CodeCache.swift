import RVDecoder
import RVFloat

/// Where the code at some virtual address lies.
struct CodePlace {
  /// Physical address of the page.
  var page: UInt64
  /// ``CodePage/restriction``.
  var restriction: UInt8 = 0
}

/// All predecoded code of a hart: pages by physical and virtual address, and the jump caches that the loops look into, one for each
/// privilege mode.
///
/// A store to decoded bytes takes effect at once: the ops below it become ``EngineStep/stale`` and are decoded again when
/// they are reached. fence.i has nothing left to do. Where code lies, and whether it may be fetched, the hart finds out
/// (`Hart+Fetch.swift`).
final class CodeCache {
  private let window: HostWindow
  private let jumpWindow: HostWindow
  private(set) var blocks = 0
  private let blockLimit: Int
  private let arena: UnsafeMutableRawPointer
  private let jumps: UnsafeMutablePointer<JumpEntry>
  /// Modes whose jump cache may hold something, as bits.
  private var usedJumps: UInt8 = 0
  /// By physical address; further ones for the same page follow by `next`.
  private var pages: [UInt64: CodePagePointer] = [:]
  private var restricted: [CodePagePointer] = []
  private let space: AddressSpace
  private(set) var decoder: Decoder
  /// Bits that a jump target may not have set: ``HartState/alignmentMask``.
  var alignmentMask: UInt8 = 1
  /// Whether a halfword at a physical address may be fetched in a mode: asked for restricted pages.
  var mayFetch: (UInt64, UInt8) -> Bool = { _, _ in true }

  /// - Returns: `nil` when the host denies the reservation of the arena.
  init?(space: AddressSpace, decoder: Decoder) {
    var size: UInt64 = 1 << 32
    var window: HostWindow?
    while window == nil, size >= 1 << 24 {
      window = HostWindow(reserving: size + UInt64(CodePage.blockSize))
      size /= 2
    }
    guard let window, let jumpWindow = HostWindow(reserving: UInt64(4 * JumpEntry.count * MemoryLayout<JumpEntry>.stride)) else {
      return nil
    }
    self.window = window
    self.jumpWindow = jumpWindow
    let mask = UInt(CodePage.blockSize - 1)
    let padding = Int((~UInt(bitPattern: window.base) &+ 1) & mask)
    arena = window.base + padding
    blockLimit = Int(window.size) / CodePage.blockSize - 1
    jumps = jumpWindow.base.bindMemory(to: JumpEntry.self, capacity: 4 * JumpEntry.count)
    self.space = space
    self.decoder = decoder
    // Zeroed memory is an empty cache but for its first entry, the only one where pc 0 could be.
    for mode in UInt8(0)..<4 { jumps(of: mode)[0].pc = JumpEntry.empty }
    space.code = self
  }

  deinit {
    window.release()
    jumpWindow.release()
  }

  /// First byte of the arena: ``Retired/slot`` counts ops from here.
  var base: UnsafeMutableRawPointer { arena }

  /// Forgets everything: other extensions are on, or the arena is full.
  func reset(decoder: Decoder? = nil) {
    if let decoder { self.decoder = decoder }
    for page in pages.keys { space.mark(.decoded, at: page, on: false) }
    pages.removeAll(keepingCapacity: true)
    restricted = []
    blocks = 0
    for mode in UInt8(0)..<4 { clearJumps(of: mode) }
  }

  // MARK: Jump caches

  /// The jump cache of a privilege mode.
  func jumps(of mode: UInt8) -> UnsafeMutablePointer<JumpEntry> { jumps + Int(mode & 3) * JumpEntry.count }

  /// Other addresses mean other code in this mode.
  func clearJumps(of mode: UInt8) {
    guard usedJumps >> mode & 1 != 0 else { return }
    let cache = jumps(of: mode)
    UnsafeMutableRawBufferPointer(start: cache, count: JumpEntry.count * MemoryLayout<JumpEntry>.stride).initializeMemory(
      as: UInt8.self, repeating: 0)
    cache[0].pc = JumpEntry.empty
    usedJumps &= ~(1 << mode)
  }

  /// The page at a virtual address is another one in this mode.
  func forgetJumps(to address: UInt64, of mode: UInt8) {
    guard usedJumps >> mode & 1 != 0 else { return }
    let cache = jumps(of: mode)
    for index in 0..<JumpEntry.count where cache[index].pc & ~(guestPageSize - 1) == address & ~(guestPageSize - 1) {
      cache[index] = JumpEntry(pc: JumpEntry.empty, op: nil)
    }
  }

  // MARK: Look-up

  /// The op of the instruction at `pc`, decoded if need be, and remembered for jumps in `mode`.
  ///
  /// - Parameter place: where it lies; it may be fetched.
  func resolve(_ pc: UInt64, at place: CodePlace, mode: UInt8) throws(Trap) -> OpPointer {
    let offset = Int(pc & (guestPageSize - 1))
    let page = self.page(at: pc & ~(guestPageSize - 1), place)
    if page.slots[offset / 2] == CodePage.none {
      if page.pointee.count > CodePage.capacity - 64 { clear(page) }
      try decodeRun(page, from: offset)
      space.mark(.decoded, at: place.page, on: true)
    }
    let op = page.ops + Int(page.slots[offset / 2])
    jumps(of: mode)[JumpEntry.index(pc)] = JumpEntry(pc: pc, op: op)
    usedJumps |= 1 << mode
    return op
  }

  private func find(_ address: UInt64, _ place: CodePlace) -> CodePagePointer? {
    var page = pages[place.page]
    while let found = page {
      if found.pointee.address == address, found.pointee.restriction == place.restriction { return found }
      page = found.pointee.next
    }
    return nil
  }

  /// Whether ``resolve(_:at:mode:)`` of `pc` would forget other ops: its page, or the whole arena, is full.
  func forgets(toResolve pc: UInt64, at place: CodePlace) -> Bool {
    guard let page = find(pc & ~(guestPageSize - 1), place) else { return blocks == blockLimit }
    return page.slots[Int(pc & (guestPageSize - 1)) / 2] == CodePage.none && page.pointee.count > CodePage.capacity - 64
  }

  private func page(at address: UInt64, _ place: CodePlace) -> CodePagePointer {
    if let page = find(address, place) { return page }
    if blocks == blockLimit { reset() }
    let block = arena + blocks * CodePage.blockSize
    blocks += 1
    let page = block.bindMemory(to: CodePage.self, capacity: 1)
    page.initialize(
      to: CodePage(
        address: address, count: 0, physical: place.page, restriction: place.restriction, next: pages[place.page]))
    page.slots.initialize(repeating: CodePage.none, count: Int(guestPageSize / 2))
    if place.restriction != 0 { restricted.append(page) }
    // A growing dictionary computes its size in floating point: that is not the guest's.
    let guest = rvf_enter(0)
    pages[place.page] = page
    rvf_leave(guest)
    return page
  }

  // MARK: Changed code

  /// The physical page is no longer what it was (unmapped, other rights): its ops are forgotten.
  func forgetPage(at address: UInt64) {
    space.mark(.decoded, at: address, on: false)
    var page = pages[address]
    while let found = page {
      clear(found)
      page = found.pointee.next
    }
  }

  /// What may be fetched from pages that memory protection splits has changed.
  func forgetRestricted() { for page in restricted { clear(page) } }

  /// Empties a page; ops in it must not be reached any more but through a new look-up.
  private func clear(_ page: CodePagePointer) {
    page.pointee.count = 0
    page.slots.update(repeating: CodePage.none, count: Int(guestPageSize / 2))
    for mode in UInt8(0)..<4 { forgetJumps(to: page.pointee.address, of: mode) }
  }

  /// Bytes of one physical page were written: the instructions that hold them are stale.
  func wrote(_ address: UInt64, length: Int) {
    var page = pages[address & ~(guestPageSize - 1)]
    while let found = page {
      wrote(found, address, length: length)
      page = found.pointee.next
    }
  }

  private func wrote(_ page: CodePagePointer, _ address: UInt64, length: Int) {
    let first = Int(address & (guestPageSize - 1)) / 2
    let last = (Int(address & (guestPageSize - 1)) + length - 1) / 2
    if first > 0, page.slots[first - 1] != CodePage.none {
      let op = page.ops + Int(page.slots[first - 1])
      if op.pointee.length == 4 { op.pointee = op.pointee.replaced(by: .stale) }
    }
    for halfword in first...last where page.slots[halfword] != CodePage.none {
      let op = page.ops + Int(page.slots[halfword])
      op.pointee = op.pointee.replaced(by: .stale)
    }
  }

  /// Decodes a stale op again. Where the new instruction has another length the page's other ops no longer follow from it, and the whole
  /// page is forgotten.
  /// - Returns: where to go on; `nil` when the page is forgotten, and its pc has to be looked up anew.
  func refresh(_ op: OpPointer) throws(Trap) -> OpPointer? {
    let page = op.page
    let fresh = try decode(page, at: Int(op.pointee.offset))
    guard fresh.length == op.pointee.length, fresh.row != .engine(.straddle), page.pointee.count <= CodePage.capacity - 64 else {
      clear(page)
      return nil
    }
    op.pointee = fresh
    link(page, op)
    return op
  }

  // MARK: Decoding

  /// One instruction of a page.
  private func decode(_ page: CodePagePointer, at offset: Int) throws(Trap) -> Op {
    let address = page.pointee.physical &+ UInt64(offset)
    let low = try space.fetch(address)
    var op: Op
    if low & 3 != 3 {
      op = decoder.decode(UInt32(low))
    } else if offset == Int(guestPageSize) - 2 {
      op = Op(row: .engine(.straddle), length: 4)
    } else {
      op = decoder.decode(UInt32(low) | UInt32(try space.fetch(address &+ 2)) << 16)
    }
    op.offset = UInt16(offset)
    return op
  }

  /// Whether ``straddle(_:word:)`` would overwrite an instruction that was executed before.
  func hasChanged(straddling step: OpPointer, word: UInt32) -> Bool {
    step.pointee.imm != 0 && UInt32(bitPattern: step.pointee.imm) != word
  }

  /// An instruction that begins in the last halfword of a page: its bytes are fetched each time. They are kept in the
  /// step's `imm`, and while they stay the same so does the op behind the step.
  /// - Returns: the op to execute; `nil` when the page is forgotten, and its pc has to be looked up anew.
  func straddle(_ step: OpPointer, word: UInt32) -> OpPointer? {
    let op = step + 1
    if UInt32(bitPattern: step.pointee.imm) != word {
      guard step.page.pointee.count <= CodePage.capacity - 64 else {
        clear(step.page)
        return nil
      }
      step.pointee.imm = Int32(bitPattern: word)
      op.pointee = decoder.decode(word)
      op.pointee.offset = step.pointee.offset
      link(step.page, op)
    }
    return op
  }

  /// Whether the instruction at an offset of a restricted page may be fetched; what it holds of the next page is asked later.
  private func mayDecode(_ page: CodePagePointer, at offset: Int, length: Int) -> Bool {
    let mode = page.pointee.restriction &- 1
    let address = page.pointee.physical &+ UInt64(offset)
    return mayFetch(address, mode) && (length == 2 || offset == Int(guestPageSize) - 2 || mayFetch(address &+ 2, mode))
  }

  /// Decodes from `offset` to the end of the page, or up to what is decoded already.
  private func decodeRun(_ page: CodePagePointer, from start: Int) throws(Trap) {
    let first = page.pointee.count
    var offset = start
    while true {
      if offset >= Int(guestPageSize) {
        append(page, Op(row: .engine(.leave), imm: Int32(offset)))
        break
      }
      let known = page.slots[offset / 2]
      if known != CodePage.none {
        append(page, Op(row: .engine(.hop), imm: Int32(known) - Int32(page.pointee.count)))
        break
      }
      // Each instruction may need a step for its target, and the run one for its end.
      if 2 * (page.pointee.count - first) + first + 8 > CodePage.capacity {
        append(page, Op(row: .engine(.leave), imm: Int32(offset)))
        break
      }
      let op = try decode(page, at: offset)
      // The fault is found when somebody gets there.
      if page.pointee.restriction != 0, offset != start, !mayDecode(page, at: offset, length: Int(op.length)) {
        append(page, Op(row: .engine(.leave), imm: Int32(offset)))
        break
      }
      page.slots[offset / 2] = UInt16(page.pointee.count)
      append(page, op)
      // Where `straddle` puts the instruction; no instruction has the word 0 that the step begins with.
      if op.row == .engine(.straddle) { append(page, Op(row: .engine(.illegal))) }
      offset += Int(op.length)
    }
    for index in first..<page.pointee.count { link(page, page.ops + index) }
  }

  private func append(_ page: CodePagePointer, _ op: Op) {
    page.ops[page.pointee.count] = op
    page.pointee.count += 1
  }

  /// Turns the byte displacement of a branch or jal into a distance in ops: to the target if it is decoded in this page,
  /// else to a step that goes there.
  private func link(_ page: CodePagePointer, _ op: OpPointer) {
    guard case .core(let instruction) = op.pointee.row else { return }
    switch instruction {
    case .jal, .beq, .bne, .blt, .bge, .bltu, .bgeu: break
    default: return
    }
    let index = op - page.ops
    let target = Int(op.pointee.offset) + Int(op.pointee.imm)
    if target & Int(alignmentMask) != 0 {
      op.pointee = op.pointee.replaced(by: .misaligned, aux: instruction.branchCode)
      return
    }
    if target >= 0, target < Int(guestPageSize), page.slots[target / 2] != CodePage.none {
      op.pointee.imm = Int32(Int(page.slots[target / 2]) - index)
      return
    }
    op.pointee.imm = Int32(page.pointee.count - index)
    append(page, Op(row: .engine(.leave), imm: Int32(target)))
  }
}
