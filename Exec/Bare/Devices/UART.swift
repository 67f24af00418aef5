/// The serial console: a 16550A as Spike models it. Byte accesses alone; its eight registers repeat through its range. What is sent has
/// left at once; what is received waits in a queue of 64 bytes.
///
/// Input comes when the program asks: while the receive interrupt is off, a look at a register that shows received bytes takes one
/// from the console. While it is on, one comes every 5 us of virtual time, as long as there is one.
final class UART: Device {
  /// Number of its source in the PLIC.
  static let source = 1
  /// Hertz; divided by 16 and the divisor this would be the baud rate, which means nothing here.
  static let clockFrequency: UInt32 = 10_000_000

  private let console: Console
  private let plic: PLIC
  private let hart: Hart
  private var received: [UInt8] = []
  private var interruptEnable: UInt8 = 0
  private var interrupt: UInt8 = noInterrupt
  private var lineControl: UInt8 = 0
  private var modemControl: UInt8 = 0x08
  private var scratch: UInt8 = 0
  private var divisor: UInt16 = 0x000c
  /// When to look for input, in ticks of ``Hart/time``; `.max` for never.
  private(set) var wakeTime = UInt64.max

  private static let queueSize = 64
  private static let noInterrupt: UInt8 = 1
  /// Ticks from one received byte to the next.
  private static let bytePeriod: UInt64 = 50
  /// Ticks from one look at a terminal or pipe without input to the next.
  private static let lookPeriod: UInt64 = 10_000

  init(console: Console, plic: PLIC, hart: Hart) {
    self.console = console
    self.plic = plic
    self.hart = hart
  }

  private var showsDivisor: Bool { lineControl & 0x80 != 0 }
  private var isLoopback: Bool { modemControl & 0x10 != 0 }
  private var receiveInterruptEnabled: Bool { interruptEnable & 1 != 0 }
  private var sendInterruptEnabled: Bool { interruptEnable & 2 != 0 }
  /// Sender and its holding register are always empty.
  private var lineStatus: UInt8 { received.isEmpty ? 0x60 : 0x61 }
  /// Carrier detect, data set ready, clear to send.
  private static let modemStatus: UInt8 = 0xb0

  // MARK: Registers

  func load(_ offset: UInt64, width: Int) -> UInt64? {
    guard width == 1 else { return nil }
    let value: UInt8
    switch offset % 8 {
    case 0 where showsDivisor: value = UInt8(truncatingIfNeeded: divisor)
    case 0:
      poll()
      value = received.isEmpty ? 0 : received.removeFirst()
      update()
    case 1: value = showsDivisor ? UInt8(truncatingIfNeeded: divisor >> 8) : interruptEnable
    case 2: value = interrupt | 0xc0
    case 3: value = lineControl
    case 4: value = modemControl
    case 5:
      poll()
      value = lineStatus
    case 6: value = Self.modemStatus
    default: value = scratch
    }
    return UInt64(value)
  }

  func store(_ offset: UInt64, width: Int, value: UInt64) -> Bool {
    guard width == 1 else { return false }
    let byte = UInt8(truncatingIfNeeded: value)
    switch offset % 8 {
    case 0 where showsDivisor: divisor = divisor & 0xff00 | UInt16(byte)
    case 0 where isLoopback: if received.count < Self.queueSize { received.append(byte) }
    case 0: console.put(byte)
    case 1 where showsDivisor: divisor = divisor & 0x00ff | UInt16(byte) << 8
    case 1: interruptEnable = byte & 0x0f
    // FIFO control: "clear the receiver" is all that does something.
    case 2: if byte & 2 != 0 { received.removeAll(keepingCapacity: true) }
    case 3: lineControl = byte
    case 4: modemControl = byte
    case 7: scratch = byte
    default: break
    }
    update()
    schedule()
    return true
  }

  /// Identification as in Spike: the causes are or-ed, they do not take precedence over each other.
  private func update() {
    let causes: UInt8 = (receiveInterruptEnabled && !received.isEmpty ? 4 : 0) | (sendInterruptEnabled ? 2 : 0)
    interrupt = causes == 0 ? Self.noInterrupt : causes
    plic.setLevel(Self.source, on: causes != 0)
  }

  // MARK: Input

  /// The program looks for a byte. It raises no interrupt: loads never do.
  private func poll() {
    guard received.isEmpty, !receiveInterruptEnabled, !isLoopback else { return }
    if case .byte(let byte) = console.key() { received.append(byte) }
  }

  /// Whether input that comes now would raise the line.
  var listens: Bool { wakeTime != .max && received.isEmpty }

  private func schedule() {
    if !receiveInterruptEnabled || isLoopback || console.isAtEnd {
      wakeTime = .max
    } else if wakeTime == .max {
      wakeTime = hart.time &+ Self.bytePeriod
    }
  }

  /// It is time to look for input, or time was set.
  func timeReached(_ now: UInt64) {
    guard wakeTime != .max else { return }
    wakeTime = now &+ Self.lookPeriod
    guard received.count < Self.queueSize else { return }
    switch console.key() {
    case .byte(let byte):
      received.append(byte)
      wakeTime = now &+ Self.bytePeriod
      update()
    case .none: break
    case .end: wakeTime = .max
    }
  }
}
