/// Why a run loop returned. The hart's pc and counts are exact.
enum LoopExit {
  /// ``HartState/deadline`` is reached, or the batch is full, or somebody asked: go on when you like.
  case pause
  /// The instruction at pc (or its fetch) raised an exception and did not retire.
  case trap(Trap)
  /// The instruction before pc ended the program (a store to tohost, a semihosting call …).
  case halt
}
