/// The system calls that are served, by their numbers on riscv64 (asm-generic/unistd.h and arch/riscv).
// swift-format-ignore
enum Syscall: Int, CaseIterable {
  case getcwd = 17, dup = 23, dup3 = 24, fcntl = 25, ioctl = 29, flock = 32, mkdirat = 34, unlinkat = 35, symlinkat = 36
  case linkat = 37, statfs = 43, fstatfs = 44, truncate = 45, ftruncate = 46, fallocate = 47, faccessat = 48, chdir = 49
  case fchdir = 50, fchmod = 52, fchmodat = 53, openat = 56, close = 57, getdents64 = 61, lseek = 62, read = 63, write = 64
  case readv = 65, writev = 66, pread64 = 67, pwrite64 = 68, preadv = 69, pwritev = 70, readlinkat = 78, newfstatat = 79
  case fstat = 80, sync = 81, fsync = 82, fdatasync = 83, personality = 92, exit = 93, exit_group = 94, set_tid_address = 96
  case futex = 98, set_robust_list = 99, get_robust_list = 100, nanosleep = 101, clock_gettime = 113, clock_getres = 114
  case clock_nanosleep = 115, sched_setaffinity = 122, sched_getaffinity = 123, sched_yield = 124, kill = 129, tkill = 130
  case tgkill = 131, sigaltstack = 132, rt_sigaction = 134, rt_sigprocmask = 135, rt_sigpending = 136, getresuid = 148
  case getresgid = 150, times = 153, getpgid = 155, getsid = 156, getgroups = 158, uname = 160, getrlimit = 163
  case setrlimit = 164, getrusage = 165, umask = 166, prctl = 167, getcpu = 168, gettimeofday = 169, getpid = 172
  case getppid = 173, getuid = 174, geteuid = 175, getgid = 176, getegid = 177, gettid = 178, sysinfo = 179, brk = 214
  case munmap = 215, mremap = 216, mmap = 222, fadvise64 = 223, mprotect = 226, msync = 227, mlock = 228, munlock = 229
  case mlockall = 230, munlockall = 231, mincore = 232, madvise = 233, riscv_hwprobe = 258, riscv_flush_icache = 259
  case wait4 = 260, prlimit64 = 261, renameat2 = 276, getrandom = 278, membarrier = 283, mlock2 = 284, statx = 291, rseq = 293
  case close_range = 436, faccessat2 = 439

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
    0 io_setup io_destroy io_submit io_cancel io_getevents setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr
    12 llistxattr flistxattr removexattr lremovexattr fremovexattr
    18 lookup_dcookie eventfd2 epoll_create1 epoll_ctl epoll_pwait
    26 inotify_init1 inotify_add_watch inotify_rm_watch
    30 ioprio_set ioprio_get
    33 mknodat
    39 umount2 mount pivot_root nfsservctl
    51 chroot
    54 fchownat fchown
    58 vhangup pipe2 quotactl
    71 sendfile pselect6 ppoll signalfd4 vmsplice splice tee
    84 sync_file_range timerfd_create timerfd_settime timerfd_gettime utimensat acct capget capset
    95 waitid
    97 unshare
    102 getitimer setitimer kexec_load init_module delete_module timer_create timer_gettime timer_getoverrun timer_settime
    111 timer_delete clock_settime
    116 syslog ptrace sched_setparam sched_setscheduler sched_getscheduler sched_getparam
    125 sched_get_priority_max sched_get_priority_min sched_rr_get_interval restart_syscall
    133 rt_sigsuspend
    137 rt_sigtimedwait rt_sigqueueinfo rt_sigreturn setpriority getpriority reboot setregid setgid setreuid setuid setresuid
    149 setresgid
    151 setfsuid setfsgid
    154 setpgid
    157 setsid
    159 setgroups
    161 sethostname setdomainname
    170 settimeofday adjtimex
    180 mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr msgget msgctl msgrcv msgsnd semget semctl
    192 semtimedop semop shmget shmctl shmat shmdt socket socketpair bind listen accept connect getsockname getpeername sendto
    207 recvfrom setsockopt getsockopt shutdown sendmsg recvmsg readahead
    217 add_key request_key keyctl clone execve
    224 swapon swapoff
    234 remap_file_pages mbind get_mempolicy set_mempolicy migrate_pages move_pages rt_tgsigqueueinfo perf_event_open accept4
    243 recvmmsg
    262 fanotify_init fanotify_mark name_to_handle_at open_by_handle_at clock_adjtime syncfs setns sendmmsg process_vm_readv
    271 process_vm_writev kcmp finit_module sched_setattr sched_getattr
    277 seccomp
    279 memfd_create bpf execveat userfaultfd
    285 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free
    292 io_pgetevents
    294 kexec_file_load
    424 pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick
    434 pidfd_open clone3
    437 openat2 pidfd_getfd
    440 process_madvise epoll_pwait2 mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule
    446 landlock_restrict_self memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2
    453 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr
    461 lsm_list_modules mseal
    """
}
