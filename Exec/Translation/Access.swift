/// What an access to memory wants.
enum Access: Sendable {
  case fetch, load, store

  /// Protection or a device denies it.
  func accessFault(_ address: UInt64) -> Trap {
    switch self {
    case .fetch: Trap(.instructionAccess, address)
    case .load: Trap(.loadAccess, address)
    case .store: Trap(.storeAccess, address)
    }
  }

  /// The page tables deny it.
  func pageFault(_ address: UInt64) -> Trap {
    switch self {
    case .fetch: Trap(.instructionPageFault, address)
    case .load: Trap(.loadPageFault, address)
    case .store: Trap(.storePageFault, address)
    }
  }
}

/// Privilege modes by their numbers.
enum Mode {
  static let user: UInt8 = 0
  static let supervisor: UInt8 = 1
  static let machine: UInt8 = 3
}
