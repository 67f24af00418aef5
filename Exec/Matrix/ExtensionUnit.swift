import RVDecoder

/// What an extension adds to the state of a hart beside the registers of the manual: memory of its own and CSRs of its own numbers. Its context
/// status is mstatus.MS.
///
/// Adding another such extension: its rows (a file in Decoder/Rows and a case of ``Row``), a class that conforms to this, a line in
/// ``ExtensionUnits/all``, and its arms, to which the switch in `Hart+Step.swift` leads.
protocol ExtensionUnit: AnyObject {
  /// The extension that brings it.
  static var member: Extension { get }
  /// What rows may ask for (``RowInfo/features``), as bits of ``features``.
  static var featureBits: [String: UInt64] { get }

  init(_ choices: MatrixChoices)

  /// What this one has of that.
  var features: UInt64 { get }
  /// Runs of memory accesses that one instruction makes at most.
  var mostRuns: Int { get }
  /// Of the tiles that instructions work on; k as the extension counts it.
  var sizes: (m: UInt64, n: UInt64, k: UInt64) { get }
  /// `nil`: no register of this unit.
  func value(ofCSR number: Int) -> UInt64?
  /// Writes a register that ``value(ofCSR:)`` knows.
  func write(csr number: Int, _ value: UInt64)
  /// As at the start of a program.
  func reset()
}

enum ExtensionUnits {
  static var all: [any ExtensionUnit.Type] { [MatrixV06Unit.self, MatrixV03Unit.self] }

  /// The unit of a hart with this ISA.
  static func make(_ isa: ISA, _ choices: MatrixChoices) -> (any ExtensionUnit)? {
    all.first { isa.contains($0.member) }?.init(choices)
  }

  /// What the unit that has a row calls features.
  static func featureBits(of row: RowInfo) -> [String: UInt64] {
    all.first { type in row.needs.contains { $0.contains(type.member) } }?.featureBits ?? [:]
  }
}

extension Hart {
  func makeUnit() {
    unit = ExtensionUnits.make(isa, matrixChoices)
    state.pointee.unit = unit.map { Unmanaged.passUnretained($0 as AnyObject).toOpaque() }
    state.pointee.ms = unit != nil && isUserMode ? 1 : 0
  }

  /// Sizes of tiles: 0.6 counts elements, 0.3 bytes in k. `nil` without matrices.
  public var matrixSizes: (m: UInt64, n: UInt64, k: UInt64)? { unit?.sizes }

  /// The state of extensions as at the start of a program.
  func resetUnit() {
    unit?.reset()
    state.pointee.ms = unit == nil ? 0 : 1
  }

  /// The value of a unit's CSR. They are for user mode: supervisors' and machines' are not looked up.
  func unitValue(ofCSR number: Int) -> UInt64? { number & 0x300 == 0 ? unit?.value(ofCSR: number) : nil }

  /// Throws where a unit's CSR may not be touched: mstatus.MS is off.
  func requireUnitCSR(_ number: Int) throws(Trap) {
    if state.pointee.ms == 0, unitValue(ofCSR: number) != nil { throw Trap(.illegalInstruction) }
  }

  /// - Returns: `false` when it is no CSR of a unit.
  func writeUnitCSR(_ number: Int, _ value: UInt64) -> Bool {
    guard number & 0x300 == 0, let unit, unit.value(ofCSR: number) != nil else { return false }
    unit.write(csr: number, value)
    state.pointee.ms = 3
    log(number, unit.value(ofCSR: number) ?? value)
    return true
  }
}
