import RVExec

/// Registers and three pages of memory, of which the last can only be read; nothing around them.
struct TheadModel {
  static let pageBytes = 4096
  struct Access: Equatable {
    var address: UInt64
    var bytes: Int
    var isStore: Bool
  }

  let base: UInt64
  let kind: TheadMachine.Kind
  var x = [UInt64](repeating: 0, count: 32)
  var f = [UInt64](repeating: 0, count: 32)
  var fs: UInt8 = 1
  var memory: [UInt8]
  var accesses: [Access] = []

  /// One instruction: all that it does, or a trap.
  mutating func execute(_ i: TheadInstruction, _ o: TheadOperands) throws(Trap) {
    accesses = []
    let illegal = Trap(.illegalInstruction, UInt64(i.word(o)))
    if i.isReserved(o) { throw illegal }
    let (a, b, d) = (x[o.rs1], x[o.rs2], x[o.rd])
    switch i.effect {
    case .compute(let value): if let new = value(a, b, d, o) { set(o.rd, new) }
    case .load(let bytes, let isSigned, let address):
      let value = try load(place(address, o), bytes)
      set(o.rd, isSigned ? extended(value, bytes) : value)
      advance(address, o)
    case .store(let bytes, let address):
      try store([(place(address, o), d)], bytes)
      advance(address, o)
    case .floatLoad(let bytes, let address):
      if fs == 0 { throw illegal }
      let value = try load(place(address, o), bytes)
      f[o.rd] = bytes == 4 ? value | 0xffff_ffff_0000_0000 : value
      fs = 3
    case .floatStore(let bytes, let address):
      if fs == 0 { throw illegal }
      try store([(place(address, o), f[o.rd])], bytes)
    case .loadPair(let bytes, let isSigned):
      let first = a &+ UInt64(o.imm2 * 2 * bytes)
      let values = try (load(first, bytes), load(first &+ UInt64(bytes), bytes))
      set(o.rd, isSigned ? extended(values.0, bytes) : values.0)
      set(o.rs2, isSigned ? extended(values.1, bytes) : values.1)
    case .storePair(let bytes):
      let first = a &+ UInt64(o.imm2 * 2 * bytes)
      try store([(first, d), (first &+ UInt64(bytes), b)], bytes)
    case .nothing(let isForUsers): if kind == .user, !isForUsers { throw illegal }
    }
  }

  /// The address of an access.
  func place(_ address: TheadInstruction.Address, _ o: TheadOperands) -> UInt64 {
    switch address {
    case .after: x[o.rs1]
    case .before: x[o.rs1] &+ increment(o)
    case .register: x[o.rs1] &+ x[o.rs2] &* (1 << UInt64(o.imm2))
    case .word: x[o.rs1] &+ x[o.rs2] % (1 << 32) &* (1 << UInt64(o.imm2))
    }
  }

  func increment(_ o: TheadOperands) -> UInt64 { UInt64(bitPattern: Int64(o.imm * [1, 2, 4, 8][o.imm2])) }

  private mutating func advance(_ address: TheadInstruction.Address, _ o: TheadOperands) {
    if address == .after || address == .before { set(o.rs1, x[o.rs1] &+ increment(o)) }
  }

  private mutating func set(_ register: Int, _ value: UInt64) { if register != 0 { x[register] = value } }

  private func extended(_ value: UInt64, _ bytes: Int) -> UInt64 {
    value >> (8 * bytes - 1) & 1 == 1 && bytes < 8 ? value | ~0 << (8 * bytes) : value
  }

  /// What the standard load or store of this size would raise.
  private func check(_ address: UInt64, _ bytes: Int, isStore: Bool) throws(Trap) {
    if kind == .strict, address % UInt64(bytes) != 0 { throw Trap(isStore ? .storeMisaligned : .loadMisaligned, address) }
    for byte in 0..<UInt64(bytes) where (address &+ byte) &- base >= (isStore ? 2 : 3) * UInt64(Self.pageBytes) {
      switch (kind == .user, isStore) {
      case (true, false): throw Trap(.loadPageFault, address &+ byte)
      case (true, true): throw Trap(.storePageFault, address &+ byte)
      case (false, false): throw Trap(.loadAccess, address &+ byte)
      case (false, true): throw Trap(.storeAccess, address &+ byte)
      }
    }
  }

  private mutating func load(_ address: UInt64, _ bytes: Int) throws(Trap) -> UInt64 {
    try check(address, bytes, isStore: false)
    accesses.append(Access(address: address, bytes: bytes, isStore: false))
    return (0..<bytes).reduce(0) { $0 | UInt64(memory[Int(address - base) + $1]) << (8 * $1) }
  }

  private mutating func store(_ parts: [(address: UInt64, value: UInt64)], _ bytes: Int) throws(Trap) {
    for part in parts { try check(part.address, bytes, isStore: true) }
    for (address, value) in parts {
      accesses.append(Access(address: address, bytes: bytes, isStore: true))
      for byte in 0..<bytes { memory[Int(address - base) + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }
  }
}
