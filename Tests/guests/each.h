// For the programs each-*.c: every system call made raw, with good and bad arguments, and a line about what it came to.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

// Newer than some C libraries' headers; the numbers are the same on every architecture.
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#if defined(__riscv) && !defined(SYS_riscv_hwprobe)
#define SYS_riscv_hwprobe 258
#define SYS_riscv_flush_icache 259
#endif
#ifndef SYS_mlock2
#define SYS_mlock2 284
#endif

// Nobody's memory, nobody's descriptor.
#define BAD ((void *)8)
#define NOFD 987

static void say(const char *name, const char *what, long result, int error) {
  if (result == -1) printf("%s, %s: error %d\n", name, what, error);
  else printf("%s, %s: %ld\n", name, what, result);
}
// A call whose result is the same everywhere, and one of which only the success is.
#define IS(name, what, ...) ({ long r_ = syscall(SYS_##name, ##__VA_ARGS__); say(#name, what, r_, errno); r_; })
#define OK(name, what, ...) ({ long r_ = syscall(SYS_##name, ##__VA_ARGS__); say(#name, what, r_ < 0 ? r_ : 0, errno); r_; })

// An ordinary user with one group, as the simulator's guest is: on the host nothing is called as root.
static void start(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  umask(022);
  // Whoever starts the program may have left something blocked or ignored.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  for (int n = 1; n < 65; n++) signal(n, SIG_DFL);
  if (getuid() == 0) {
    gid_t group = 1000;
    if (chmod(".", 0777) || setgroups(1, &group) || setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000)) exit(99);
  }
}
