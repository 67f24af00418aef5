import RVFloat
import Testing

@Suite struct EnvironmentTests {
  static let one = Format.d.bits(exponent: 0)
  static let tiny = Format.d.bits(exponent: -100)

  /// The rounding mode as arithmetic shows it.
  func observedMode() -> Rounding {
    let up = rvf_fadd_d(Self.one, Self.tiny) != Self.one
    let down = rvf_fsub_d(Self.one | Format.d.sign, Self.tiny) != Self.one | Format.d.sign
    let towardsZero = rvf_fsub_d(Self.one, Self.tiny) != Self.one
    return up ? .rup : down ? .rdn : towardsZero ? .rtz : .rne
  }

  @Test func `modes are set, RMM and reserved ones as RNE`() {
    for frm in UInt32(0)..<8 {
      let expected = frm < 4 ? Rounding(rawValue: frm)! : .rne
      let saved = rvf_enter(frm)
      let entered = observedMode()
      rvf_set_rounding((frm + 1) % 4)
      let next = observedMode()
      rvf_set_rounding(frm)
      let set = observedMode()
      rvf_leave(saved)
      #expect(entered == expected && set == expected && next.rawValue == (frm + 1) % 4)
    }
  }

  @Test func `entering clears flags, leaving brings back mode and flags`() {
    let outer = rvf_enter(Rounding.rup.rawValue)
    rvf_raise(Flags.dz.rawValue)
    let inner = rvf_enter(Rounding.rdn.rawValue)
    let clean = rvf_peek_flags()
    rvf_raise(Flags.nv.rawValue)
    rvf_leave(inner)
    let (flags, mode) = (rvf_peek_flags(), observedMode())
    rvf_leave(outer)
    #expect(clean == 0)
    #expect(Flags(rawValue: flags) == .dz)
    #expect(mode == .rup)
  }

  @Test func `every set of flags is raised, peeked at and taken`() {
    let saved = rvf_enter(0)
    var wrong: [UInt32] = []
    for flags in UInt32(0)..<32 {
      rvf_raise(flags)
      if rvf_peek_flags() != flags || rvf_take_flags() != flags || rvf_take_flags() != 0 { wrong.append(flags) }
    }
    rvf_leave(saved)
    #expect(wrong.isEmpty)
  }

  @Test func `flags stick and changing the mode keeps them`() {
    let saved = rvf_enter(0)
    _ = rvf_fdiv_d(Self.one, 0)
    _ = rvf_fadd_d(Self.one, Self.one)
    rvf_set_rounding(Rounding.rtz.rawValue)
    _ = rvf_fadd_s_rm(Format.s.box(Format.s.bits(exponent: 0)), Format.s.box(1), Rounding.rup.rawValue)
    let (flags, mode) = (Flags(rawValue: rvf_take_flags()), observedMode())
    rvf_leave(saved)
    #expect(flags == [.dz, .nx])
    #expect(mode == .rtz)
  }

  /// A subnormal operand raises a flag of its own on x86, which is none of RISC-V's; and subnormals are not flushed.
  @Test func `subnormal operands`() {
    let saved = rvf_enter(0)
    let (doubled, flags) = (rvf_fadd_d(3, 3), rvf_take_flags())
    rvf_leave(saved)
    #expect(doubled == 6 && flags == 0)
  }

  @Test func `an operation in a mode of its own leaves the mode as it was`() {
    for mode in Rounding.allCases where mode != .rmm {
      for rm in Rounding.allCases {
        let saved = rvf_enter(mode.rawValue)
        for operation in unaryOperations {
          _ = operation.inMode(operation.from.box(operation.from.bits(exponent: 1, fraction: 1)), rm.rawValue)
        }
        for operation in integerOperations { _ = operation.inMode(0x123_4567_89ab_cdef, rm.rawValue) }
        for operation in binaryOperations {
          let one = operation.format.box(operation.format.bits(exponent: 0, fraction: 1))
          _ = operation.inMode(one, one, rm.rawValue)
        }
        for operation in ternaryOperations {
          let one = operation.format.box(operation.format.bits(exponent: 0, fraction: 1))
          _ = operation.inMode(one, one, one, rm.rawValue)
        }
        let after = observedMode()
        rvf_leave(saved)
        #expect(after == mode)
      }
    }
  }
}
