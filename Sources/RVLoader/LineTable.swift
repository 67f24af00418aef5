import CElf
import Synchronization

/// A place in source code.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  /// The path as the compiler wrote it, with its working directory in front if it was relative.
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1; 0 if the compiler did not say.
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`, or `file:line` without a column.
  public var description: String { column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)" }
}

/// The line table of a program: from addresses to source code, by its DWARF 2 to 5 debug information, compressed or not.
///
/// It is lazy. Opening reads the debug sections; the first look-up finds which compilation unit covers which addresses; a unit's
/// lines are decoded when an address of it is asked for. It may be shared between threads, which then wait for each other.
public final class LineTable: Sendable {
  private let session: Mutex<Session>

  /// Opens the debug information of the ELF file at `path`; nil if it cannot be read, is no RISC-V ELF64 file or has none.
  public init?(path: String) {
    guard let file = try? OpenFile(path: path), let session = Session(.file(file)) else { return nil }
    self.session = Mutex(session)
  }

  /// The same for the bytes of a file, of which it keeps a copy.
  public init?(bytes: [UInt8]) {
    guard let session = Session(.bytes(ByteStorage(bytes))) else { return nil }
    self.session = Mutex(session)
  }

  /// Where the instruction at an address comes from; nil if no line is known. The address is that of the file: of a program that
  /// was placed elsewhere, subtract the load bias first.
  public func location(of address: UInt64) -> SourceLocation? {
    session.withLock { $0.location(of: address) }
  }
}
