#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Small host calls that several files need.

func hostErrno() -> Int32 { errno }

/// The absolute path without symbolic links; `nil` when there is no such file.
func hostRealPath(_ path: String) -> String? {
  guard let found = realpath(path, nil) else { return nil }
  defer { free(found) }
  return String(cString: found)
}

/// Nanoseconds of a host clock.
func hostClock(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  guard clock_gettime(clock, &time) == 0 else { return 0 }
  return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
}

/// Writes text to the simulator's standard error as well as it can.
func writeToStandardError(_ text: String) {
  let bytes = Array(text.utf8)
  var start = 0
  while start < bytes.count {
    let written = bytes.withUnsafeBytes { write(2, $0.baseAddress.map { $0 + start }, $0.count - start) }
    if written < 0 {
      guard errno == EINTR else { return }
      continue
    }
    start += written
  }
}

/// Calls `body`, which writes to `descriptor`, such that a closed pipe is the error EPIPE and no signal for the host process.
func withoutPipeSignal(_ body: () -> Int) -> Int {
  var pipe = sigset_t()
  var old = sigset_t()
  var pending = sigset_t()
  sigemptyset(&pipe)
  sigaddset(&pipe, SIGPIPE)
  sigpending(&pending)
  if sigismember(&pending, SIGPIPE) == 1 { return body() }
  pthread_sigmask(SIG_BLOCK, &pipe, &old)
  let result = body()
  let error = errno
  if result < 0, error == EPIPE {
    sigpending(&pending)
    var signal: Int32 = 0
    if sigismember(&pending, SIGPIPE) == 1 { sigwait(&pipe, &signal) }
  }
  pthread_sigmask(SIG_SETMASK, &old, nil)
  errno = error
  return result
}

// Host calls whose names mean something else inside of a type.

func hostKill(_ process: Int32, _ number: Int32) -> Int32 { kill(process, number) }
func hostYield() { _ = sched_yield() }
func hostSetDefault(_ number: Int32) { signal(number, SIG_DFL) }
func hostOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o666) }
func hostRead(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int { read(descriptor, target, count) }

/// Whether an open file lies in /proc, by which the guest could reach into the simulator.
func isHostProcessFile(_ descriptor: Int32) -> Bool {
  #if os(Linux)
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
    return count > 0 && buffer.prefix(count).starts(with: "/proc/".utf8.map { CChar(bitPattern: $0) })
  #else
    return false
  #endif
}

func hostErrorText(_ error: Int32) -> String { String(cString: strerror(error)) }
