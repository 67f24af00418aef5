/// Numbers of CSRs. Privileged ISA, "CSR Listing".
enum CSR {
  static let fflags = 0x001
  static let frm = 0x002
  static let fcsr = 0x003
  static let vstart = 0x008
  static let vxsat = 0x009
  static let vxrm = 0x00a
  static let vcsr = 0x00f
  static let seed = 0x015
  static let vl = 0xc20
  static let vtype = 0xc21
  static let vlenb = 0xc22
  static let sstatus = 0x100
  static let sie = 0x104
  static let stvec = 0x105
  static let scounteren = 0x106
  static let senvcfg = 0x10a
  static let sstateen0 = 0x10c
  static let sstateen3 = 0x10f
  static let sscratch = 0x140
  static let sepc = 0x141
  static let scause = 0x142
  static let stval = 0x143
  static let sip = 0x144
  static let stimecmp = 0x14d
  static let satp = 0x180
  static let mstatus = 0x300
  static let misa = 0x301
  static let medeleg = 0x302
  static let mideleg = 0x303
  static let mie = 0x304
  static let mtvec = 0x305
  static let mcounteren = 0x306
  /// Another name of bits of mip, where there is an advanced interrupt architecture: only in logs.
  static let mvip = 0x309
  static let menvcfg = 0x30a
  static let mstateen0 = 0x30c
  static let mstateen3 = 0x30f
  static let mcountinhibit = 0x320
  static let mhpmevent3 = 0x323
  static let mhpmevent31 = 0x33f
  static let mscratch = 0x340
  static let mepc = 0x341
  static let mcause = 0x342
  static let mtval = 0x343
  static let mip = 0x344
  static let pmpcfg0 = 0x3a0
  static let pmpcfg14 = 0x3ae
  static let pmpaddr0 = 0x3b0
  static let pmpaddr63 = 0x3ef
  static let scontext = 0x5a8
  /// What ``mcontext`` is logged as: the register that it is another name of.
  static let hcontext = 0x6a8
  static let mseccfg = 0x747
  static let tselect = 0x7a0
  static let tdata1 = 0x7a1
  static let tdata3 = 0x7a3
  static let tinfo = 0x7a4
  static let mcontext = 0x7a8
  static let mcycle = 0xb00
  static let minstret = 0xb02
  static let mhpmcounter3 = 0xb03
  static let mhpmcounter31 = 0xb1f
  static let cycle = 0xc00
  static let time = 0xc01
  static let instret = 0xc02
  static let hpmcounter3 = 0xc03
  static let hpmcounter31 = 0xc1f
  static let scountovf = 0xda0
  static let mvendorid = 0xf11
  static let marchid = 0xf12
  static let mimpid = 0xf13
  static let mhartid = 0xf14
  static let mconfigptr = 0xf15
}

/// Bits of mip and mie.
enum Interrupt {
  static let supervisorSoftware: UInt64 = 1 << 1
  static let machineSoftware: UInt64 = 1 << 3
  static let supervisorTimer: UInt64 = 1 << 5
  static let machineTimer: UInt64 = 1 << 7
  static let supervisorExternal: UInt64 = 1 << 9
  static let machineExternal: UInt64 = 1 << 11
  static let counterOverflow: UInt64 = 1 << 13
}

/// Bits of mstatus.
enum MStatus {
  static let sie: UInt64 = 1 << 1
  static let mie: UInt64 = 1 << 3
  static let spie: UInt64 = 1 << 5
  static let mpie: UInt64 = 1 << 7
  static let spp: UInt64 = 1 << 8
  static let vs: UInt64 = 3 << 9
  static let mpp: UInt64 = 3 << 11
  static let fs: UInt64 = 3 << 13
  /// XuanTie's: the state of matrices.
  static let ms: UInt64 = 3 << 25
  static let mprv: UInt64 = 1 << 17
  static let sum: UInt64 = 1 << 18
  static let mxr: UInt64 = 1 << 19
  static let tvm: UInt64 = 1 << 20
  static let tw: UInt64 = 1 << 21
  static let tsr: UInt64 = 1 << 22
  static let uxl64: UInt64 = 2 << 32
  static let sxl64: UInt64 = 2 << 34
  static let sd: UInt64 = 1 << 63
  /// What sstatus shows and changes of it, beside FS, VS and MS.
  static let supervisor = sie | spie | spp
  /// The same where there is translation.
  static let translation = sum | mxr
}

/// Bits of menvcfg.
enum Environment {
  static let updatesAccessed: UInt64 = 1 << 61
  static let memoryTypes: UInt64 = 1 << 62
  static let supervisorTimer: UInt64 = 1 << 63
}

/// Bits of mstateen0 and its kin.
enum StateEnable {
  static let custom: UInt64 = 1 << 0
  static let indirect: UInt64 = 1 << 60
  static let environment: UInt64 = 1 << 62
  static let stateEnable: UInt64 = 1 << 63
}
