/// What memory looks like to the hart: which tables its loads and stores use, which jump cache its fetches, and when these are out of
/// date.
extension Hart {
  /// To be called when the mode, mstatus, satp or memory protection has changed.
  func updateContext() {
    guard let translations else { return }
    let status = csr.mstatus
    let mode = status & MStatus.mprv != 0 ? UInt8(status >> 11 & 3) : state.pointee.privilege
    let sum = status & MStatus.sum != 0
    dataMode = mode
    loadTable = Translations.load(mode, sum: sum, mxr: status & MStatus.mxr != 0)
    storeTable = Translations.store(mode, sum: sum)
    state.pointee.loadTable = UnsafeMutableRawPointer(translations.loads[loadTable].entries)
    state.pointee.storeTable = UnsafeMutableRawPointer(translations.stores[storeTable].entries)
    isTranslating = mode == Mode.machine ? csr.pmp.bindsMachine : csr.satp >> 60 != 0 || !csr.pmp.allowsAll
    state.pointee.jumpCache = UnsafeMutableRawPointer(code.jumps(of: state.pointee.privilege))
  }

  func setPrivilege(_ mode: UInt8) {
    state.pointee.privilege = mode
    updateContext()
  }

  /// satp, or how page tables are to be read, has changed; or sfence.vma for all addresses.
  func flushTranslations() {
    guard let translations else { return }
    for index in 1..<translations.loads.count { translations.loads[index].removeAll() }
    for index in 1..<translations.stores.count { translations.stores[index].removeAll() }
    for mode in [Mode.user, Mode.supervisor] {
      code.clearJumps(of: mode)
      translations.fetches[Int(mode)].removeAll()
    }
  }

  /// sfence.vma for one address.
  func flushTranslations(of address: UInt64) {
    guard let translations else { return }
    for index in 1..<translations.loads.count { _ = translations.loads[index].remove(address) }
    for index in 1..<translations.stores.count { _ = translations.stores[index].remove(address) }
    for mode in [Mode.user, Mode.supervisor] {
      let isAll = translations.fetches[Int(mode)].holdsLarge
      guard translations.fetches[Int(mode)].remove(address) else { continue }
      if isAll { code.clearJumps(of: mode) } else { code.forgetJumps(to: address, of: mode) }
    }
  }

  /// Memory protection has changed.
  func flushProtection() {
    guard let translations else { return }
    flushTranslations()
    translations.loads[0].removeAll()
    translations.stores[0].removeAll()
    code.clearJumps(of: Mode.machine)
    code.forgetRestricted()
    updateContext()
  }
}
