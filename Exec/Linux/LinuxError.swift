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
  case EOVERFLOW = 75, EOPNOTSUPP = 95, ETIMEDOUT = 110, EDQUOT = 122
  /// Not for the guest: the call is to be made again once the simulator has paused (the kernel's own number).
  case ERESTARTSYS = 512

  /// What the host says in `errno`; an error that Linux does not know is an input/output error.
  init(host: Int32) {
    self = hostErrors.first { $0.host == host }?.linux ?? .EIO
  }

  /// What goes to a0.
  var result: UInt64 { UInt64(bitPattern: Int64(-rawValue)) }
}

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
