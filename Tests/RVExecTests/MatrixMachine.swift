import RVDecoder

@testable import RVExec

/// A bare hart with matrices, in M mode, and single instructions on it.
final class MatrixMachine {
  let program: HartProgram
  let rows: [String: RowInfo]
  private let isVendor: Bool

  init(version: Extension = .xtheadmatrix0p6, _ change: (inout MatrixChoices) -> Void = { _ in }) throws {
    struct NoMemory: Error {}
    guard let program = HartProgram(isa: ISA.max.withMatrices(version)) else { throw NoMemory() }
    self.program = program
    isVendor = version == .xtheadmatrix0p3
    let family = isVendor ? "MatrixV03" : "MatrixV06"
    rows = Dictionary(uniqueKeysWithValues: InstructionTable.shared.rows.filter { $0.family == family }.map { ($0.mnemonic, $0) })
    change(&program.hart.matrixChoices)
    program.hart.state.pointee.ms = 1
    program.hart.state.pointee.set(fs: 1)
  }

  var hart: Hart { program.hart }
  var ms: UInt8 {
    get { hart.state.pointee.ms }
    set { hart.state.pointee.ms = newValue }
  }

  /// Executes a word.
  /// - Returns: the trap that it raises.
  func run(_ word: UInt32) -> Trap? {
    program.here = HartProgram.base
    program.put(word)
    program.put(0x0001)
    hart.pc = HartProgram.base
    // What was decoded there before is out of date.
    hart.setISA(hart.isa)
    guard case .trap(let trap) = hart.run(limit: 1) else { return nil }
    return trap
  }

  @discardableResult
  func run(_ mnemonic: String, rd: UInt8 = 0, rs1: UInt8 = 0, rs2: UInt8 = 0, rs3: UInt8 = 0, imm: Int32 = 0) -> Trap? {
    guard let row = rows[mnemonic], let word = Encoder.encode(row, Operands(rd: rd, rs1: rs1, rs2: rs2, rs3: rs3, imm: imm)) else {
      return Trap(.breakpoint)
    }
    return run(word)
  }

  /// Whether it is illegal, and changes nothing that can be seen.
  func isIllegal(_ mnemonic: String, rd: UInt8 = 0, rs1: UInt8 = 0, rs2: UInt8 = 0, rs3: UInt8 = 0, imm: Int32 = 0) -> Bool {
    let before = ms
    return run(mnemonic, rd: rd, rs1: rs1, rs2: rs2, rs3: rs3, imm: imm)?.cause == .illegalInstruction && ms == before
  }

  /// The bytes of a register.
  subscript(_ register: Int) -> [UInt8] {
    get {
      let place = place(register)
      return Array(UnsafeRawBufferPointer(start: place.base, count: place.count))
    }
    set {
      let place = place(register)
      UnsafeMutableRawBufferPointer(start: place.base, count: place.count).copyBytes(from: newValue.prefix(place.count))
    }
  }

  private func place(_ register: Int) -> (base: UnsafeMutableRawPointer?, count: Int, row: Int) {
    if let unit = hart.unit as? MatrixV06Unit { return (unit.register(register), unit.rows * unit.rowBytes(register), unit.rowBytes(register)) }
    if let unit = hart.unit as? MatrixV03Unit { return (unit.register(register), unit.registerBytes, unit.rowBytes) }
    return (nil, 0, 0)
  }

  /// Element (i, j) of a register.
  func element<T: BitwiseCopyable>(_ register: Int, _ i: Int, _ j: Int, as type: T.Type) -> T? {
    let place = place(register)
    return place.base?.loadUnaligned(fromByteOffset: i * place.row + j * MemoryLayout<T>.size, as: T.self)
  }

  func set<T: BitwiseCopyable>(_ register: Int, _ i: Int, _ j: Int, _ value: T) {
    let place = place(register)
    place.base?.storeBytes(of: value, toByteOffset: i * place.row + j * MemoryLayout<T>.size, as: T.self)
  }

  func csr(_ number: Int) throws(Trap) -> UInt64 { try hart.readCSR(number) }
  func set(csr number: Int, _ value: UInt64) throws(Trap) { try hart.writeCSR(number, value) }

  /// mtilem, mtilen, mtilek; or xmsize, K in bytes.
  func sizes(_ m: UInt64, _ n: UInt64, _ k: UInt64) throws(Trap) {
    if isVendor { return try set(csr: 0x803, m | n << 8 | k << 16) }
    for (number, value) in [(0x803, m), (0x804, n), (0x805, k)] { try set(csr: number, value) }
  }
}
