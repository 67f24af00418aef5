#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a system call failed: Linux's number, whatever the host calls it (asm-generic/errno.h).
// swift-format-ignore
enum LinuxError: Int, Error {
  case EPERM = 1, ENOENT, ESRCH, EINTR, EIO, ENXIO, E2BIG, ENOEXEC, EBADF, ECHILD
  case EAGAIN, ENOMEM, EACCES, EFAULT, ENOTBLK, EBUSY, EEXIST, EXDEV, ENODEV, ENOTDIR
  case EISDIR, EINVAL, ENFILE, EMFILE, ENOTTY, ETXTBSY, EFBIG, ENOSPC, ESPIPE, EROFS
  case EMLINK, EPIPE, EDOM, ERANGE, EDEADLK, ENAMETOOLONG, ENOLCK, ENOSYS, ENOTEMPTY, ELOOP
  case ENODATA = 61, EPROTO = 71, EBADMSG = 74, EOVERFLOW = 75
  case ENOTSOCK = 88, EDESTADDRREQ, EMSGSIZE, EPROTOTYPE, ENOPROTOOPT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EOPNOTSUPP
  case EPFNOSUPPORT, EAFNOSUPPORT, EADDRINUSE, EADDRNOTAVAIL, ENETDOWN, ENETUNREACH, ENETRESET, ECONNABORTED, ECONNRESET
  case ENOBUFS, EISCONN, ENOTCONN, ESHUTDOWN, ETIMEDOUT = 110, ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH, EALREADY, EINPROGRESS
  case ESTALE, EDQUOT = 122, ECANCELED = 125

  // Not for the guest: a signal is to be delivered, and then the call fails with EINTR or begins again (the kernel's numbers).
  /// Again with SA_RESTART.
  case ERESTARTSYS = 512
  /// Always again.
  case ERESTARTNOINTR
  /// Never again, once a handler ran.
  case ERESTARTNOHAND
  /// The simulator is to pause; the guest makes its call again after that.
  case paused = 1000
  /// Nothing can ever end what the program waits for.
  case deadlock

  /// Whether the call begins again unless a handler runs.
  var restarts: Bool { (512...514).contains(rawValue) }

  /// What the host says in `errno`; an error that Linux does not know is an input/output error.
  init(host: Int32) {
    #if os(Linux)
      self = LinuxError(rawValue: Int(host)) ?? .EIO
    #else
      self = hostErrors.first { $0.host == host }?.linux ?? .EIO
    #endif
  }

  /// What goes to a0.
  var result: UInt64 { UInt64(bitPattern: Int64(-rawValue)) }
}

#if !os(Linux)
  private let hostErrors: [(host: Int32, linux: LinuxError)] = [
    (EPERM, .EPERM), (ENOENT, .ENOENT), (ESRCH, .ESRCH), (EINTR, .EINTR), (EIO, .EIO), (ENXIO, .ENXIO), (E2BIG, .E2BIG),
    (ENOEXEC, .ENOEXEC), (EBADF, .EBADF), (ECHILD, .ECHILD), (EAGAIN, .EAGAIN), (ENOMEM, .ENOMEM), (EACCES, .EACCES),
    (EFAULT, .EFAULT), (ENOTBLK, .ENOTBLK), (EBUSY, .EBUSY), (EEXIST, .EEXIST), (EXDEV, .EXDEV), (ENODEV, .ENODEV),
    (ENOTDIR, .ENOTDIR), (EISDIR, .EISDIR), (EINVAL, .EINVAL), (ENFILE, .ENFILE), (EMFILE, .EMFILE), (ENOTTY, .ENOTTY),
    (ETXTBSY, .ETXTBSY), (EFBIG, .EFBIG), (ENOSPC, .ENOSPC), (ESPIPE, .ESPIPE), (EROFS, .EROFS), (EMLINK, .EMLINK),
    (EPIPE, .EPIPE), (EDOM, .EDOM), (ERANGE, .ERANGE), (EDEADLK, .EDEADLK), (ENAMETOOLONG, .ENAMETOOLONG), (ENOLCK, .ENOLCK),
    (ENOSYS, .ENOSYS), (ENOTEMPTY, .ENOTEMPTY), (ELOOP, .ELOOP), (EOVERFLOW, .EOVERFLOW), (EOPNOTSUPP, .EOPNOTSUPP),
    (ETIMEDOUT, .ETIMEDOUT), (EDQUOT, .EDQUOT),
  ]
#endif
