/// Fetching: where the code at a pc lies, and whether it may be executed.
extension Hart {
  /// The op of the instruction at `pc`, which may be anywhere; decoded if need be.
  /// - Throws: the fault of the fetch.
  @inline(never)
  func resolve(_ pc: UInt64) throws(Trap) -> OpPointer {
    let entry = state.jumps[JumpEntry.index(pc)]
    if entry.pc == pc, let op = entry.op { return op }
    return try code.resolve(pc, at: place(of: pc), mode: state.pointee.privilege)
  }

  /// Whether ``resolve(_:)`` would forget ops that somebody may want to look at.
  func forgets(toResolve pc: UInt64) -> Bool {
    guard let place = try? place(of: pc) else { return false }
    return code.forgets(toResolve: pc, at: place)
  }

  /// Where the instruction at `pc` lies; all of its halfwords in this page may be fetched.
  private func place(of pc: UInt64) throws(Trap) -> CodePlace {
    guard let translations else {
      _ = try space.fetch(pc)
      return CodePlace(page: pc & ~(guestPageSize - 1))
    }
    let mode = state.pointee.privilege
    if mode != Mode.machine, let distance = translations.fetches[Int(mode)].distance(pc) {
      return CodePlace(page: (pc &+ distance) & ~(guestPageSize - 1))
    }
    let translation = try walk(pc, .fetch, mode: mode)
    let physical = translation.page | pc & (guestPageSize - 1)
    let verdict = csr.pmp.allowsPage(translation.page, .fetch, mode)
    guard verdict != false, csr.pmp.allows(physical, length: 2, .fetch, mode), space.rights(at: physical).contains(.execute) else {
      throw Trap(.instructionAccess, pc)
    }
    guard verdict == nil else {
      if mode != Mode.machine {
        let old = translations.fetches[Int(mode)].fill(
          pc & ~(guestPageSize - 1), distance: translation.page &- (pc & ~(guestPageSize - 1)), isLarge: translation.isLarge)
        if let old { code.forgetJumps(to: old, of: mode) }
      }
      return CodePlace(page: translation.page)
    }
    // Protection splits the page.
    if mode != Mode.machine { translations.fetches[Int(mode)].distrust() }
    if pc & 0xfff != 0xffe, try space.fetch(physical) & 3 == 3, !csr.pmp.allows(physical &+ 2, length: 2, .fetch, mode) {
      throw Trap(.instructionAccess, pc &+ 2)
    }
    return CodePlace(page: translation.page, restriction: mode + 1)
  }

  /// The word of an instruction that begins in the last halfword of a page.
  func straddlingWord(_ step: OpPointer) throws(Trap) -> UInt32 {
    let low = try space.fetch(step.page.pointee.physical &+ UInt64(step.pointee.offset))
    let next = step.pc &+ 2
    let high = try halfword(at: next)
    return UInt32(low) | UInt32(high) << 16
  }

  /// A halfword that begins a page.
  private func halfword(at pc: UInt64) throws(Trap) -> UInt16 {
    guard let translations else { return try space.fetch(pc) }
    let mode = state.pointee.privilege
    if mode != Mode.machine, let distance = translations.fetches[Int(mode)].distance(pc) { return try space.fetch(pc &+ distance) }
    let translation = try walk(pc, .fetch, mode: mode)
    guard csr.pmp.allows(translation.page, length: 2, .fetch, mode), space.rights(at: translation.page).contains(.execute) else {
      throw Trap(.instructionAccess, pc)
    }
    return try space.fetch(translation.page)
  }
}
