// signal(7): which calls a handler with SA_RESTART lets begin again, and which fail with EINTR all the same. A timer fires again and again;
// from the third time on its handler does what ends the wait.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/futex.h>

static volatile int count, feeds, to, from, locked, holder, word = 1;
static char b[1 << 17];
static struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "socket"};
static void feed(int n) {
  if (!feeds || ++count != 3) return;
  if (to) write(to, "12345678", 8);
  if (from) {
    // All of it: a socket that is half empty is not yet ready to a poll.
    read(from, b, sizeof b);
    while (recv(from, b, sizeof b, MSG_DONTWAIT) > 0) ;
  }
  if (locked) flock(locked, LOCK_UN);
  if (holder) kill(holder, SIGTERM);
  if (feeds == 2) open("fifo", O_RDWR | O_NONBLOCK);
  if (feeds == 3) connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&un, sizeof un);
  if (feeds == 4) word = 2;
}
static void timer(int milliseconds) {
  struct itimerval v = {{0, milliseconds * 1000}, {0, milliseconds * 1000}};
  setitimer(ITIMER_REAL, &v, 0);
}
static void begin(int flags, int how) {
  struct sigaction a = {.sa_handler = feed, .sa_flags = flags};
  sigaction(SIGALRM, &a, 0);
  count = 0;
  feeds = how;
  timer(3);
}
static void end(const char *what, long r) {
  int e = errno;
  timer(0);
  printf("%s%s %ld %d\n", what, feeds ? ", again" : "", r, r < 0 ? e : 0);
}
// Both ways: without SA_RESTART it fails, with it it goes on until it is fed.
#define BOTH_BY(how, what, call) for (int again = 0; again < 2; again++) { \
  begin(again ? SA_RESTART : 0, again ? how : 0); long r_ = (call); end(what, r_); }
#define BOTH(what, call) BOTH_BY(1, what, call)
// With SA_RESTART, and yet interrupted.
#define NEVER(what, call) { begin(SA_RESTART, 0); long r_ = (call); end(what, r_); }

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  sigset_t open_; sigemptyset(&open_); sigprocmask(SIG_SETMASK, &open_, 0);
  int p[2], q[2], sv[2], s; struct iovec v = {b, 4}; struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};
  pipe(p); pipe(q); socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
  to = p[1];
  BOTH("read", read(p[0], b, 8)); BOTH("readv", readv(p[0], &v, 1)); read(p[0], b, 4); to = sv[1];
  BOTH("recv", recv(sv[0], b, 8, 0)); BOTH("recvfrom", recvfrom(sv[0], b, 8, 0, 0, 0)); BOTH("recvmsg", recvmsg(sv[0], &h, 0));
  int ef = eventfd(0, 0); to = ef; BOTH("eventfd", read(ef, b, 8));
  // A file lock between two descriptions, a record lock between two processes.
  to = 0; int one = open("lock", O_RDWR | O_CREAT, 0600), two = open("lock", O_RDWR);
  flock(one, LOCK_EX); locked = one; BOTH("flock", flock(two, LOCK_EX)); locked = 0;
  struct flock l = {.l_type = F_WRLCK}; int ready[2]; pipe(ready);
  if (!(holder = fork())) { fcntl(one, F_SETLK, &l); write(ready[1], "x", 1); for (;;) pause(); }
  read(ready[0], b, 1); BOTH("F_SETLKW", fcntl(two, F_SETLKW, &l)); waitpid(holder, &s, 0);
  if (!(holder = fork())) for (;;) pause();
  BOTH("waitpid", waitpid(holder, &s, 0) > 0); 
  if (!(holder = fork())) for (;;) pause();
  siginfo_t i; BOTH("waitid", waitid(P_PID, holder, &i, WEXITED)); holder = 0;
  // A pipe and a socket that are full.
  to = 0; fcntl(q[1], F_SETFL, O_NONBLOCK); while (write(q[1], b, 4096) > 0) ; fcntl(q[1], F_SETFL, 0);
  from = q[0]; BOTH("write", write(q[1], b, 4096)); fcntl(sv[0], F_SETFL, O_NONBLOCK); while (write(sv[0], b, 4096) > 0) ;
  fcntl(sv[0], F_SETFL, 0); from = sv[1]; BOTH("send", send(sv[0], b, 4096, 0)); from = 0;
  mkfifo("fifo", 0600); BOTH_BY(2, "open", open("fifo", O_RDONLY) > 0 ? 1 : -1); int ls = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(ls, (void *)&un, sizeof un); listen(ls, 1); BOTH_BY(3, "accept", accept(ls, 0, 0) > 0 ? 1 : -1);
  BOTH_BY(4, "futex", syscall(SYS_futex, &word, FUTEX_WAIT, 1, 0, 0, 0));
  // Never again
  struct timespec t = {1000, 0}; struct pollfd f = {p[0], POLLIN}; sigset_t none, usr; sigemptyset(&none); sigemptyset(&usr);
  sigaddset(&usr, SIGUSR2); fd_set r; FD_ZERO(&r); FD_SET(p[0], &r); int ep = epoll_create1(0); struct epoll_event e;
  NEVER("pause", pause()); NEVER("sigsuspend", sigsuspend(&none)); NEVER("sigwaitinfo", syscall(SYS_rt_sigtimedwait, &usr, 0L, 0L, 8L));
  NEVER("sigtimedwait", sigtimedwait(&usr, 0, &t)); NEVER("poll", poll(&f, 1, -1)); NEVER("ppoll", ppoll(&f, 1, &t, &none));
  NEVER("select", select(p[0] + 1, &r, 0, 0, 0)); FD_SET(p[0], &r); NEVER("pselect", pselect(p[0] + 1, &r, 0, 0, &t, &none));
  NEVER("epoll_wait", epoll_wait(ep, &e, 1, -1)); NEVER("epoll_pwait", epoll_pwait(ep, &e, 1, 1000000, &none));
  NEVER("nanosleep", nanosleep(&t, 0)); NEVER("clock_nanosleep", -clock_nanosleep(CLOCK_MONOTONIC, 0, &t, 0));
  clock_gettime(CLOCK_MONOTONIC, &t); t.tv_sec += 1000; NEVER("abstime", -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0));
  word = 1; t.tv_sec = 1000; NEVER("futex with a time", syscall(SYS_futex, &word, FUTEX_WAIT, 1, &t, 0, 0));
  // The rest of the sleep is told.
  struct timespec rest = {0, 0}; word = 1; begin(0, 0); t.tv_sec = 1000; nanosleep(&t, &rest); timer(0); printf("rest %d\n", rest.tv_sec >= 990);
  unlink("lock"); unlink("fifo"); unlink("socket");
  return 0;
}
