import RVDecoder
import RVExec

/// Cells of accesses below machine mode: what the page tables hold there, who accesses how, and what comes of it.
enum PageCells {
  /// What a walk finds, the first that applies.
  enum Shape: Int, CaseIterable {
    case bare, notCanonical, invalid, reservedBits, reservedMemoryType, badRange, pointerWithBits, pointerAtEnd, writeOnly,
      misaligned
    case memoryType, range, notAccessed, notDirty, small, mega, giga

    /// Nothing but a page fault can come of it.
    var faults: Bool {
      switch self {
      case .notCanonical, .invalid, .reservedBits, .reservedMemoryType, .badRange, .pointerWithBits, .pointerAtEnd, .writeOnly,
        .misaligned:
        true
      default: false
      }
    }
  }

  enum Kind: Int, CaseIterable { case fetch, load, store, atomic }
  /// In whose eyes; `borrowed` is machine mode with mstatus.MPRV.
  enum View: Int, CaseIterable { case user, supervisor, borrowed }
  enum Outcome: Int, CaseIterable { case done, pageFault, accessFault }

  static let count = Shape.allCases.count * Kind.allCases.count * View.allCases.count * Outcome.allCases.count

  static func index(_ shape: Shape, _ kind: Kind, _ view: View, _ outcome: Outcome) -> Int {
    ((shape.rawValue * Kind.allCases.count + kind.rawValue) * View.allCases.count + view.rawValue) * Outcome.allCases.count
      + outcome.rawValue
  }

  static func isPossible(_ shape: Shape, _ kind: Kind, _ view: View, _ outcome: Outcome) -> Bool {
    if kind == .fetch, view == .borrowed { return false }
    if shape.faults { return outcome == .pageFault }
    if shape == .bare { return outcome != .pageFault }
    return shape != .notDirty || kind == .store || kind == .atomic
  }

  /// All cells that there are.
  static func all() -> [(index: Int, name: String)] {
    var cells: [(index: Int, name: String)] = []
    for shape in Shape.allCases {
      for kind in Kind.allCases {
        for view in View.allCases {
          for outcome in Outcome.allCases where isPossible(shape, kind, view, outcome) {
            cells.append((index(shape, kind, view, outcome), "\(shape) \(kind) \(view) \(outcome)"))
          }
        }
      }
    }
    return cells
  }

  /// A line for each shape and kind of access: how often it was done, page faults, access faults.
  static func table(_ counts: [UInt32]) -> String {
    func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
    var lines = [pad("page", 20) + pad("access", 8) + View.allCases.map { pad("\($0): done/page/access", 34) }.joined()]
    for shape in Shape.allCases {
      for kind in Kind.allCases {
        let views = View.allCases.map { view in
          pad(Outcome.allCases.map { "\(counts[index(shape, kind, view, $0)])" }.joined(separator: "/"), 34)
        }
        lines.append(pad("\(shape)", 20) + pad("\(kind)", 8) + views.joined())
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Lockstep {
  /// What the instruction at the hart's pc is about to access, or the fetch of it where it is not the program itself.
  func pageView(_ step: Step) -> (PageCells.Shape, PageCells.Kind, PageCells.View)? {
    let privilege = hart.state.pointee.privilege
    let pc = hart.pc
    if !isInProgram(pc) {
      guard privilege != 3 else { return nil }
      return (shape(pc, store: false, satp: hart.csr.satp), .fetch, privilege == 0 ? .user : .supervisor)
    }
    guard let row = step.row else { return nil }
    let kind: PageCells.Kind
    switch row.work {
    case .load: kind = .load
    case .store: kind = .store
    case .atomic: kind = .atomic
    default: return nil
    }
    let borrows = privilege == 3 && hart.csr.mstatus >> 17 & 1 != 0 && hart.csr.mstatus >> 11 & 3 != 3
    guard privilege != 3 || borrows else { return nil }
    let offset = kind == .atomic ? 0 : UInt64(bitPattern: Int64(step.op.imm))
    let address = hart[x: Int(step.op.rs1 & 31)] &+ offset
    let view: PageCells.View = borrows ? .borrowed : privilege == 0 ? .user : .supervisor
    return (shape(address, store: kind != .load, satp: hart.csr.satp), kind, view)
  }

  func isInProgram(_ pc: UInt64) -> Bool {
    pc &- Layout.code < Layout.codeSize || pc &- Layout.code &- PageTables.userOffset < Layout.codeSize
  }

  private func shape(_ address: UInt64, store: Bool, satp: UInt64) -> PageCells.Shape {
    let levels: Int
    switch satp >> 60 {
    case 8: levels = 3
    case 9: levels = 4
    case 10: levels = 5
    default: return .bare
    }
    let upper = Int64(bitPattern: address) >> Int64(11 + 9 * levels)
    guard upper == 0 || upper == -1 else { return .notCanonical }
    var table = (satp & (1 << 44 - 1)) << 12
    for level in (0..<levels).reversed() {
      let index = address >> UInt64(12 + 9 * level) & 0x1ff
      guard let bytes = hart.space.peek(table &+ index * 8, count: 8) else { return .invalid }
      let entry = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let number = (entry << 10) >> 20
      if entry & 1 == 0 { return .invalid }
      if (entry << 3) >> 57 != 0 { return .reservedBits }
      if entry >> 61 & 3 == 3 { return .reservedMemoryType }
      if entry & 0xe == 0 {
        if entry & 0xd0 != 0 || entry >> 61 != 0 { return .pointerWithBits }
        if level == 0 { return .pointerAtEnd }
        table = number << 12
        continue
      }
      if entry & 6 == 4 { return .writeOnly }
      if entry >> 63 != 0 { return level == 0 && number & 0xf == 8 ? .range : .badRange }
      if number & (1 << UInt64(9 * level) - 1) != 0 { return .misaligned }
      if entry >> 61 & 3 != 0 { return .memoryType }
      if entry & 0x40 == 0 { return .notAccessed }
      if store, entry & 0x80 == 0 { return .notDirty }
      return [.small, .mega, .giga][min(level, 2)]
    }
    return .pointerAtEnd
  }
}
