/// What one instruction did, in 8 bytes; the rest is in the side arrays of its ``RetiredBatch``.
@frozen
public struct Retired: Sendable, Equatable {
  /// Index of the op in the hart's code arena; the pc and the ``Op`` follow from it.
  public var slot: UInt32
  public var flags: Flags
  /// Rounding to 8 bytes; always 0.
  public var reserved: UInt8 = 0
  /// Entries of this instruction in the batch's memory side array. A vector instruction has 65,536 accesses at most (VLEN 65,536, bytes,
  /// eight registers), and its entries take at least two each.
  public var memoryEntries: UInt16

  /// ``Flags`` as loops over records write and ask for them: sets cost them a list.
  @inlinable public static var takenBit: UInt8 { 1 }
  @inlinable public static var trappedBit: UInt8 { 2 }
  @inlinable public static var memoryBit: UInt8 { 4 }

  /// What to look up, and where the pc went.
  @frozen
  public struct Flags: OptionSet, Sendable {
    public var rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The pc did not go on to the next instruction.
    @inlinable public static var taken: Flags { Flags(rawValue: Retired.takenBit) }
    /// The instruction trapped and did not retire.
    @inlinable public static var trapped: Flags { Flags(rawValue: Retired.trappedBit) }
    /// It has entries in the memory side array.
    @inlinable public static var memory: Flags { Flags(rawValue: Retired.memoryBit) }
  }

  @inlinable
  public init(slot: UInt32, flags: Flags = [], memoryEntries: UInt16 = 0) {
    self.slot = slot
    self.flags = flags
    self.memoryEntries = memoryEntries
  }
}

/// A run of memory accesses of one instruction: `count` accesses of `width` bytes, `stride` bytes apart, from `address`.
@frozen
public struct MemoryRun: Sendable, Equatable {
  /// Guest-virtual address of the first access.
  public var address: UInt64
  /// Distance in bytes between neighbours; 0 for a single access.
  public var stride: Int64
  public var count: UInt32
  /// Bytes of one access.
  public var width: UInt16
  public var kind: Kind

  @frozen
  public enum Kind: UInt8, Sendable { case load, store, atomic }

  @inlinable
  public init(address: UInt64, stride: Int64 = 0, count: UInt32 = 1, width: UInt16, kind: Kind) {
    self.address = address
    self.stride = stride
    self.count = count
    self.width = width
    self.kind = kind
  }
}

/// vl and vtype from an instruction on: the state after it. The first entry of a batch is the state that it begins with.
@frozen
public struct VectorStateChange: Sendable, Equatable {
  /// Index of the record of the instruction that changed it.
  public var record: UInt32
  /// Elements; 65,536 at most.
  public var vl: UInt32
  /// vtype as the CSR shows it; the topmost bit is vill.
  public var vtype: UInt64

  @inlinable
  public init(record: UInt32, vl: UInt32, vtype: UInt64) {
    self.record = record
    self.vl = vl
    self.vtype = vtype
  }
}

/// Sizes of tiles from an instruction on: m, n, and k as the matrix extension counts it. The first entry of a batch is what it begins with.
@frozen
public struct TileSizeChange: Sendable, Equatable {
  public var record: UInt32
  public var m: UInt32
  public var n: UInt32
  public var k: UInt32

  @inlinable
  public init(record: UInt32, m: UInt32, n: UInt32, k: UInt32) {
    self.record = record
    self.m = m
    self.n = n
    self.k = k
  }
}

/// Where ops lie: slots of ``Retired`` are counted from `base`, and each block of `blockSize` bytes has at `addressOffset` the guest-virtual
/// address of its page.
@frozen
public struct OpArena {
  public let base: UnsafeRawPointer
  public let blockSize: Int
  public let addressOffset: Int

  public init(base: UnsafeRawPointer, blockSize: Int, addressOffset: Int) {
    self.base = base
    self.blockSize = blockSize
    self.addressOffset = addressOffset
  }

  @inlinable
  public func op(_ slot: UInt32) -> UnsafePointer<Op> {
    (base + Int(slot) * MemoryLayout<Op>.stride).assumingMemoryBound(to: Op.self)
  }

  /// Guest-virtual address of the instruction.
  @inlinable
  public func pc(_ op: UnsafePointer<Op>) -> UInt64 {
    let address = UInt(bitPattern: op)
    guard let block = UnsafeRawPointer(bitPattern: address & ~UInt(blockSize - 1)) else { return 0 }
    return block.load(fromByteOffset: addressOffset, as: UInt64.self) &+ UInt64(op.pointee.offset)
  }
}
