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
  /// Configuration: vl and vtype.
  case vset
  /// Vector addition and subtraction.
  case valu
  /// Vector addition and subtraction with carries in.
  case vadc
  /// Carries and borrows of them, into a mask.
  case vmadc
  /// Vector minimum and maximum.
  case vminmax
  /// Vector logic.
  case vlogic
  /// Vector shifts and rotations.
  case vshift
  /// Narrowing shifts.
  case vnshift
  /// Widening shifts.
  case vwshift
  /// Vector sign and zero extension.
  case vextend
  /// Vector comparison into a mask.
  case vcompare
  /// Selection by v0.
  case vmerge
  /// Copies of a vector or a scalar to all elements.
  case vmove
  /// Saturating addition and subtraction.
  case vsaturate
  /// Averaging addition and subtraction.
  case vaverage
  /// Fractional multiplication.
  case vsmul
  /// Scaling shifts.
  case vscale
  /// Narrowing clips.
  case vnclip
  /// Vector multiplication.
  case vmul
  /// Vector division.
  case vdiv
  /// Remainders of vector division.
  case vrem
  /// Vector multiply-add.
  case vmacc
  /// Widening addition and subtraction.
  case vwadd
  /// Widening multiplication.
  case vwmul
  /// Widening multiply-add.
  case vwmacc
  /// Reductions.
  case vreduce
  /// Widening sums of all elements.
  case vwreduce
  /// Floating-point reductions in any order.
  case vfreduce
  /// Widening floating-point sums in any order.
  case vfwreduce
  /// Ordered floating-point sums.
  case vfredosum
  /// Widening ordered floating-point sums.
  case vfwredosum
  /// Logic of masks.
  case vmask
  /// Counts of masks, into an x register.
  case vmaskcount
  /// Ones before, at and up to the first.
  case vmaskset
  /// Element indices and prefix counts.
  case viota
  /// Slides upwards, and by one.
  case vslide
  /// Slides downwards by a number.
  case vslidedown
  /// Gathers.
  case vgather
  /// Gathers with one index for all elements.
  case vgatherone
  /// Compression.
  case vcompress
  /// Copies of whole registers.
  case vmovewhole
  /// Moves of element 0 to a scalar register.
  case vtoscalar
  /// Moves of a scalar register to element 0.
  case vfromscalar
  /// Vector floating-point addition and subtraction.
  case vfadd
  /// Vector floating-point multiplication.
  case vfmul
  /// Vector fused multiply-add.
  case vfma
  /// Vector floating-point division.
  case vfdiv
  /// Vector square root.
  case vfsqrt
  /// Vector reciprocal estimates.
  case vfestimate
  /// Vector classification.
  case vfclass
  /// Vector sign injection.
  case vfsign
  /// Vector floating-point minimum and maximum.
  case vfminmax
  /// Vector floating-point comparison into a mask.
  case vfcompare
  /// Vector conversions of one width.
  case vfcvt
  /// Widening conversions.
  case vfwcvt
  /// Narrowing conversions.
  case vfncvt
  /// Widening floating-point addition and subtraction.
  case vfwadd
  /// The same with one operand that is wide already.
  case vfwaddw
  /// Widening floating-point multiplication.
  case vfwmul
  /// Widening fused multiply-add.
  case vfwma
  /// Unit-stride vector loads.
  case vload
  /// Unit-stride vector stores.
  case vstore
  /// Fault-only-first loads.
  case vloadff
  /// Strided loads.
  case vloadstride
  /// Strided stores.
  case vstorestride
  /// Indexed loads.
  case vloadindex
  /// Indexed stores.
  case vstoreindex
  /// Segment loads, fields of neighbouring segments.
  case vloadsegment
  /// Loads of neighbouring segments that end before the first fault.
  case vloadsegmentff
  /// Segment stores.
  case vstoresegment
  /// Strided segment loads.
  case vloadsegstride
  /// Strided segment stores.
  case vstoresegstride
  /// Indexed segment loads.
  case vloadsegindex
  /// Indexed segment stores.
  case vstoresegindex
  /// Whole-register loads.
  case vloadwhole
  /// Whole-register stores.
  case vstorewhole
  /// Vector bit reversal and counts.
  case vbits
  /// Vector carry-less multiplication.
  case vclmul
  /// Rounds of vector ciphers and hashes.
  case vcrypto
  /// Dot products of bytes.
  case vdot
  /// Products of matrices of bytes in vector registers.
  case vmadot
  /// Sizes of matrices, the end of their use.
  case mconfig
  /// Matrix loads.
  case mload
  /// Matrix stores.
  case mstore
  /// Copies of matrices, their rows, columns and elements.
  case mmove
  /// Matrix multiplication of integers.
  case mmacc
  /// Matrix multiplication in floating point.
  case mfma
  /// Element-wise integer arithmetic on matrices.
  case melement
  /// Element-wise floating-point arithmetic on matrices.
  case mfelement
  /// Conversions of matrices.
  case mconvert
  /// Narrowing clips of matrices.
  case mclip
  /// Hints.
  case nop
}

extension Work {
  /// By name; the initializer of the enum compares with one name after the other.
  static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}
