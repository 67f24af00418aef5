import RVFloat

/// What answers outside of DRAM on a bare machine. HTIF's words lie in DRAM, on observed pages.
final class BareBus: Bus {
  private let hart: Hart
  private let htif: HTIF?
  private let rom: BootROM
  private let romRegion: BareMap.Region
  private let uart: UART
  private let plic: PLIC
  let finisher: Finisher
  /// When a device wants to bring itself up to date, in ticks of ``Hart/time``; `.max` for never.
  private(set) var wakeTime = UInt64.max
  private let devices: [(region: BareMap.Region, device: any Device)]

  init(hart: Hart, rom: BootROM, console: Console, htif: HTIF?, complain: @escaping (String) -> Void) {
    self.hart = hart
    self.htif = htif
    self.rom = rom
    romRegion = BareMap.Region(base: BareMap.romBase, size: rom.size)
    let clint = CLINT([hart])
    plic = PLIC([hart])
    uart = UART(console: console, plic: plic, hart: hart)
    finisher = Finisher(complain: complain)
    devices = [(BareMap.uart, uart), (BareMap.clint, clint), (BareMap.plic, plic), (BareMap.finisher, finisher)]
    clint.timeWasSet = { [unowned self] in
      timeReached(always: true)
      hart.eventMoved()
    }
  }

  private func find(_ address: UInt64, _ width: Int) -> (any Device, offset: UInt64)? {
    for (region, device) in devices {
      if let offset = region.offset(address, width: width) { return (device, offset) }
    }
    return nil
  }

  func load(_ address: UInt64, width: Int) throws(Trap) -> UInt64? {
    if let offset = romRegion.offset(address, width: width) { return rom.load(offset, width: width) }
    guard let (device, offset) = find(address, width) else { return nil }
    try hart.serveDevice()
    let flags = keepFlags()
    defer { restore(flags) }
    return device.load(offset, width: width)
  }

  func doubleword(at address: UInt64) -> UInt64? {
    romRegion.offset(address, width: 8).flatMap { rom.load($0, width: 8) }
  }

  func store(_ address: UInt64, width: Int, value: UInt64) throws(Trap) -> Bool {
    guard let (device, offset) = find(address, width) else { return false }
    try hart.serveDevice()
    let flags = keepFlags()
    defer { restore(flags) }
    guard device.store(offset, width: width, value: value) else { return false }
    if finisher.exitCode != nil { throw .halt }
    setWakeTime()
    return true
  }

  func observedStore(_ address: UInt64, width: Int) throws(Trap) {
    let flags = keepFlags()
    defer { restore(flags) }
    try htif?.stored(address, width: width)
    setWakeTime()
  }

  /// A loop runs: what the host's own arithmetic raises must not reach the guest's flags.
  private func keepFlags() -> UInt32 { rvf_peek_flags() }

  private func restore(_ flags: UInt32) {
    _ = rvf_take_flags()
    rvf_raise(flags)
  }

  // MARK: Time and input

  /// Devices bring themselves up to date.
  /// - Parameter always: whether or not it is time: the clock was set.
  func timeReached(always: Bool = false) {
    let now = hart.time
    if always || now >= uart.wakeTime { uart.timeReached(now) }
    if let htif, always || now >= htif.wakeTime { htif.timeReached(now) }
    setWakeTime()
  }

  private func setWakeTime() {
    let time = min(uart.wakeTime, htif?.wakeTime ?? .max)
    if time == wakeTime { return }
    wakeTime = time
    hart.eventMoved()
  }

  /// Whether input from the host would raise an interrupt that ends wfi.
  var waitsForInput: Bool { uart.listens && plic.canWake(hart, by: UART.source) }
}
