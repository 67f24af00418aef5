import RVExec
import RVLoader

/// Counts traps on their way to the platform that deals with them.
final class TrapCounter: Platform {
  private let platform: any Platform
  private var counts = [UInt64](repeating: 0, count: 256)

  init(_ platform: any Platform) { self.platform = platform }

  /// Counts by cause, those that occurred.
  var byCause: [String: UInt64] {
    var result: [String: UInt64] = [:]
    for cause in Trap.Cause.allCases where counts[Int(cause.rawValue)] > 0 { result[cause.words] = counts[Int(cause.rawValue)] }
    return result
  }

  func handle(_ trap: Trap, on hart: Hart) -> PlatformAction {
    counts[Int(trap.cause.rawValue)] += 1
    return platform.handle(trap, on: hart)
  }

  func ending(of hart: Hart) -> Ending { platform.ending(of: hart) }
  func idle(_ hart: Hart, until timer: UInt64?) -> Bool { platform.idle(hart, until: timer) }
  func eventCount(on hart: Hart) -> UInt64 { platform.eventCount(on: hart) }
  func handleEvent(on hart: Hart) -> PlatformAction { platform.handleEvent(on: hart) }
  func returns(with ending: Ending) { platform.returns(with: ending) }
  func abandon() { platform.abandon() }
  var otherProgram: Image? { platform.otherProgram }
}
