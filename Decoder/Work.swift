/// Kinds of work: what a machine prices. Machines never price mnemonics.
public enum Work: String, Sendable, CaseIterable {
  /// One-cycle integer operations on most machines: add, shift, logic, compare, bit operations.
  case alu
  /// Integer multiplication.
  case mul
  /// Integer division and remainder; the time may depend on the quotient.
  case div
  /// Counting zeros or ones.
  case count
  /// Conditional branches.
  case branch
  /// Direct and indirect jumps.
  case jump
  /// Loads into x or f registers.
  case load
  /// Stores from x or f registers.
  case store
  /// Atomic memory operations, load-reserved, store-conditional.
  case atomic
  /// Floating-point addition and subtraction.
  case fadd
  /// Floating-point multiplication.
  case fmul
  /// Fused multiply-add.
  case fma
  /// Floating-point division.
  case fdiv
  /// Square root.
  case fsqrt
  /// Conversions between formats, and rounding to integral numbers.
  case fcvt
  /// Floating-point comparison and classification.
  case fcmp
  /// Moves between register files, sign injection, constants.
  case fmove
  /// Minimum and maximum.
  case fminmax
  /// Rounds of ciphers and hashes.
  case crypto
  /// Carry-less multiplication.
  case clmul
  /// Reads and writes of control and status registers.
  case csr
  /// Memory and instruction fences.
  case fence
  /// Environment calls, returns from traps, address-translation fences, waits.
  case system
  /// Operations on cache blocks and prefetches.
  case cacheBlock
  /// Hints.
  case nop
}
