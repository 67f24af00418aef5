/// Reads Spike's commit log: one line an instruction.
///
///     core   0: 3 0x0000000080000072 (0x1007352f) x10 0x000000000040c000 mem 0x0000000080001008
///
/// Register writes, vector registers whole, CSR writes (`c768_mstatus`) and memory accesses follow in any order; a store's address is followed by its
/// data.
struct CommitLog {
  /// One line.
  struct Entry {
    var privilege: UInt8 = 3
    var pc: UInt64 = 0
    var word: UInt32 = 0
    var x: [(number: Int, value: UInt64)] = []
    var f: [(number: Int, value: UInt64)] = []
    var csr: [(number: Int, value: UInt64)] = []
    var loads: [UInt64] = []
    var stores: [(address: UInt64, width: Int, value: UInt64)] = []
    /// Vector registers; their digits lie in the log, the last byte first.
    var v: [(number: Int, digits: Range<Int>)] = []
    /// Where the line lies in the log.
    var range = 0..<0

    mutating func clear() {
      x.removeAll(keepingCapacity: true)
      f.removeAll(keepingCapacity: true)
      csr.removeAll(keepingCapacity: true)
      loads.removeAll(keepingCapacity: true)
      stores.removeAll(keepingCapacity: true)
      v.removeAll(keepingCapacity: true)
    }
  }

  let bytes: [UInt8]
  private var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  func text(_ entry: Entry) -> String { String(decoding: bytes[entry.range], as: UTF8.self) }

  /// The bytes of a vector register, the first one first.
  func copy(_ digits: Range<Int>, to target: UnsafeMutablePointer<UInt8>) {
    func value(_ digit: UInt8) -> UInt8 { digit < 58 ? digit - 48 : digit - 87 }
    bytes.withUnsafeBufferPointer { log in
      var at = digits.upperBound
      for index in 0..<digits.count / 2 {
        at -= 2
        target[index] = value(log[at]) << 4 | value(log[at + 1])
      }
    }
  }

  /// Fills `entry` with the next line of an instruction.
  /// - Returns: `false` at the end of the log.
  mutating func next(_ entry: inout Entry) -> Bool {
    bytes.withUnsafeBufferPointer { log in
      while at < log.count {
        let start = at
        var end = at
        while end < log.count, log[end] != 10 { end += 1 }
        // A last line without its end was cut off.
        guard end < log.count else { return false }
        at = end + 1
        entry.clear()
        entry.range = start..<end
        var line = Line(log: log, at: start, end: end)
        if line.parse(&entry) { return true }
      }
      return false
    }
  }

  /// A cursor in a line.
  private struct Line {
    let log: UnsafeBufferPointer<UInt8>
    var at: Int
    let end: Int

    mutating func parse(_ entry: inout Entry) -> Bool {
      while at < end, log[at] != UInt8(ascii: ":") { at += 1 }
      at += 2
      guard at + 4 < end, log[at] == UInt8(ascii: "0") || log[at] == UInt8(ascii: "1") || log[at] == UInt8(ascii: "3"),
        log[at + 1] == UInt8(ascii: " "), log[at + 2] == UInt8(ascii: "0")
      else { return false }
      entry.privilege = log[at] - UInt8(ascii: "0")
      at += 2
      entry.pc = hex().value
      at += 2
      entry.word = UInt32(truncatingIfNeeded: hex().value)
      at += 1
      while skipBlanks() {
        let kind = log[at]
        switch kind {
        case UInt8(ascii: "x"), UInt8(ascii: "f"), UInt8(ascii: "c"):
          at += 1
          let number = decimal()
          while at < end, log[at] != UInt8(ascii: " ") { at += 1 }
          guard skipBlanks() else { return false }
          let value = hex().value
          switch kind {
          case UInt8(ascii: "x"): entry.x.append((number, value))
          case UInt8(ascii: "f"): entry.f.append((number, value))
          default: entry.csr.append((number, value))
          }
        case UInt8(ascii: "v"):
          at += 1
          let number = decimal()
          guard skipBlanks() else { return false }
          let start = at + 2
          while at < end, log[at] != UInt8(ascii: " ") { at += 1 }
          entry.v.append((number, start..<at))
        // vtype and vl: `e32 m1 l8`.
        case UInt8(ascii: "m") where log[at + 1] != UInt8(ascii: "e"), UInt8(ascii: "e"), UInt8(ascii: "l"):
          while at < end, log[at] != UInt8(ascii: " ") { at += 1 }
        case UInt8(ascii: "m"):
          at += 4
          let address = hex().value
          guard skipBlanks(), log[at] == UInt8(ascii: "0") else {
            entry.loads.append(address)
            continue
          }
          let data = hex()
          entry.stores.append((address, data.digits / 2, data.value))
        default: return false
        }
      }
      return true
    }

    private mutating func skipBlanks() -> Bool {
      while at < end, log[at] == UInt8(ascii: " ") { at += 1 }
      return at < end
    }

    private mutating func decimal() -> Int {
      var value = 0
      while at < end, log[at] >= 48, log[at] < 58 {
        value = value * 10 + Int(log[at] - 48)
        at += 1
      }
      return value
    }

    private mutating func hex() -> (value: UInt64, digits: Int) {
      at += 2
      var value: UInt64 = 0
      var digits = 0
      while at < end {
        let c = log[at]
        let digit: UInt8
        switch c {
        case 48...57: digit = c - 48
        case 97...102: digit = c - 87
        default: return (value, digits)
        }
        value = value << 4 | UInt64(digit)
        digits += 1
        at += 1
      }
      return (value, digits)
    }
  }
}
