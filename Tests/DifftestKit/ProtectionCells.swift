import RVDecoder
import RVExec

/// Cells of accesses that memory protection (PMP) has to judge: which kind of entry they meet, who accesses how, and the judgement.
enum ProtectionCells {
  /// The first entry that matches a byte of the access; `partial`: it does not match all of them.
  enum Match: Int, CaseIterable { case none, tor, na4, napot, partial }
  /// `borrowed` is machine mode with mstatus.MPRV; machine mode is bound by locked entries only.
  enum View: Int, CaseIterable { case user, supervisor, borrowed, machine, machineLocked }
  typealias Kind = PageCells.Kind

  /// An access before its outcome is known.
  struct Place {
    var match: Match
    var kind: Kind
    var view: View
  }

  static let count = Match.allCases.count * Kind.allCases.count * View.allCases.count * 2

  static func index(_ place: Place, isPermitted: Bool) -> Int {
    ((place.match.rawValue * Kind.allCases.count + place.kind.rawValue) * View.allCases.count + place.view.rawValue) * 2
      + (isPermitted ? 1 : 0)
  }

  static func isPossible(_ place: Place, isPermitted: Bool) -> Bool {
    if place.kind == .fetch, place.view == .borrowed { return false }
    switch place.match {
    // Four bytes hold the whole of an instruction and of every smaller access.
    case .partial: return !isPermitted && place.kind != .fetch && (place.view != .machineLocked)
    case .none: return place.view != .machineLocked && isPermitted == (place.view == .machine)
    default: return place.view != .machine || isPermitted
    }
  }

  /// All cells that there are.
  static func all() -> [(index: Int, name: String)] {
    var cells: [(index: Int, name: String)] = []
    for match in Match.allCases {
      for kind in Kind.allCases {
        for view in View.allCases {
          for isPermitted in [true, false] {
            let place = Place(match: match, kind: kind, view: view)
            guard isPossible(place, isPermitted: isPermitted) else { continue }
            cells.append(
              (index(place, isPermitted: isPermitted), "\(match) \(kind) \(view) \(isPermitted ? "permitted" : "denied")"))
          }
        }
      }
    }
    return cells
  }

  /// A line for each kind of entry and of access: how often it was permitted and denied.
  static func table(_ counts: [UInt32]) -> String {
    func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
    var lines = [pad("protection", 12) + pad("access", 8) + View.allCases.map { pad("\($0): yes/no", 24) }.joined()]
    for match in Match.allCases {
      for kind in Kind.allCases {
        let views = View.allCases.map { view in
          let place = Place(match: match, kind: kind, view: view)
          return pad("\(counts[index(place, isPermitted: true)])/\(counts[index(place, isPermitted: false)])", 24)
        }
        lines.append(pad("\(match)", 12) + pad("\(kind)", 8) + views.joined())
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Lockstep {
  /// What protection the instruction at the hart's pc is about to meet with its access, or with its fetch where it is not the program itself.
  func protectionPlace(_ step: Step) -> ProtectionCells.Place? {
    let privilege = hart.state.pointee.privilege
    let kind: ProtectionCells.Kind
    let address: UInt64
    var width: UInt64 = 4
    var mode = privilege
    if !isInProgram(hart.pc) {
      (kind, address) = (.fetch, hart.pc)
    } else {
      guard let row = step.row else { return nil }
      switch (coverage.kinds[Int(row.id)], row.work) {
      case (.memory(let bytes), .load): (kind, width) = (.load, UInt64(bytes))
      case (.memory(let bytes), .store): (kind, width) = (.store, UInt64(bytes))
      case (.atomic(let bytes), .atomic): (kind, width) = (.atomic, UInt64(bytes))
      default: return nil
      }
      address = hart[x: Int(step.op.rs1 & 31)] &+ (kind == .atomic ? 0 : UInt64(bitPattern: Int64(step.op.imm)))
      // Atomics that are not aligned, and SC without a reservation, fail whatever protection says.
      if kind == .atomic, address % width != 0 || row.mnemonic.hasPrefix("sc.") { return nil }
      if hart.csr.mstatus >> 17 & 1 != 0 { mode = UInt8(hart.csr.mstatus >> 11 & 3) }
    }
    guard let physical = hart.physicalAddress(of: address, forFetch: kind == .fetch), physical &- Layout.code < Layout.memorySize,
      physical % 4096 + width <= 4096
    else { return nil }
    let (match, isLocked) = firstMatch(physical, physical + width - 1)
    let view: ProtectionCells.View
    switch mode {
    case 3: view = isLocked ? .machineLocked : .machine
    case _ where privilege == 3: view = .borrowed
    default: view = mode == 0 ? .user : .supervisor
    }
    return ProtectionCells.Place(match: match, kind: kind, view: match == .partial && view == .machineLocked ? .machine : view)
  }

  private func firstMatch(_ first: UInt64, _ last: UInt64) -> (ProtectionCells.Match, isLocked: Bool) {
    var below: UInt64 = 0
    for index in 0..<16 {
      let configuration = (value(0x3a0 + index / 8 * 2) ?? 0) >> UInt64(8 * (index % 8))
      let address = value(0x3b0 + index) ?? 0
      defer { below = address }
      let (match, low, high): (ProtectionCells.Match, UInt64, UInt64)
      switch configuration >> 3 & 3 {
      case 0: continue
      case 1: (match, low, high) = (.tor, below << 2, address << 2)
      case 2: (match, low, high) = (.na4, address << 2, address << 2 + 4)
      default:
        let ones = UInt64((~address).trailingZeroBitCount)
        let base = ((address >> ones) << ones) << 2
        (match, low, high) = (.napot, base, base + (8 << ones))
      }
      guard low < high, first < high, low <= last else { continue }
      return (first >= low && last < high ? match : .partial, configuration & 0x80 != 0)
    }
    return (.none, false)
  }
}
