import RVDecoder
import RVFloat

/// All predecoded code of a hart: pages by address, and the jump cache that the loops look into.
///
/// A store to decoded bytes takes effect at once: the ops below it become ``EngineStep/stale`` and are decoded again when
/// they are reached. fence.i has nothing left to do.
final class CodeCache {
  private let window: HostWindow
  private let jumpWindow: HostWindow
  private(set) var blocks = 0
  private let blockLimit: Int
  private let arena: UnsafeMutableRawPointer
  let jumps: UnsafeMutablePointer<JumpEntry>
  private var pages: [UInt64: CodePagePointer] = [:]
  private let space: AddressSpace
  private(set) var decoder: Decoder
  /// Bits that a jump target may not have set: ``HartState/alignmentMask``.
  var alignmentMask: UInt8 = 1

  /// - Returns: `nil` when the host denies the reservation of the arena.
  init?(space: AddressSpace, decoder: Decoder) {
    var size: UInt64 = 1 << 32
    var window: HostWindow?
    while window == nil, size >= 1 << 24 {
      window = HostWindow(reserving: size + UInt64(CodePage.blockSize))
      size /= 2
    }
    guard let window, let jumpWindow = HostWindow(reserving: UInt64(JumpEntry.count * MemoryLayout<JumpEntry>.stride)) else {
      return nil
    }
    self.window = window
    self.jumpWindow = jumpWindow
    let mask = UInt(CodePage.blockSize - 1)
    let padding = Int((~UInt(bitPattern: window.base) &+ 1) & mask)
    arena = window.base + padding
    blockLimit = Int(window.size) / CodePage.blockSize - 1
    jumps = jumpWindow.base.bindMemory(to: JumpEntry.self, capacity: JumpEntry.count)
    self.space = space
    self.decoder = decoder
    clearJumps()
    space.code = self
  }

  deinit {
    window.release()
    jumpWindow.release()
  }

  /// First byte of the arena: ``Retired/slot`` counts ops from here.
  var base: UnsafeMutableRawPointer { arena }

  private func clearJumps() {
    for index in 0..<JumpEntry.count { jumps[index] = JumpEntry(pc: JumpEntry.empty, op: nil) }
  }

  /// Forgets everything: other extensions are on, or the arena is full.
  func reset(decoder: Decoder? = nil) {
    if let decoder { self.decoder = decoder }
    for page in pages.values {
      space.mark(.decoded, at: page.pointee.address, on: false)
    }
    pages.removeAll(keepingCapacity: true)
    blocks = 0
    clearJumps()
  }

  // MARK: Look-up

  /// The op of the instruction at `pc`, decoded if need be.
  /// - Throws: the fault of the fetch.
  @inline(never)
  func resolve(_ pc: UInt64) throws(Trap) -> OpPointer {
    let index = JumpEntry.index(pc)
    if jumps[index].pc == pc, let op = jumps[index].op { return op }
    let address = pc & ~(guestPageSize - 1)
    let offset = Int(pc & (guestPageSize - 1))
    _ = try space.fetch(pc)
    let page = try self.page(at: address)
    if page.slots[offset / 2] == CodePage.none {
      if page.pointee.count > CodePage.capacity - 64 { clear(page) }
      try decodeRun(page, from: offset)
      space.mark(.decoded, at: address, on: true)
    }
    let op = page.ops + Int(page.slots[offset / 2])
    jumps[index] = JumpEntry(pc: pc, op: op)
    return op
  }

  /// Whether ``resolve(_:)`` of `pc` would forget other ops: its page, or the whole arena, is full.
  func forgets(toResolve pc: UInt64) -> Bool {
    guard let page = pages[pc & ~(guestPageSize - 1)] else { return blocks == blockLimit }
    return page.slots[Int(pc & (guestPageSize - 1)) / 2] == CodePage.none && page.pointee.count > CodePage.capacity - 64
  }

  private func page(at address: UInt64) throws(Trap) -> CodePagePointer {
    if let page = pages[address] { return page }
    if blocks == blockLimit { reset() }
    let block = arena + blocks * CodePage.blockSize
    blocks += 1
    let page = block.bindMemory(to: CodePage.self, capacity: 1)
    page.initialize(to: CodePage(address: address, count: 0))
    page.slots.initialize(repeating: CodePage.none, count: Int(guestPageSize / 2))
    // A growing dictionary computes its size in floating point: that is not the guest's.
    let guest = rvf_enter(0)
    pages[address] = page
    rvf_leave(guest)
    return page
  }

  // MARK: Changed code

  /// The page is no longer what it was (unmapped, other rights): its ops are forgotten.
  func forgetPage(at address: UInt64) {
    space.mark(.decoded, at: address, on: false)
    guard let page = pages[address] else { return }
    clear(page)
  }

  /// Empties a page; ops in it must not be reached any more but through a new look-up.
  private func clear(_ page: CodePagePointer) {
    let address = page.pointee.address
    page.pointee.count = 0
    page.slots.update(repeating: CodePage.none, count: Int(guestPageSize / 2))
    for index in 0..<JumpEntry.count where jumps[index].pc & ~(guestPageSize - 1) == address {
      jumps[index] = JumpEntry(pc: JumpEntry.empty, op: nil)
    }
  }

  /// Bytes of one page were written: the instructions that hold them are stale.
  func wrote(_ address: UInt64, length: Int) {
    guard let page = pages[address & ~(guestPageSize - 1)] else { return }
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
  /// - Returns: where to go on.
  @inline(never)
  func refresh(_ op: OpPointer) throws(Trap) -> OpPointer {
    let page = op.page
    let pc = op.pc
    let offset = Int(op.pointee.offset)
    let fresh = try decode(page, at: offset)
    guard fresh.length == op.pointee.length, fresh.row != .engine(.straddle), page.pointee.count <= CodePage.capacity - 64 else {
      clear(page)
      return try resolve(pc)
    }
    op.pointee = fresh
    link(page, op)
    return op
  }

  // MARK: Decoding

  /// One instruction of a page.
  private func decode(_ page: CodePagePointer, at offset: Int) throws(Trap) -> Op {
    let address = page.pointee.address &+ UInt64(offset)
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

  /// Whether ``straddle(_:)`` would overwrite an instruction that was executed before.
  func hasChanged(straddling step: OpPointer) throws(Trap) -> Bool {
    let word = try straddlingWord(step)
    return step.pointee.imm != 0 && UInt32(bitPattern: step.pointee.imm) != word
  }

  private func straddlingWord(_ step: OpPointer) throws(Trap) -> UInt32 {
    UInt32(try space.fetch(step.pc)) | UInt32(try space.fetch(step.pc &+ 2)) << 16
  }

  /// An instruction that begins in the last halfword of a page: its bytes are fetched each time. They are kept in the
  /// step's `imm`, and while they stay the same so does the op behind the step.
  /// - Returns: the op to execute.
  @inline(never)
  func straddle(_ step: OpPointer) throws(Trap) -> OpPointer {
    let pc = step.pc
    let word = try straddlingWord(step)
    let op = step + 1
    if UInt32(bitPattern: step.pointee.imm) != word {
      guard step.page.pointee.count <= CodePage.capacity - 64 else {
        clear(step.page)
        return try resolve(pc)
      }
      step.pointee.imm = Int32(bitPattern: word)
      op.pointee = decoder.decode(word)
      op.pointee.offset = step.pointee.offset
      link(step.page, op)
    }
    return op
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
