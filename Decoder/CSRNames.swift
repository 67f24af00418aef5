/// Names and numbers of control and status registers: unprivileged and privileged manuals, RV64.
public enum CSRNames {
  /// Number in hexadecimal and name; a third word says how many registers are numbered on from there.
  private static let table = """
    001 fflags, 002 frm, 003 fcsr, 008 vstart, 009 vxsat, 00a vxrm, 00f vcsr, 011 ssp, 015 seed, 017 jvt
    100 sstatus, 104 sie, 105 stvec, 106 scounteren, 10a senvcfg, 10c sstateen0 4, 120 scountinhibit, 140 sscratch
    141 sepc, 142 scause, 143 stval, 144 sip, 14d stimecmp, 14e sctrctl, 14f sctrstatus, 150 siselect, 151 sireg
    152 sireg2, 153 sireg3, 155 sireg4 3, 15c stopei, 15f sctrdepth, 180 satp, 181 srmcfg
    200 vsstatus, 204 vsie, 205 vstvec, 240 vsscratch, 241 vsepc, 242 vscause, 243 vstval, 244 vsip, 24d vstimecmp
    24e vsctrctl, 250 vsiselect, 251 vsireg, 252 vsireg2, 253 vsireg3, 255 vsireg4 3, 25c vstopei, 280 vsatp
    300 mstatus, 301 misa, 302 medeleg, 303 mideleg, 304 mie, 305 mtvec, 306 mcounteren, 308 mvien, 309 mvip, 30a menvcfg
    30c mstateen0 4, 320 mcountinhibit, 321 mcyclecfg, 322 minstretcfg, 323 mhpmevent3 29, 340 mscratch, 341 mepc
    342 mcause, 343 mtval, 344 mip, 34a mtinst, 34b mtval2, 34e mctrctl, 350 miselect, 351 mireg, 352 mireg2, 353 mireg3
    355 mireg4 3, 35c mtopei, 3a0 pmpcfg0, 3a2 pmpcfg2, 3a4 pmpcfg4, 3a6 pmpcfg6, 3a8 pmpcfg8, 3aa pmpcfg10, 3ac pmpcfg12
    3ae pmpcfg14, 3b0 pmpaddr0 64
    5a8 scontext
    600 hstatus, 602 hedeleg, 603 hideleg, 604 hie, 605 htimedelta, 606 hcounteren, 607 hgeie, 608 hvien, 609 hvictl
    60a henvcfg, 60c hstateen0 4, 643 htval, 644 hip, 645 hvip, 646 hviprio1, 647 hviprio2, 64a htinst, 680 hgatp
    6a8 hcontext
    740 mnscratch, 741 mnepc, 742 mncause, 744 mnstatus, 747 mseccfg, 7a0 tselect, 7a1 tdata1 3, 7a4 tinfo, 7a5 tcontrol
    7a8 mcontext, 7aa mscontext, 7b0 dcsr, 7b1 dpc, 7b2 dscratch0, 7b3 dscratch1
    b00 mcycle, b02 minstret, b03 mhpmcounter3 29
    c00 cycle, c01 time, c02 instret, c03 hpmcounter3 29, c20 vl, c21 vtype, c22 vlenb
    da0 scountovf, db0 stopi
    e12 hgeip, eb0 vstopi
    f11 mvendorid, f12 marchid, f13 mimpid, f14 mhartid, f15 mconfigptr, fb0 mtopi
    """

  private static let names: [String?] = {
    var names = [String?](repeating: nil, count: 4096)
    for entry in table.split(whereSeparator: { $0 == "," || $0 == "\n" }) {
      let words = entry.split(separator: " ")
      guard words.count >= 2, let number = Int(words[0], radix: 16), number < 4096 else { continue }
      guard words.count == 3, let count = Int(words[2]) else {
        names[number] = String(words[1])
        continue
      }
      let stem = words[1].prefix { !$0.isNumber }
      let first = Int(words[1].dropFirst(stem.count)) ?? 0
      for index in 0..<count where number + index < 4096 { names[number + index] = "\(stem)\(first + index)" }
    }
    return names
  }()

  /// Those of XuanTie's matrix extension, which differ from version to version.
  private static let matrixNames: [Extension: [Int: String]] = [
    .xtheadmatrix0p6: [
      0x802: "xmcsr", 0x803: "mtilem", 0x804: "mtilen", 0x805: "mtilek", 0x806: "xmxrm", 0x807: "xmsat", 0x808: "xmfflags", 0x809: "xmfrm",
      0x80a: "xmsaten", 0xcc0: "xmisa", 0xcc1: "xtlenb", 0xcc2: "xtrlenb", 0xcc3: "xalenb",
    ],
    .xtheadmatrix0p3: [0x801: "xmrstart", 0x802: "xmcsr", 0x803: "xmsize", 0xcc0: "xmlenb", 0xcc1: "xrlenb", 0xcc2: "xmisa"],
  ]

  /// The name of a register where some extensions are on.
  public static func name(of number: Int, in extensions: ExtensionSet) -> String? {
    if let name = name(of: number) { return name }
    guard number >> 8 == 0x8 || number >> 8 == 0xc else { return nil }
    return Extension.matrixVersions.first { extensions.contains($0) }.flatMap { matrixNames[$0]?[number] }
  }

  /// The name of a register; `nil` for numbers without one.
  public static func name(of number: Int) -> String? { names.indices.contains(number) ? names[number] : nil }

  /// The number of a register.
  public static func number(of name: some StringProtocol) -> Int? { names.firstIndex { $0.map { $0 == name } ?? false } }
}
