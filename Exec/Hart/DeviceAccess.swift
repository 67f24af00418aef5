/// How far an access to a device has come.
enum DeviceAccess {
  /// There is none.
  case none
  /// The loop has stopped before the instruction that makes it.
  case awaited
  /// The loop executes that instruction alone.
  case served
}
