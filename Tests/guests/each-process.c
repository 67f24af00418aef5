// The calls about memory, the process, who it is and how it is scheduled: see each.h.
#include "each.h"
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
static char b[8192], *self;
// Of a child: how it ended.
static void ended(const char *what, int pid) {
  int s = -1;
  printf("%s: waited %d, ", what, waitpid(pid, &s, 0) == pid);
  printf("status %x\n", s);
}
int main(int argc, char **argv) {
  if (argc > 1) {
    setvbuf(stdout, 0, _IONBF, 0);
    printf("executed: %d %s %s\n", argc, argv[1], getenv("V") ? getenv("V") : "-");
    return 7;
  }
  start();
  self = argv[0];
  int me = getpid(), s, pid; uid_t uid = getuid(), u1, u2, u3; gid_t gid = getgid();
  int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
  ftruncate(fd, 8192);
  // Memory
  char *m = (char *)syscall(SYS_mmap, 0L, 16384L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
  IS(mmap, "no length", 0L, 0L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L); IS(mmap, "kind", 0L, 4096L, PROT_READ, MAP_ANONYMOUS, -1, 0L);
  IS(mmap, "nobody's", 0L, 4096L, PROT_READ, MAP_PRIVATE, NOFD, 0L); IS(mmap, "crooked offset", 0L, 4096L, PROT_READ, MAP_PRIVATE, fd, 77L);
  IS(mmap, "crooked address", 4097L, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0L);
  IS(mmap, "huge", 0L, 1L << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
  OK(mmap, "file", 0L, 4096L, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096L);
  IS(mmap, "over another", m, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0L);
  IS(mprotect, "good", m, 4096L, PROT_READ); IS(mprotect, "crooked", m + 1, 4096L, PROT_READ); IS(mprotect, "nothing there", 4096L, 4096L, PROT_READ);
  IS(mprotect, "no length", m, 0L, PROT_READ); IS(mprotect, "rights", m, 4096L, 0x100000); IS(mprotect, "back", m, 4096L, PROT_READ | PROT_WRITE);
  IS(madvise, "good", m, 4096L, MADV_NORMAL); IS(madvise, "crooked", m + 1, 4096L, MADV_NORMAL); IS(madvise, "advice", m, 4096L, 4711);
  IS(madvise, "nothing there", 4096L, 4096L, MADV_NORMAL); IS(msync, "good", m, 4096L, MS_ASYNC); IS(msync, "crooked", m + 1, 4096L, MS_SYNC);
  IS(msync, "flags", m, 4096L, MS_SYNC | MS_ASYNC); IS(msync, "nothing there", 4096L, 4096L, MS_SYNC);
  IS(mincore, "good", m, 4096L, b); IS(mincore, "crooked", m + 1, 4096L, b); IS(mincore, "nothing there", 4096L, 4096L, b);
  m[0] = 1; IS(mincore, "wild", m, 4096L, BAD); IS(mlock, "good", m, 4096L); IS(mlock, "nothing there", 4096L, 4096L);
  IS(munlock, "good", m, 4096L); IS(munlock, "nothing there", 4096L, 4096L); IS(mlock2, "good", m, 4096L, 1); IS(mlock2, "flags", m, 4096L, 77);
  IS(mlock2, "nothing there", 4096L, 4096L, 0); IS(munlockall, "good"); IS(mlockall, "flags", 0); IS(mlockall, "more flags", 77);
  printf("mremap %d\n", syscall(SYS_mremap, m, 16384L, 8192L, 0) == (long)m); IS(mremap, "crooked", m + 1, 4096L, 4096L, 0); IS(mremap, "flags", m, 4096L, 4096L, 77);
  IS(mremap, "no length", m, 4096L, 0L, 0); IS(mremap, "nothing there", 4096L, 4096L, 8192L, MREMAP_MAYMOVE);
  OK(mremap, "larger", m, 8192L, 1L << 20, MREMAP_MAYMOVE); IS(munmap, "crooked", 4097L, 4096L); IS(munmap, "no length", 4096L, 0L);
  IS(munmap, "nothing there", 4096L, 4096L); long top = syscall(SYS_brk, 0L);
  long first = syscall(SYS_brk, top + 8192), second = syscall(SYS_brk, -1L);
  printf("brk %d %d %d\n", top > 0, first == top + 8192, second == first);
  // Who it is
  printf("ids %d %d %d %d\n", syscall(SYS_getuid) == uid, syscall(SYS_geteuid) == uid, syscall(SYS_getgid) == gid, syscall(SYS_getegid) == gid);
  printf("ids %d %d %d\n", syscall(SYS_getpid) == me, syscall(SYS_gettid) == me, syscall(SYS_getppid) == getppid());
  IS(getresuid, "good", &u1, &u2, &u3); printf("%d\n", u1 == uid && u2 == uid && u3 == uid); IS(getresuid, "wild", BAD, &u2, &u3);
  IS(getresgid, "good", &u1, &u2, &u3); printf("%d\n", u1 == gid && u2 == gid && u3 == gid); IS(getresgid, "wild", &u1, &u2, BAD);
  IS(setuid, "own", uid); IS(setuid, "root", 0); IS(setuid, "none", -1); IS(setgid, "own", gid); IS(setgid, "root", 0); IS(setgid, "none", -1);
  IS(setreuid, "own", uid, -1); IS(setreuid, "root", -1, 0); IS(setregid, "own", -1, gid); IS(setregid, "root", 0, -1);
  IS(setresuid, "own", uid, uid, -1); IS(setresuid, "root", -1, -1, 0); IS(setresgid, "own", -1, gid, gid); IS(setresgid, "root", 0, -1, -1);
  printf("fsuid %d %d\n", syscall(SYS_setfsuid, uid) == uid, syscall(SYS_setfsuid, 0) == uid);
  printf("fsuid %d %d %d\n", syscall(SYS_setfsuid, -1) == uid, syscall(SYS_setfsgid, 0) == gid, syscall(SYS_setfsgid, -1) == gid);
  IS(getgroups, "how many", 0, 0L); IS(getgroups, "good", 10, b); IS(getgroups, "negative", -1, b); IS(getgroups, "wild", 10, BAD);
  printf("groups %d %d\n", syscall(SYS_getpgid, 0) == getpgrp(), syscall(SYS_getsid, 0) == getsid(0));
  IS(getpgid, "nobody", 0x3ffffff); IS(getpgid, "negative", -1); IS(getsid, "nobody", 0x3ffffff); IS(setpgid, "negative", 0, -1);
  IS(setpgid, "nobody", 0x3ffffff, 0); struct __user_cap_header_struct ch = {_LINUX_CAPABILITY_VERSION_3, 0}; struct __user_cap_data_struct cd[2];
  IS(capget, "good", &ch, cd); printf("%x %x\n", cd[0].effective, cd[1].permitted); IS(capset, "nothing", &ch, cd); cd[0].effective = 1;
  IS(capset, "more", &ch, cd); IS(capget, "wild", BAD, cd); IS(capget, "wild data", &ch, BAD); IS(capset, "wild", BAD, cd);
  ch.pid = 0x3ffffff; IS(capget, "nobody", &ch, cd); IS(capset, "nobody", &ch, cd); ch.pid = -1; IS(capget, "negative", &ch, cd);
  ch.pid = 0; ch.version = 4711; IS(capget, "version", &ch, cd); printf("%x\n", ch.version);
  // The machine and the process
  IS(uname, "good", b); printf("%s\n", b); IS(uname, "wild", BAD); IS(sysinfo, "good", b); IS(sysinfo, "wild", BAD);
  IS(getcpu, "good", &u1, &u2, 0L); IS(getcpu, "nothing", 0L, 0L, 0L); IS(getcpu, "wild", BAD, 0L, 0L);
  IS(getrandom, "good", b, 20L, 0); IS(getrandom, "flags", b, 1L, 77); IS(getrandom, "wild", BAD, 1L, 0); IS(getrandom, "none", BAD, 0L, 0);
  IS(personality, "asks", 0xffffffffL); struct rlimit rl = {10, 5}, old;
  IS(getrlimit, "good", RLIMIT_NOFILE, &old); IS(getrlimit, "which", 77, &old); IS(getrlimit, "wild", RLIMIT_NOFILE, BAD);
  IS(setrlimit, "order", RLIMIT_NOFILE, &rl); IS(setrlimit, "which", 77, &rl); IS(setrlimit, "wild", RLIMIT_NOFILE, BAD); rl.rlim_cur = 5;
  IS(setrlimit, "good", RLIMIT_CPU, &old); IS(prlimit64, "asks", 0, RLIMIT_NOFILE, 0L, &old); IS(prlimit64, "both", me, RLIMIT_NOFILE, &old, &rl);
  IS(prlimit64, "which", 0, 77, 0L, &old); IS(prlimit64, "nobody", 0x3ffffff, RLIMIT_NOFILE, 0L, &old); IS(prlimit64, "wild", 0, RLIMIT_NOFILE, BAD, 0L);
  IS(prctl, "set name", PR_SET_NAME, "a name longer than that"); IS(prctl, "get name", PR_GET_NAME, b); printf("%s\n", b);
  IS(prctl, "wild", PR_SET_NAME, BAD); IS(prctl, "what", 4711, 0L); IS(prctl, "dumpable", PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
  printf("tid %d\n", syscall(SYS_set_tid_address, 0L) == me); long list[3] = {0}, *head; size_t size;
  IS(set_robust_list, "good", list, 24L); IS(set_robust_list, "size", list, 23L); IS(get_robust_list, "good", 0, &head, &size);
  printf("%d %d\n", head == list, (int)size); IS(get_robust_list, "nobody", 0x3ffffff, &head, &size); IS(get_robust_list, "wild", 0, BAD, &size);
  syscall(SYS_set_robust_list, 0L, 24L);
  // Scheduling
  struct sched_param sp = {0}, high = {50}; unsigned long cpus[64] = {0}; struct timespec t; struct { unsigned v[14]; } attr;
  IS(sched_yield, "good"); IS(sched_getscheduler, "good", 0); IS(sched_getscheduler, "negative", -1); IS(sched_getscheduler, "nobody", 0x3ffffff);
  IS(sched_setscheduler, "ordinary", 0, SCHED_OTHER, &sp); IS(sched_setscheduler, "real time", 0, SCHED_FIFO, &high);
  IS(sched_setscheduler, "priority", 0, SCHED_OTHER, &high); IS(sched_setscheduler, "policy", 0, 77, &sp); IS(sched_setscheduler, "none", 0, 0, 0L);
  IS(sched_setscheduler, "wild", 0, 0, BAD); IS(sched_getparam, "good", 0, &sp); IS(sched_getparam, "none", 0, 0L); IS(sched_getparam, "wild", 0, BAD);
  IS(sched_getparam, "nobody", 0x3ffffff, &sp); IS(sched_setparam, "good", 0, &sp); IS(sched_setparam, "priority", 0, &high);
  IS(sched_setparam, "negative", -1, &sp); IS(sched_get_priority_max, "real time", SCHED_FIFO); IS(sched_get_priority_max, "policy", 77);
  IS(sched_get_priority_min, "real time", SCHED_RR); IS(sched_get_priority_min, "ordinary", SCHED_OTHER); IS(sched_get_priority_min, "policy", -1);
  OK(sched_rr_get_interval, "good", 0, &t); IS(sched_rr_get_interval, "negative", -1, &t); IS(sched_rr_get_interval, "nobody", 0x3ffffff, &t);
  IS(sched_rr_get_interval, "wild", 0, BAD); OK(sched_getaffinity, "good", 0, sizeof cpus, cpus); IS(sched_getaffinity, "size", 0, 7, cpus);
  IS(sched_getaffinity, "wild", 0, sizeof cpus, BAD); IS(sched_getaffinity, "nobody", 0x3ffffff, sizeof cpus, cpus);
  IS(sched_setaffinity, "as it is", 0, sizeof cpus, cpus); IS(sched_setaffinity, "wild", 0, sizeof cpus, BAD); memset(cpus, 0, sizeof cpus);
  IS(sched_setaffinity, "no processor", 0, sizeof cpus, cpus); IS(sched_getattr, "good", 0, &attr, 48, 0); printf("%u %u\n", attr.v[1], attr.v[5]);
  IS(sched_getattr, "size", 0, &attr, 9, 0); IS(sched_getattr, "flags", 0, &attr, 48, 1); IS(sched_getattr, "none", 0, 0L, 48, 0);
  IS(getpriority, "good", PRIO_PROCESS, 0); IS(getpriority, "kind", 77, 0); IS(getpriority, "nobody", PRIO_PROCESS, 0x3ffffff);
  IS(setpriority, "nicer", PRIO_PROCESS, 0, 5); IS(setpriority, "back", PRIO_PROCESS, 0, 0); IS(setpriority, "kind", 77, 0, 0);
  IS(setpriority, "nobody", PRIO_PROCESS, 0x3ffffff, 0); IS(getpriority, "after", PRIO_PROCESS, 0); IS(setpriority, "far", PRIO_PROCESS, 0, 100);
  IS(getpriority, "far", PRIO_PROCESS, 0); IS(ioprio_set, "idle", 1, 0, 3 << 13); IS(ioprio_get, "idle", 1, 0); IS(ioprio_set, "kind", 77, 0, 0);
  IS(ioprio_get, "kind", 77, 0); IS(ioprio_set, "class", 1, 0, 7 << 13); IS(ioprio_set, "real time", 1, 0, 1 << 13); IS(ioprio_get, "nobody", 1, 0x3ffffff);
  IS(ioprio_set, "level", 1, 0, 2 << 13 | 4); IS(ioprio_get, "level", 1, 0); IS(ioprio_set, "none", 1, 0, 0);
  // Barriers and RISC-V's own
  IS(membarrier, "unregistered", 8, 0, 0); IS(membarrier, "register", 16, 0, 0); IS(membarrier, "registered", 8, 0, 0);
  IS(membarrier, "command", 1 << 30, 0, 0); IS(membarrier, "flags", 0, 77, 0); OK(membarrier, "asks", 0, 0, 0);
  IS(rseq, "wild", BAD, 32, 0, 0);
#ifdef __riscv
  long pair[4] = {4, 0, -5, 9};
  IS(riscv_hwprobe, "good", pair, 2L, 0L, 0L, 0); printf("probe %ld %d %ld %ld\n", pair[0], (int)(pair[1] & 3), pair[2], pair[3]);
  IS(riscv_hwprobe, "wild", BAD, 1L, 0L, 0L, 0); IS(riscv_hwprobe, "flags", pair, 1L, 0L, 0L, 8); IS(riscv_flush_icache, "good", 0L, -1L, 0L);
  IS(riscv_flush_icache, "flags", 0L, 0L, 77L);
#endif
  // Children: their ends, and how they are waited for
  siginfo_t si; struct clone_args ca = {.exit_signal = SIGCHLD};
  if (!(pid = fork())) syscall(SYS_exit, 0x1234); ended("exit", pid);
  if (!(pid = fork())) syscall(SYS_exit_group, -1); ended("exit_group", pid);
  if (!(pid = syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L))) _exit(3); ended("clone", pid);
  IS(clone, "thread without memory", CLONE_THREAD, 0L, 0L, 0L, 0L); IS(clone, "handlers without memory", CLONE_SIGHAND, 0L, 0L, 0L, 0L);
  if (!(pid = syscall(SYS_clone3, &ca, sizeof ca))) _exit(4); ended("clone3", pid); IS(clone3, "size", &ca, 8L); IS(clone3, "large", &ca, 8192L);
  IS(clone3, "wild", BAD, sizeof ca); ca.exit_signal = 77; IS(clone3, "signal", &ca, sizeof ca); ca.exit_signal = SIGCHLD; ca.stack = 4096;
  IS(clone3, "stack without size", &ca, sizeof ca); IS(wait4, "nobody", -1, &s, 0, 0L); IS(wait4, "options", -1, &s, 0x40, 0L);
  IS(waitid, "nobody", P_ALL, 0, &si, WEXITED, 0L); IS(waitid, "no event", P_ALL, 0, &si, 0, 0L); IS(waitid, "kind", 77, 0, &si, WEXITED, 0L);
  IS(waitid, "negative", P_PID, -1, &si, WEXITED, 0L); if (!(pid = fork())) _exit(5);
  printf("wait4 %d\n", syscall(SYS_wait4, pid, &s, 0, b) == pid); printf("%x\n", s); if (!(pid = fork())) raise(SIGKILL);
  IS(waitid, "good", P_PID, pid, &si, WEXITED, 0L); printf("%d %d %d\n", si.si_code, si.si_status, si.si_pid == pid);
  if (!(pid = fork())) { long r = syscall(SYS_setsid); printf("session %d\n", r == getpid()); IS(setsid, "again"); _exit(0); } ended("setsid", pid);
  // Programs
  char *av[] = {self, "argument", 0}, *ev[] = {"V=value", 0}, *wild[] = {BAD, 0};
  IS(execve, "none", "none", av, ev); IS(execve, "wild", BAD, av, ev); IS(execve, "wild arguments", self, wild, ev); IS(execve, "no rights", "f", av, ev);
  IS(execve, "wild vector", self, BAD, ev); IS(execveat, "flags", AT_FDCWD, self, av, ev, 1); IS(execveat, "nobody's", NOFD, "x", av, ev, 0);
  IS(execveat, "empty name", AT_FDCWD, "", av, ev, 0); if (!(pid = fork())) { syscall(SYS_execve, self, av, ev); _exit(99); } ended("execve", pid);
  int program = open(self, O_RDONLY | O_CLOEXEC);
  if (!(pid = fork())) { syscall(SYS_execveat, program, "", av, ev, AT_EMPTY_PATH); _exit(99); } ended("execveat", pid);
  if (!(pid = fork())) { syscall(SYS_execveat, AT_FDCWD, self, av, 0L, 0); _exit(99); } ended("execveat without environment", pid);
  unlink("f");
  return 0;
}
