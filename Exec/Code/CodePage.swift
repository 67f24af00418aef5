import RVDecoder

/// The predecoded instructions of one 4 KiB page of code, as it is seen at one virtual address: a block of 64 KiB in the arena, aligned to its size, so that the
/// page of an op is found by masking the op's address.
///
/// Ops are dense: those of one run of decoding follow each other, whatever their length. Layout of a block:
/// header at 0, `slots` (UInt16 per halfword of the page: index of the op that begins there, or `none`) at 1024, ops at 8192.
struct CodePage {
  static let blockSize = 1 << 16
  static let slotsOffset = 1024
  static let opsOffset = 8192
  /// Ops that fit in a block.
  static let capacity = (blockSize - opsOffset) / MemoryLayout<Op>.stride
  static let none: UInt16 = 0xffff

  /// Guest-virtual address of the page.
  var address: UInt64
  /// Ops in use.
  var count: Int
  /// Physical address of the page; in user mode the same as ``address``.
  var physical: UInt64
  /// 0 for a page that may be executed as a whole; else one more than the privilege mode whose checks the ops heed: memory protection
  /// splits the page.
  var restriction: UInt8
  /// Another page of ops for the same physical page.
  var next: UnsafeMutablePointer<CodePage>?
}

typealias CodePagePointer = UnsafeMutablePointer<CodePage>
typealias OpPointer = UnsafeMutablePointer<Op>

extension UnsafeMutablePointer<CodePage> {
  @inline(__always)
  var ops: OpPointer {
    (UnsafeMutableRawPointer(self) + CodePage.opsOffset).assumingMemoryBound(to: Op.self)
  }

  /// Index of the op at each halfword of the page.
  @inline(__always)
  var slots: UnsafeMutablePointer<UInt16> {
    (UnsafeMutableRawPointer(self) + CodePage.slotsOffset).assumingMemoryBound(to: UInt16.self)
  }
}

extension UnsafeMutablePointer<Op> {
  /// The code page that this op lies in.
  @inline(__always)
  var page: CodePagePointer {
    let block = UInt(bitPattern: self) & ~UInt(CodePage.blockSize - 1)
    return UnsafeMutablePointer<CodePage>(bitPattern: block).unsafelyUnwrapped
  }

  /// Guest address of the instruction. Only ops that stand for an instruction have one.
  @inline(__always)
  var pc: UInt64 { page.pointee.address &+ UInt64(self.pointee.offset) }
}

/// An entry of the jump cache: where the op of a pc is.
struct JumpEntry {
  /// The pc, or `JumpEntry.empty`: odd, so no pc.
  var pc: UInt64
  var op: OpPointer?

  static let empty: UInt64 = 1
  /// Entries in the cache; a power of two.
  static let count = 1 << 13

  @inline(__always)
  static func index(_ pc: UInt64) -> Int {
    Int(truncatingIfNeeded: (pc >> 1 ^ pc >> 14) & UInt64(count - 1))
  }
}
