import RVDecoder

/// The values of riscv_hwprobe (arch/riscv/include/uapi/asm/hwprobe.h), from the extensions that are on.
struct HWProbe {
  let isa: ISA
  /// First address that user programs cannot have.
  let end: UInt64

  /// Bits of RISCV_HWPROBE_KEY_IMA_EXT_0 by extension. FD is bit 0.
  // swift-format-ignore
  private static let bits: [(member: Extension, bit: UInt64)] = [
    (.c, 1), (.v, 2), (.zba, 3), (.zbb, 4), (.zbs, 5), (.zicboz, 6), (.zbc, 7), (.zbkb, 8), (.zbkc, 9), (.zbkx, 10),
    (.zknd, 11), (.zkne, 12), (.zknh, 13), (.zksed, 14), (.zksh, 15), (.zkt, 16), (.zvbb, 17), (.zvbc, 18), (.zvkb, 19),
    (.zvkg, 20), (.zvkned, 21), (.zvknha, 22), (.zvknhb, 23), (.zvksed, 24), (.zvksh, 25), (.zvkt, 26), (.zfh, 27),
    (.zfhmin, 28), (.zihintntl, 29), (.zvfh, 30), (.zvfhmin, 31), (.zfa, 32), (.ztso, 33), (.zacas, 34), (.zicond, 35),
    (.zihintpause, 36), (.zve32x, 37), (.zve32f, 38), (.zve64x, 39), (.zve64f, 40), (.zve64d, 41), (.zimop, 42),
    (.zca, 43), (.zcb, 44), (.zcd, 45), (.zcf, 46), (.zcmop, 47), (.zawrs, 48), (.zicntr, 50), (.zihpm, 51),
    (.zfbfmin, 52), (.zvfbfmin, 53), (.zvfbfwma, 54), (.zicbom, 55), (.zaamo, 56), (.zalrsc, 57), (.zabha, 58),
    (.zalasr, 59), (.zicbop, 60),
  ]

  private var isIMA: Bool { isa.contains(.m) && isa.contains(.a) }

  private var extensions: UInt64 {
    let start: UInt64 = isa.contains(.d) ? 1 : 0
    return Self.bits.reduce(start) { isa.contains($1.member) ? $0 | 1 << $1.bit : $0 }
  }

  /// The value of a key; `nil` when the kernel does not know the key.
  func value(of key: Int64) -> UInt64? {
    let vector: UInt64 = isa.contains(.zve32x) ? 3 : 4
    return switch key {
    case 0, 2: 0  // mvendorid, mimpid
    case 1: 5  // marchid, as in the CSR
    case 3: isIMA ? 1 : 0
    case 4: extensions
    case 5, 9: 3  // misaligned scalar accesses are fast
    case 6: isa.contains(.zicboz) ? Hart.cacheBlock : 0
    case 7: end - 1
    case 8: 10_000_000  // ticks of the time CSR in a second
    case 10: vector  // misaligned vector accesses: fast, or not supported
    case 11, 13, 14: 0  // extensions of vendors
    case 12: isa.contains(.zicbom) ? Hart.cacheBlock : 0
    case 15: isa.contains(.zicbop) ? Hart.cacheBlock : 0
    default: nil
    }
  }

  /// Whether a machine with `value` of a key does what `wanted` asks for: bit sets contain it, others are equal.
  func matches(_ key: Int64, _ wanted: UInt64) -> Bool? {
    guard let value = value(of: key) else { return nil }
    return [3, 4, 5, 11, 13, 14].contains(key) ? value & wanted == wanted : value == wanted
  }
}

extension LinuxUser {
  /// riscv_hwprobe: fills in the values of keys; or, asked which processors have these values, clears those that have not.
  func probe(_ pairs: UInt64, count: UInt64, size: UInt64, set: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    let whichProcessors = flags & 1 != 0
    guard flags & ~1 == 0 else { throw .EINVAL }
    let length = size > 1 << 16 ? 1 << 16 : Int(size)
    if whichProcessors {
      guard length > 0, set != 0 else { throw .EINVAL }
    } else if length == 0 && set != 0 || length > 0 && set == 0 {
      throw .EINVAL
    }
    var processors: [UInt8] = []
    if length > 0 {
      guard let bytes = space.read(set, count: length) else { throw .EFAULT }
      processors = bytes
      let isOn = (bytes.first ?? 0) & 1 != 0
      if !isOn, !(whichProcessors && bytes.allSatisfy { $0 == 0 }) { throw .EINVAL }
    }
    let probe = HWProbe(isa: hart.isa, end: memory.end)
    var matches = true
    for index in 0..<count {
      let address = pairs &+ 16 &* index
      let key: Int64 = try space.get(address)
      if whichProcessors {
        let wanted: UInt64 = try space.get(address &+ 8)
        if let match = probe.matches(key, wanted) {
          matches = matches && match
          continue
        }
        matches = false
      }
      let value = probe.value(of: key)
      if value == nil { try space.put(Int64(-1), at: address) }
      try space.put(value ?? 0, at: address &+ 8)
    }
    if whichProcessors {
      processors = processors.map { _ in 0 }
      if matches { processors[0] = 1 }
      guard space.write(set, processors) else { throw .EFAULT }
    }
    return .ok
  }

  /// SYS_RISCV_FLUSH_ICACHE_LOCAL is the one flag.
  func flushInstructions(flags: UInt64) throws(LinuxError) -> CallResult {
    guard flags & ~1 == 0 else { throw .EINVAL }
    return .ok
  }
}
