/// Where a test program lies in guest memory.
public enum Layout {
  public static let code: UInt64 = 0x8000_0000
  /// Bytes of code at most.
  public static let codeSize: UInt64 = 0x10_0000
  /// tohost, and fromhost behind it: a page of their own.
  public static let tohost: UInt64 = 0x8010_0000
  /// Integers that are loaded into registers; ``Reserved/integers`` points to its middle.
  public static let integers: UInt64 = 0x8010_1000
  /// Slots of 8 bytes in it.
  public static let integerCount = 512
  /// Where loads, stores and atomics go.
  public static let data: UInt64 = 0x8011_0000
  public static let dataPages: UInt64 = 16
  /// Operands of floating-point instructions.
  public static let constants: UInt64 = 0x8018_0000
  /// The end of DRAM.
  public static let memorySize: UInt64 = 0x40_0000
  public static let end: UInt64 = 0x8000_0000 + memorySize
}

/// Registers that keep their meaning throughout a program.
public enum Reserved {
  public static let integers: UInt8 = 3
  public static let constants: UInt8 = 4
  /// Where the trap handler goes on after a failed fetch.
  public static let resume: UInt8 = 28
  /// Counts loops.
  public static let counter: UInt8 = 29
  /// Scratch registers of the trap handler.
  public static let scratch: (UInt8, UInt8) = (30, 31)
  /// All of them as bits, x0 excluded.
  public static let mask: UInt32 = 1 << 3 | 1 << 4 | 0xf000_0000
}
