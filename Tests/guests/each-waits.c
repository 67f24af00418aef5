// The calls that wait, tell the time, signal, and those about sockets: see each.h.
#include "each.h"
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/un.h>
static char b[8192];
static volatile int count, value, code;
static void plain(int n) { count++; }
static void info(int n, siginfo_t *i, void *c) { count++; code = i->si_code; value = i->si_value.sival_int; }
static void install(int n, void *h, int flags) { struct sigaction a = {.sa_handler = h, .sa_flags = flags}; sigaction(n, &a, 0); }
int main(void) {
  start();
  struct timespec no = {0, 0}, soon = {0, 1000000}, wrong = {0, 1000000000}, negative = {-1, 0}, t, long_ = {50, 0};
  unsigned long none = 0, usr1 = 1UL << (SIGUSR1 - 1), usr2 = 1UL << (SIGUSR2 - 1), old, all = -1UL; int p[2], fd, n, me = getpid();
  pipe(p); fd = open("f", O_RDWR | O_CREAT, 0600);
  // Events
  uint64_t v = 3; int ef = OK(eventfd2, "good", 5, EFD_NONBLOCK | EFD_CLOEXEC); IS(eventfd2, "flags", 0, 0x1000000);
  IS(read, "event short", ef, b, 4L); IS(read, "event", ef, &v, 8L); printf("%d\n", (int)v); IS(read, "no event", ef, &v, 8L);
  v = -1UL; IS(write, "event too large", ef, &v, 8L); v = 1;
  int ep = OK(epoll_create1, "good", 0); IS(epoll_create1, "flags", 1);
  struct epoll_event e = {EPOLLIN, {.u32 = 77}}, out[3];
  IS(epoll_ctl, "add", ep, EPOLL_CTL_ADD, p[0], &e); IS(epoll_ctl, "what", ep, 77, p[0], &e);
  IS(epoll_ctl, "change nothing", ep, EPOLL_CTL_MOD, ef, &e); IS(epoll_ctl, "file", ep, EPOLL_CTL_ADD, fd, &e);
  IS(epoll_ctl, "nobody's", ep, EPOLL_CTL_ADD, NOFD, &e); IS(epoll_ctl, "no set", p[0], EPOLL_CTL_ADD, ef, &e);
  IS(epoll_ctl, "itself", ep, EPOLL_CTL_ADD, ep, &e); IS(epoll_ctl, "wild", ep, EPOLL_CTL_ADD, ef, BAD);
  IS(epoll_pwait, "nothing", ep, out, 3, 0, 0L, 8L); IS(epoll_pwait, "room", ep, out, 0, 0, 0L, 8L);
  IS(epoll_pwait, "nobody's", NOFD, out, 3, 0, 0L, 8L); IS(epoll_pwait, "no set", fd, out, 3, 0, 0L, 8L);
  IS(epoll_pwait, "size of the mask", ep, out, 3, 0, &none, 4L); IS(epoll_pwait2, "nothing", ep, out, 3, &soon, 0L, 8L);
  IS(epoll_pwait2, "time", ep, out, 3, &wrong, 0L, 8L); IS(epoll_pwait2, "wild time", ep, out, 3, BAD, 0L, 8L);
  write(p[1], "x", 1); IS(epoll_pwait, "ready", ep, out, 3, -1, &none, 8L); printf("%x %u\n", out[0].events, out[0].data.u32);
  IS(epoll_pwait2, "ready", ep, out, 3, 0L, &none, 8L); IS(epoll_pwait, "wild", ep, BAD, 3, 0, 0L, 8L);
  // Descriptors
  struct pollfd f[3] = {{p[0], POLLIN}, {NOFD, POLLIN}, {-1, POLLIN}};
  IS(ppoll, "ready", f, 3L, &no, 0L, 8L); printf("%x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
  read(p[0], b, 1); IS(ppoll, "nothing", f, 1L, &soon, &none, 8L); IS(ppoll, "time", f, 1L, &wrong, 0L, 8L);
  IS(ppoll, "negative time", f, 1L, &negative, 0L, 8L); IS(ppoll, "wild", BAD, 1L, &no, 0L, 8L);
  IS(ppoll, "size of the mask", f, 1L, &no, &none, 4L); IS(ppoll, "wild mask", f, 1L, &no, BAD, 8L);
  IS(ppoll, "none", 0L, 0L, &no, 0L, 8L); IS(ppoll, "too many", f, 1UL << 40, &no, 0L, 8L);
  fd_set r; FD_ZERO(&r); FD_SET(p[0], &r); struct { void *mask; size_t size; } pair = {&none, 8}, bad = {&none, 4};
  IS(pselect6, "nothing", p[0] + 1, &r, 0L, 0L, &soon, &pair); FD_SET(p[1], &r); IS(pselect6, "ready", p[1] + 1, 0L, &r, 0L, &no, 0L);
  printf("%d %d\n", FD_ISSET(p[0], &r) != 0, FD_ISSET(p[1], &r) != 0); IS(pselect6, "time", 0, 0L, 0L, 0L, &wrong, 0L);
  IS(pselect6, "negative", -1, 0L, 0L, 0L, &no, 0L); IS(pselect6, "wild", 1, BAD, 0L, 0L, &no, 0L);
  IS(pselect6, "size of the mask", 0, 0L, 0L, 0L, &no, &bad); FD_ZERO(&r); FD_SET(50, &r);
  IS(pselect6, "nobody's", 51, &r, 0L, 0L, &no, 0L);
  // Time
  IS(nanosleep, "good", &soon, 0L); IS(nanosleep, "time", &wrong, 0L); IS(nanosleep, "negative", &negative, 0L);
  IS(nanosleep, "wild", BAD, 0L); IS(clock_nanosleep, "good", CLOCK_MONOTONIC, 0, &soon, 0L);
  IS(clock_nanosleep, "clock", 77, 0, &soon, 0L); IS(clock_nanosleep, "time", 0, 0, &wrong, 0L);
  IS(clock_nanosleep, "the past", 0, TIMER_ABSTIME, &soon, 0L); IS(clock_nanosleep, "own thread's", CLOCK_THREAD_CPUTIME_ID, 0, &soon, 0L);
  IS(clock_gettime, "good", CLOCK_REALTIME, &t); IS(clock_gettime, "clock", 77, &t); IS(clock_gettime, "wild", 0, BAD);
  IS(clock_getres, "good", CLOCK_MONOTONIC, &t); IS(clock_getres, "clock", 77, &t); IS(clock_getres, "wild", 0, BAD);
  IS(clock_getres, "none", 0, 0L); struct timeval tv; struct timezone tz;
  IS(gettimeofday, "good", &tv, &tz); IS(gettimeofday, "wild", BAD, 0L); IS(gettimeofday, "nothing", 0L, 0L);
  struct tms tms; struct rusage ru; OK(times, "good", &tms); OK(times, "nothing", 0L); IS(times, "wild", BAD);
  IS(getrusage, "good", RUSAGE_SELF, &ru); IS(getrusage, "who", 77, &ru); IS(getrusage, "wild", RUSAGE_SELF, BAD);
  struct itimerval iv = {{0, 0}, {100, 0}}, io, iw = {{0, 0}, {0, 1000000}};
  IS(setitimer, "good", ITIMER_REAL, &iv, 0L); IS(setitimer, "which", 77, &iv, 0L); IS(setitimer, "time", ITIMER_REAL, &iw, 0L);
  IS(setitimer, "wild", ITIMER_REAL, BAD, 0L); IS(getitimer, "good", ITIMER_REAL, &io); printf("%d\n", io.it_value.tv_sec > 98);
  IS(getitimer, "which", 77, &io); IS(getitimer, "wild", ITIMER_REAL, BAD); IS(setitimer, "off", ITIMER_REAL, 0L, 0L);
  struct sigevent se = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1}, sb = {.sigev_notify = 77}; int timer;
  struct itimerspec is = {{0, 0}, {100, 0}}, os, ws = {{0, 0}, {0, 1000000000}};
  IS(timer_create, "good", CLOCK_MONOTONIC, &se, &timer); IS(timer_create, "clock", 77, &se, &timer);
  IS(timer_create, "event", 0, &sb, &timer); IS(timer_create, "wild", 0, &se, BAD); IS(timer_settime, "good", timer, 0, &is, 0L);
  IS(timer_settime, "time", timer, 0, &ws, 0L); IS(timer_settime, "nobody's", 99, 0, &is, 0L); IS(timer_settime, "none", timer, 0, 0L, 0L);
  IS(timer_gettime, "good", timer, &os); printf("%d\n", os.it_value.tv_sec > 98); IS(timer_gettime, "nobody's", 99, &os);
  IS(timer_gettime, "wild", timer, BAD); IS(timer_getoverrun, "good", timer); IS(timer_getoverrun, "nobody's", 99);
  IS(timer_delete, "good", timer); IS(timer_delete, "again", timer);
  int tf = OK(timerfd_create, "good", CLOCK_MONOTONIC, TFD_NONBLOCK); IS(timerfd_create, "clock", 77, 0);
  IS(timerfd_create, "flags", CLOCK_MONOTONIC, 1); IS(timerfd_settime, "good", tf, 0, &is, &os);
  IS(timerfd_settime, "flags", tf, 77, &is, 0L); IS(timerfd_settime, "time", tf, 0, &ws, 0L);
  IS(timerfd_settime, "no timer", fd, 0, &is, 0L); IS(timerfd_settime, "nobody's", NOFD, 0, &is, 0L);
  IS(timerfd_gettime, "good", tf, &os); printf("%d\n", os.it_value.tv_sec > 98); IS(timerfd_gettime, "wild", tf, BAD);
  IS(timerfd_gettime, "no timer", fd, &os); IS(timerfd_gettime, "nobody's", NOFD, &os); IS(read, "timer", tf, &v, 8L);
  int word = 5; IS(futex, "another value", &word, FUTEX_WAIT, 4, &soon, 0L, 0L); IS(futex, "time is up", &word, FUTEX_WAIT, 5, &soon, 0L, 0L);
  IS(futex, "time", &word, FUTEX_WAIT, 5, &wrong, 0L, 0L); IS(futex, "wake", &word, FUTEX_WAKE, 1, 0L, 0L, 0L);
  IS(futex, "no such", &word, 77, 1, 0L, 0L, 0L); IS(futex, "crooked", (char *)&word + 1, FUTEX_WAKE, 1, 0L, 0L, 0L);
  IS(futex, "wild", BAD, FUTEX_WAIT, 1, 0L, 0L, 0L);
  IS(futex, "bits, the past", &word, FUTEX_WAIT_BITSET, 5, &soon, 0L, -1L); IS(futex, "no bits", &word, FUTEX_WAIT_BITSET, 5, &soon, 0L, 0L);
  IS(futex, "wake no bits", &word, FUTEX_WAKE_BITSET, 1, 0L, 0L, 0L);
  // Signals
  install(SIGUSR1, info, SA_SIGINFO); install(SIGUSR2, plain, 0);
  IS(kill, "good", me, SIGUSR2); IS(kill, "none", me, 0); IS(kill, "signal", me, 65); IS(kill, "negative", me, -1);
  IS(tkill, "good", me, SIGUSR2); IS(tkill, "nobody", -1, 0); IS(tkill, "signal", me, 65); IS(tgkill, "good", me, me, SIGUSR2);
  IS(tgkill, "nobody", me, -1, 0); IS(tgkill, "signal", me, me, 65); printf("%d\n", count);
  siginfo_t si = {0}, got; si.si_code = SI_QUEUE; si.si_pid = me; si.si_uid = getuid(); si.si_value.sival_int = 4711;
  IS(rt_sigqueueinfo, "good", me, SIGUSR1, &si); printf("%d %d\n", value, code); IS(rt_sigqueueinfo, "wild", me, SIGUSR1, BAD);
  IS(rt_sigqueueinfo, "signal", me, 65, &si); IS(rt_sigqueueinfo, "none", me, 0, &si); si.si_code = -60;
  IS(rt_tgsigqueueinfo, "own code", me, me, SIGUSR1, &si); printf("%d %d\n", value, code); si.si_code = SI_USER;
  IS(rt_tgsigqueueinfo, "as if by kill, to oneself", me, me, SIGUSR1, &si); si.si_code = SI_QUEUE;
  IS(rt_tgsigqueueinfo, "nobody", me, -1, SIGUSR1, &si); IS(rt_tgsigqueueinfo, "signal", me, me, 65, &si);
  IS(rt_tgsigqueueinfo, "wild", me, me, SIGUSR1, BAD); si.si_code = SI_USER;
  IS(rt_sigqueueinfo, "as if by kill, to another", getppid(), 0, &si); si.si_code = SI_QUEUE;
  IS(rt_sigprocmask, "block", SIG_BLOCK, &usr1, &old, 8L); printf("%lx\n", old); IS(rt_sigprocmask, "how", 77, &usr1, 0L, 8L);
  IS(rt_sigprocmask, "size", SIG_BLOCK, &usr1, 0L, 4L); IS(rt_sigprocmask, "wild", SIG_BLOCK, BAD, 0L, 8L);
  IS(rt_sigprocmask, "how without a set", 77, 0L, &old, 8L); printf("%lx\n", old); IS(rt_sigpending, "nothing", &old, 8L); printf("%lx\n", old);
  IS(rt_sigtimedwait, "time is up", &usr1, &got, &soon, 8L); IS(rt_sigtimedwait, "time", &usr1, &got, &wrong, 8L);
  IS(rt_sigtimedwait, "size", &usr1, &got, &no, 4L); IS(rt_sigtimedwait, "wild", BAD, &got, &no, 8L);
  si.si_value.sival_int = 12; IS(rt_sigqueueinfo, "blocked", me, SIGUSR1, &si); IS(rt_sigpending, "one", &old, 8L); printf("%lx\n", old);
  IS(rt_sigpending, "size", &old, 16L); IS(rt_sigpending, "wild", BAD, 8L);
  IS(rt_sigtimedwait, "takes it", &usr1, &got, &long_, 8L); printf("%d %d\n", got.si_code, got.si_value.sival_int);
  IS(rt_sigtimedwait, "nothing left", &usr1, 0L, &no, 8L); kill(me, SIGUSR1); IS(rt_sigsuspend, "interrupted", &none, 8L);
  IS(rt_sigsuspend, "size", &none, 4L); IS(rt_sigsuspend, "wild", BAD, 8L); IS(rt_sigprocmask, "as before", SIG_SETMASK, &none, &old, 8L);
  printf("%lx %d\n", old, code); IS(rt_sigaction, "size", SIGUSR1, 0L, b, 4L); IS(rt_sigaction, "asks", SIGUSR1, 0L, b, 8L);
  IS(rt_sigaction, "signal", 65, 0L, b, 8L); IS(rt_sigaction, "wild", SIGUSR1, BAD, 0L, 8L); IS(rt_sigaction, "SIGKILL asks", SIGKILL, 0L, b, 8L);
  IS(rt_sigaction, "SIGKILL", SIGKILL, b, 0L, 8L); stack_t ss = {.ss_sp = b, .ss_size = 8192}, was, tiny = {.ss_sp = b, .ss_size = 9};
  IS(sigaltstack, "good", &ss, &was); printf("%d\n", was.ss_flags); IS(sigaltstack, "size", &tiny, 0L); ss.ss_flags = 99;
  IS(sigaltstack, "flags", &ss, 0L); IS(sigaltstack, "wild", BAD, 0L); IS(sigaltstack, "wild old", 0L, BAD); ss.ss_flags = SS_DISABLE;
  IS(sigaltstack, "off", &ss, &was); printf("%d\n", (int)was.ss_size); IS(restart_syscall, "nothing to go on with");
  // Sockets
  int sv[2], opt = 1; socklen_t len = sizeof opt; IS(socketpair, "good", AF_UNIX, SOCK_STREAM, 0, sv); IS(socketpair, "family", 77, 1, 0, sv);
  IS(socketpair, "type", AF_UNIX, 77, 0, sv); IS(socketpair, "wild", AF_UNIX, SOCK_STREAM, 0, BAD); IS(socketpair, "protocol", AF_UNIX, 1, 77, sv);
  struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "s"}, from; socklen_t size = sizeof un;
  int ls = OK(socket, "good", AF_UNIX, SOCK_STREAM, 0), cs = socket(AF_UNIX, SOCK_STREAM, 0), ds = socket(AF_UNIX, SOCK_DGRAM, 0);
  IS(socket, "family", 77, 1, 0); IS(socket, "type", AF_UNIX, 77, 0); IS(socket, "protocol", AF_UNIX, SOCK_STREAM, 77);
  IS(bind, "good", ls, &un, size); IS(bind, "again", ls, &un, size); IS(bind, "taken", cs, &un, size); IS(bind, "nobody's", NOFD, &un, size);
  IS(bind, "no socket", fd, &un, size); IS(bind, "wild", cs, BAD, 20); IS(bind, "size", cs, &un, -1); IS(connect, "nobody listens", cs, &un, size);
  IS(listen, "good", ls, 3); IS(listen, "nobody's", NOFD, 1); IS(listen, "no socket", fd, 1); IS(listen, "datagrams", ds, 1);
  IS(connect, "good", cs, &un, size); IS(connect, "again", cs, &un, size); IS(connect, "nobody's", NOFD, &un, size);
  IS(connect, "no socket", fd, &un, size); IS(connect, "wild", ds, BAD, 20); IS(connect, "kind", ds, &un, size);
  int as = OK(accept, "good", ls, &from, &size); printf("%d\n", (int)size); IS(accept, "nobody's", NOFD, 0L, 0L);
  IS(accept, "no socket", fd, 0L, 0L); IS(accept, "does not listen", cs, 0L, 0L); fcntl(ls, F_SETFL, O_NONBLOCK);
  IS(accept, "would wait", ls, 0L, 0L); IS(accept4, "would wait", ls, 0L, 0L, 0); IS(accept4, "flags", ls, 0L, 0L, 77);
  size = sizeof from; IS(getsockname, "good", ls, &from, &size); printf("%d %d\n", size > 3, from.sun_family);
  IS(getsockname, "nobody's", NOFD, &from, &size); IS(getsockname, "no socket", fd, &from, &size); IS(getsockname, "wild size", ls, &from, BAD);
  size = -1; IS(getsockname, "size", ls, &from, &size); size = 1; IS(getsockname, "cut", ls, &from, &size); printf("%d\n", size > 3);
  size = sizeof from; IS(getpeername, "good", cs, &from, &size); IS(getpeername, "nobody there", ls, &from, &size);
  IS(getpeername, "nobody's", NOFD, &from, &size); size = 9; IS(getpeername, "wild", cs, BAD, &size);
  IS(sendto, "good", cs, "datum", 5L, 0, 0L, 0); IS(sendto, "wild", cs, BAD, 5L, 0, 0L, 0); IS(sendto, "no socket", fd, "x", 1L, 0, 0L, 0);
  IS(sendto, "nobody's", NOFD, "x", 1L, 0, 0L, 0); IS(sendto, "nobody there", ds, "x", 1L, 0, 0L, 0); IS(sendto, "connected", cs, "x", 1L, 0, &un, sizeof un);
  size = sizeof from; IS(recvfrom, "part", as, b, 3L, 0, &from, &size); printf("%.3s %d\n", b, (int)size);
  IS(recvfrom, "rest", as, b, 100L, MSG_DONTWAIT, 0L, 0L); IS(recvfrom, "nothing", as, b, 1L, MSG_DONTWAIT, 0L, 0L);
  IS(recvfrom, "no socket", fd, b, 1L, 0, 0L, 0L); IS(recvfrom, "nobody's", NOFD, b, 1L, 0, 0L, 0L); IS(recvfrom, "alone", ls, b, 1L, 0, 0L, 0L);
  struct iovec v2[2] = {{"ab", 2}, {"cd", 2}}; struct msghdr h = {.msg_iov = v2, .msg_iovlen = 2};
  IS(sendmsg, "good", cs, &h, 0); IS(sendmsg, "wild", cs, BAD, 0); IS(sendmsg, "no socket", fd, &h, 0); h.msg_iovlen = 2000;
  IS(sendmsg, "too many", cs, &h, 0); struct iovec v3[2] = {{b, 1}, {b + 9, 9}}; h.msg_iov = v3; h.msg_iovlen = 2;
  IS(recvmsg, "good", as, &h, 0); printf("%.1s %.3s\n", b, b + 9); IS(recvmsg, "nothing", as, &h, MSG_DONTWAIT); IS(recvmsg, "wild", as, BAD, 0);
  IS(recvmsg, "no socket", fd, &h, 0); IS(setsockopt, "good", cs, SOL_SOCKET, SO_KEEPALIVE, &opt, 4); IS(setsockopt, "name", cs, SOL_SOCKET, 4711, &opt, 4);
  IS(setsockopt, "size", cs, SOL_SOCKET, SO_KEEPALIVE, &opt, 1); IS(setsockopt, "wild", cs, SOL_SOCKET, SO_KEEPALIVE, BAD, 4);
  IS(setsockopt, "no socket", fd, SOL_SOCKET, SO_KEEPALIVE, &opt, 4); IS(getsockopt, "good", cs, SOL_SOCKET, SO_KEEPALIVE, &opt, &len);
  printf("%d %d\n", opt, (int)len); IS(getsockopt, "name", cs, SOL_SOCKET, 4711, &opt, &len); IS(getsockopt, "wild", cs, SOL_SOCKET, SO_TYPE, BAD, &len);
  IS(getsockopt, "level", cs, 4711, SO_TYPE, &opt, &len); IS(getsockopt, "no socket", fd, SOL_SOCKET, SO_TYPE, &opt, &len);
  IS(shutdown, "how", cs, 77); IS(shutdown, "good", cs, SHUT_WR); IS(shutdown, "alone", ls, SHUT_RD); IS(shutdown, "no socket", fd, SHUT_WR);
  IS(shutdown, "nobody's", NOFD, SHUT_WR); IS(recvfrom, "end", as, b, 1L, 0, 0L, 0L);
  unlink("s"); unlink("f");
  return 0;
}
