// A signal of another process arrives at any moment while this one is about to wait. It has to end each wait: one that is lost leaves
// the program asleep for ever, for nothing else would ever wake it. argv[1]: how many signals for each call.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <linux/futex.h>

// Between the two: how many signals were asked for, sent, and got.
static struct { volatile int asked, sent, over; } *both;
static volatile int got;
static int p[2], full[2], pieces[2], sv[2], ls, ep, ef, tf, locked, held, word = 1;
static char b[1 << 20];
static unsigned long none, usr1;

// With a mask of their own: the signal is blocked until the call opens it.
static int by_mask(int kind) {
  struct pollfd f = {p[0], POLLIN};
  struct { void *mask; size_t size; } pair = {&none, 8};
  struct epoll_event e;
  fd_set r;
  switch (kind) {
    case 0: return syscall(SYS_ppoll, &f, 1L, 0L, &none, 8L);
    case 1: return syscall(SYS_ppoll, 0L, 0L, 0L, &none, 8L);
    case 2: FD_ZERO(&r); FD_SET(p[0], &r); return syscall(SYS_pselect6, p[0] + 1, &r, 0L, 0L, 0L, &pair);
    case 3: return syscall(SYS_pselect6, 0, 0L, 0L, 0L, 0L, &pair);
    case 4: return syscall(SYS_epoll_pwait, ep, &e, 1, -1, &none, 8L);
    case 5: return syscall(SYS_rt_sigsuspend, &none, 8L);
    case 6: { siginfo_t i; int n = syscall(SYS_rt_sigtimedwait, &usr1, &i, 0L, 8L); if (n == SIGUSR1) { got++; errno = EINTR; return -1; } return n; }
    case 7: { struct timespec t = {100000, 0}; struct pollfd g = {sv[0], POLLIN}; return syscall(SYS_ppoll, &g, 1L, &t, &none, 8L); }
  }
  return -2;
}
// Without a mask of their own: when the signal comes before the ecall, the handler sees that by the pc, and the call is not made. So a
// signal that is lost is one that came when the simulator had begun the call and did not yet sleep.
long guarded(long a0, long a1, long a2, long a3, long a4, long a5, long number, volatile int *got);
extern char guard_begin[], guard_end[], guard_early[];
__asm__(
  ".text\n.balign 4\n.globl guarded, guard_begin, guard_end, guard_early\n"
  "guarded:\n mv t1, a7\n mv a7, a6\n"
  "guard_begin:\n lw t0, 0(t1)\n bnez t0, guard_early\n ecall\n"
  "guard_end:\n ret\n"
  "guard_early:\n li a0, -4\n ret\n");
static void handler(int n, siginfo_t *i, void *c) {
  unsigned long *pc = &((ucontext_t *)c)->uc_mcontext.__gregs[0];
  got++;
  if (*pc >= (unsigned long)guard_begin && *pc < (unsigned long)guard_end) *pc = (unsigned long)guard_early;
}
#define CALL(name, a, b, c, d, e, f) guarded((long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f), SYS_##name, &got)
static long plain(int kind) {
  struct timespec t = {100000, 0};
  struct pollfd f = {p[0], POLLIN};
  struct epoll_event e;
  struct flock l = {.l_type = F_WRLCK, .l_start = 0, .l_len = 1};
  struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "full"};
  unsigned long long v;
  fd_set r;
  long n;
  int s;
  FD_ZERO(&r);
  FD_SET(p[0], &r);
  switch (kind) {
    case 0: return CALL(read, p[0], b, 1, 0, 0, 0);
    case 1: return CALL(ppoll, &f, 1, 0, 0, 8, 0);
    case 2: return CALL(nanosleep, &t, 0, 0, 0, 0, 0);
    case 3: return CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, &t, 0, 0, 0);
    case 4: return CALL(futex, &word, FUTEX_WAIT, 1, &t, 0, 0);
    case 5: return CALL(futex, &word, FUTEX_WAIT, 1, 0, 0, 0);
    case 6: return CALL(epoll_pwait, ep, &e, 1, -1, 0, 8);
    case 7: return CALL(read, ef, &v, 8, 0, 0, 0);
    case 8: return CALL(pselect6, p[0] + 1, &r, 0, 0, 0, 0);
    case 9: return CALL(recvfrom, sv[0], b, 1, 0, 0, 0);
    case 10: return CALL(recvfrom, sv[0], b, 100, MSG_WAITALL, 0, 0);
    case 11: return CALL(accept, ls, 0, 0, 0, 0, 0);
    case 12: s = socket(AF_UNIX, SOCK_STREAM, 0); n = CALL(connect, s, &un, sizeof un, 0, 0, 0); close(s); return n;
    case 13: return CALL(wait4, -1, 0, 0, 0, 0, 0);
    case 14: return CALL(waitid, P_ALL, 0, 0, WEXITED, 0, 0);
    case 15: return CALL(flock, locked, LOCK_EX, 0, 0, 0, 0);
    case 16: return CALL(fcntl, held, F_SETLKW, &l, 0, 0, 0);
    case 17: return CALL(openat, AT_FDCWD, "fifo", O_RDONLY, 0, 0, 0);
    // What was written before the signal is told instead of it.
    case 18: n = CALL(write, full[1], b, sizeof b, 0, 0, 0); return n > 0 ? -EINTR : n;
    case 19: n = CALL(sendto, sv[1], b, sizeof b, 0, 0, 0); return n > 0 ? -EINTR : n;
    case 20: n = CALL(splice, pieces[0], 0, full[1], 0, 1, 0); return n == 1 ? -EINTR : n;
  }
  return 0;
}

// The other process: a signal for each that is asked for, after a time that differs.
static void sender(void) {
  unsigned seed = 1;
  int parent = getppid(), done = 0;
  while (!both->over) {
    if (both->asked == done) { sched_yield(); continue; }
    seed = seed * 1103515245 + 12345;
    // From nothing to some thousand instructions: before the call, in it, behind it.
    for (volatile unsigned i = seed >> 16 & (seed >> 28 ? 0xff : 0x1fff); i; i--) ;
    done++;
    if (kill(parent, SIGUSR1)) _exit(1);
    both->sent = done;
  }
  _exit(0);
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 100, pid, holder, s;
  usr1 = 1UL << (SIGUSR1 - 1);
  setvbuf(stdout, 0, _IONBF, 0);
  both = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pipe(p); pipe(full); pipe(pieces); write(pieces[1], b, 4096); socketpair(AF_UNIX, SOCK_STREAM, 0, sv); ep = epoll_create1(0); ef = eventfd(0, 0);
  struct epoll_event e = {EPOLLIN};
  epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e);
  struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "listens"};
  ls = socket(AF_UNIX, SOCK_STREAM, 0); bind(ls, (void *)&un, sizeof un); listen(ls, 1);
  strcpy(un.sun_path, "full"); s = socket(AF_UNIX, SOCK_STREAM, 0); bind(s, (void *)&un, sizeof un); listen(s, 0);
  connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&un, sizeof un);
  mkfifo("fifo", 0600);
  locked = open("lock", O_RDWR | O_CREAT, 0600); flock(locked, LOCK_EX); locked = open("lock", O_RDWR); held = open("held", O_RDWR | O_CREAT, 0600);
  struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &a, 0);
  sigset_t set; sigemptyset(&set); sigaddset(&set, SIGUSR1); sigprocmask(SIG_BLOCK, &set, 0);
  int ready[2]; pipe(ready);
  if (!(holder = fork())) {
    struct flock l = {.l_type = F_WRLCK, .l_start = 0, .l_len = 1};
    fcntl(held, F_SETLK, &l); write(ready[1], "x", 1); for (;;) pause();
  }
  read(ready[0], b, 1);
  if (!(pid = fork())) sender();
  for (int kind = 0; kind < 8; kind++) {
    int bad = 0;
    got = 0;
    for (int i = 1; i <= count; i++) {
      both->asked++;
      int r = by_mask(kind);
      if (r != -1 || errno != EINTR || got != i) bad++;
    }
    printf("mask %d: %d\n", kind, bad);
  }
  sigprocmask(SIG_UNBLOCK, &set, 0);
  for (int kind = 0; kind <= 20; kind++) {
    int bad = 0;
    for (int i = 1; i <= count; i++) {
      got = 0;
      both->asked++;
      bad += plain(kind) != -EINTR || got != 1;
    }
    printf("plain %d: %d\n", kind, bad);
  }
  both->over = 1;
  waitpid(pid, &s, 0);
  printf("sender %x\n", s);
  kill(holder, SIGKILL); waitpid(holder, &s, 0);
  unlink("fifo"); unlink("lock"); unlink("held"); unlink("listens"); unlink("full");
  return 0;
}
