/// The system calls that are served, by their numbers on riscv64 (asm-generic/unistd.h and arch/riscv).
// swift-format-ignore
enum Syscall: Int, CaseIterable {
  case setxattr = 5, lsetxattr = 6, fsetxattr = 7, getxattr = 8, lgetxattr = 9, fgetxattr = 10, listxattr = 11, llistxattr = 12
  case flistxattr = 13, removexattr = 14, lremovexattr = 15, fremovexattr = 16, getcwd = 17, eventfd2 = 19, epoll_create1 = 20
  case epoll_ctl = 21, epoll_pwait = 22, dup = 23, dup3 = 24, fcntl = 25, ioctl = 29, ioprio_set = 30, ioprio_get = 31, flock = 32
  case mknodat = 33, mkdirat = 34, unlinkat = 35, symlinkat = 36, linkat = 37, umount2 = 39, mount = 40, pivot_root = 41
  case statfs = 43, fstatfs = 44, truncate = 45, ftruncate = 46, fallocate = 47, faccessat = 48, chdir = 49, fchdir = 50
  case chroot = 51, fchmod = 52, fchmodat = 53, fchownat = 54, fchown = 55, openat = 56, close = 57, vhangup = 58, pipe2 = 59
  case getdents64 = 61, lseek = 62, read = 63, write = 64, readv = 65, writev = 66, pread64 = 67, pwrite64 = 68, preadv = 69
  case pwritev = 70, sendfile = 71, pselect6 = 72, ppoll = 73, splice = 76, readlinkat = 78, newfstatat = 79, fstat = 80
  case sync = 81, fsync = 82, fdatasync = 83, sync_file_range = 84, timerfd_create = 85, timerfd_settime = 86
  case timerfd_gettime = 87, utimensat = 88, acct = 89, capget = 90, capset = 91, personality = 92, exit = 93, exit_group = 94
  case waitid = 95, set_tid_address = 96, futex = 98, set_robust_list = 99, get_robust_list = 100, nanosleep = 101
  case getitimer = 102, setitimer = 103, timer_create = 107, timer_gettime = 108, timer_getoverrun = 109, timer_settime = 110
  case timer_delete = 111, clock_settime = 112, clock_gettime = 113, clock_getres = 114, clock_nanosleep = 115
  case sched_setparam = 118, sched_setscheduler = 119, sched_getscheduler = 120, sched_getparam = 121, sched_setaffinity = 122
  case sched_getaffinity = 123, sched_yield = 124, sched_get_priority_max = 125, sched_get_priority_min = 126
  case sched_rr_get_interval = 127, restart_syscall = 128, kill = 129, tkill = 130, tgkill = 131, sigaltstack = 132
  case rt_sigsuspend = 133, rt_sigaction = 134, rt_sigprocmask = 135, rt_sigpending = 136, rt_sigtimedwait = 137
  case rt_sigqueueinfo = 138, rt_sigreturn = 139, setpriority = 140, getpriority = 141, reboot = 142, setregid = 143, setgid = 144
  case setreuid = 145, setuid = 146, setresuid = 147, getresuid = 148, setresgid = 149, getresgid = 150, setfsuid = 151
  case setfsgid = 152, times = 153, setpgid = 154, getpgid = 155, getsid = 156, setsid = 157, getgroups = 158, setgroups = 159
  case uname = 160, sethostname = 161, setdomainname = 162, getrlimit = 163, setrlimit = 164, getrusage = 165, umask = 166
  case prctl = 167, getcpu = 168, gettimeofday = 169, settimeofday = 170, getpid = 172, getppid = 173, getuid = 174, geteuid = 175
  case getgid = 176, getegid = 177, gettid = 178, sysinfo = 179, socket = 198, socketpair = 199, bind = 200, listen = 201
  case accept = 202, connect = 203, getsockname = 204, getpeername = 205, sendto = 206, recvfrom = 207, setsockopt = 208
  case getsockopt = 209, shutdown = 210, sendmsg = 211, recvmsg = 212, readahead = 213, brk = 214, munmap = 215, mremap = 216
  case clone = 220, execve = 221, mmap = 222, fadvise64 = 223, swapon = 224, swapoff = 225, mprotect = 226, msync = 227
  case mlock = 228, munlock = 229, mlockall = 230, munlockall = 231, mincore = 232, madvise = 233, rt_tgsigqueueinfo = 240
  case accept4 = 242, riscv_hwprobe = 258, riscv_flush_icache = 259, wait4 = 260, prlimit64 = 261, syncfs = 267
  case sched_getattr = 275, renameat2 = 276, getrandom = 278, memfd_create = 279, execveat = 281, membarrier = 283, mlock2 = 284
  case copy_file_range = 285, preadv2 = 286, pwritev2 = 287, statx = 291, rseq = 293, clone3 = 435, close_range = 436
  case openat2 = 437, faccessat2 = 439, epoll_pwait2 = 441, fchmodat2 = 452

  /// The name of a call that is not served; `nil` when Linux has no such call either.
  static func name(of number: UInt64) -> String? {
    for line in unserved.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let word = words.first, let start = UInt64(word), number >= start else { continue }
      guard number - start < UInt64(words.count - 1) else { continue }
      return String(words[Int(number - start) + 1])
    }
    return nil
  }

  /// All calls that are not served, in runs of consecutive numbers, each behind its first number.
  private static let unserved = """
    0 io_setup io_destroy io_submit io_cancel io_getevents
    18 lookup_dcookie
    26 inotify_init1 inotify_add_watch inotify_rm_watch
    42 nfsservctl
    60 quotactl
    74 signalfd4 vmsplice
    77 tee
    97 unshare
    104 kexec_load init_module delete_module
    116 syslog ptrace
    171 adjtimex
    180 mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr msgget msgctl msgrcv msgsnd semget semctl
    192 semtimedop semop shmget shmctl shmat shmdt
    217 add_key request_key keyctl
    234 remap_file_pages mbind get_mempolicy set_mempolicy migrate_pages move_pages
    241 perf_event_open
    243 recvmmsg
    262 fanotify_init fanotify_mark name_to_handle_at open_by_handle_at clock_adjtime
    268 setns sendmmsg process_vm_readv process_vm_writev kcmp finit_module sched_setattr
    277 seccomp
    280 bpf
    282 userfaultfd
    288 pkey_mprotect pkey_alloc pkey_free
    292 io_pgetevents
    294 kexec_file_load
    424 pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick
    434 pidfd_open
    438 pidfd_getfd
    440 process_madvise
    442 mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self memfd_secret process_mrelease
    449 futex_waitv set_mempolicy_home_node cachestat
    453 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr
    461 lsm_list_modules mseal
    """
}
