// Rules of signals that are the same on every machine: what is printed has to be what the host prints.
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/ucontext.h>
#include <time.h>
#include <unistd.h>
#include <fenv.h>

static volatile int count;
static void report(const char *what, long result) { int e = errno; printf("%s %ld %d\n", what, result, result < 0 ? e : 0); }
static volatile siginfo_t seen;
static sigjmp_buf back;
static volatile unsigned long seenpc;

static void plain(int n) { count++; printf("plain %d\n", n); }
static void info(int n, siginfo_t *i, void *c) {
  ucontext_t *u = c;
  count++;
  printf("info %d signo %d code %d errno %d", n, i->si_signo, i->si_code, i->si_errno);
  if (i->si_code <= 0) printf(" self %d uid %d", i->si_pid == getpid(), i->si_uid == getuid());
  if (i->si_code == SI_QUEUE) printf(" value %d", i->si_value.sival_int);
  printf(" mask %lx aligned %d between %d stack %d\n", *(unsigned long *)&u->uc_sigmask, (unsigned long)c % 16 == 0,
    sizeof(siginfo_t) == 128, u->uc_stack.ss_flags & ~SS_DISABLE);
}
static void install(int n, void *h, int flags) {
  struct sigaction a;
  memset(&a, 0, sizeof a);
  a.sa_handler = h;
  a.sa_flags = flags;
  if (sigaction(n, &a, 0)) printf("sigaction %d: %s\n", n, strerror(errno));
}
static void nested(int n) {
  printf("nested in %d\n", n);
  if (n == SIGUSR1) raise(SIGUSR2);
  if (count++ < 1) raise(n);
  printf("nested out %d\n", n);
}
static void pend(void) {
  sigset_t s;
  sigpending(&s);
  printf("pending %lx\n", *(unsigned long *)&s);
}
static void onstack(int n) {
  stack_t s;
  int local;
  sigaltstack(0, &s);
  printf("on stack %d flags %d inside %d\n", n, s.ss_flags, (char *)&local > (char *)s.ss_sp && (char *)&local < (char *)s.ss_sp + s.ss_size);
  stack_t other = {.ss_sp = malloc(65536), .ss_size = 65536};
  report("change on it", sigaltstack(&other, 0));
}
static void alarmed(int n) { count++; }
static int pipe_end;
static void writer(int n) { write(pipe_end, "x", 1); }
int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  sigset_t all, none, one, old;
  sigfillset(&all); sigemptyset(&none); sigprocmask(SIG_SETMASK, &none, 0); sigemptyset(&one); sigaddset(&one, SIGUSR1);
  // Sent to oneself.
  install(SIGUSR1, plain, 0);
  printf("raise %d\n", raise(SIGUSR1));
  install(SIGUSR1, info, SA_SIGINFO);
  kill(getpid(), SIGUSR1);
  raise(SIGUSR1);
  syscall(SYS_tkill, getpid(), SIGUSR1);
  union sigval v = {.sival_int = 1234};
  sigqueue(getpid(), SIGUSR1, v);
  siginfo_t own; memset(&own, 0, sizeof own);
  own.si_code = SI_QUEUE; own.si_pid = getpid(); own.si_uid = getuid(); own.si_value.sival_int = 5;
  printf("tgsigqueue %ld\n", syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &own));
  report("bad", kill(getpid(), 65)); report("test", kill(getpid(), 0)); report("bad", syscall(SYS_tgkill, -1, 1, 9));
  // Blocked: pending, ordinary ones once, real-time ones each, in order; lowest number first.
  install(SIGRTMIN, info, SA_SIGINFO); install(SIGRTMIN + 1, info, SA_SIGINFO); install(SIGUSR2, plain, 0);
  sigprocmask(SIG_BLOCK, &all, &old);
  for (int i = 0; i < 3; i++) {
    v.sival_int = i; sigqueue(getpid(), SIGRTMIN + 1, v); sigqueue(getpid(), SIGRTMIN, v); kill(getpid(), SIGUSR2);
    kill(getpid(), SIGUSR1);
  }
  pend();
  printf("unblock\n");
  sigprocmask(SIG_SETMASK, &old, 0);
  pend();
  // Ignoring drops what is pending; default-ignored ones too.
  sigprocmask(SIG_BLOCK, &all, 0);
  kill(getpid(), SIGUSR1); kill(getpid(), SIGCHLD); kill(getpid(), SIGWINCH);
  pend();
  install(SIGUSR1, SIG_IGN, 0); install(SIGCHLD, SIG_DFL, 0);
  pend();
  sigprocmask(SIG_SETMASK, &old, 0);
  pend();
  // Nesting, SA_NODEFER, sa_mask.
  count = 0; install(SIGUSR1, nested, 0); install(SIGUSR2, plain, 0); raise(SIGUSR1);
  count = 0; install(SIGUSR1, nested, SA_NODEFER); raise(SIGUSR1);
  struct sigaction a; memset(&a, 0, sizeof a); a.sa_handler = nested; sigfillset(&a.sa_mask); sigaction(SIGUSR1, &a, 0);
  count = 0; raise(SIGUSR1);
  // SA_RESETHAND.
  install(SIGUSR1, plain, SA_RESETHAND); raise(SIGUSR1);
  sigaction(SIGUSR1, 0, &a); printf("reset %d flags %x\n", a.sa_handler == SIG_DFL, a.sa_flags & ~0x04000000);
  report("kill cannot", sigaction(SIGKILL, &a, 0)); report("but", sigaction(SIGSTOP, 0, &a));
  // The alternate stack.
  stack_t s = {.ss_sp = malloc(65536), .ss_size = 65536}, before;
  printf("altstack %d", sigaltstack(&s, &before)); printf(" flags %d\n", before.ss_flags);
  install(SIGUSR1, onstack, SA_ONSTACK); raise(SIGUSR1);
  install(SIGUSR1, onstack, 0); raise(SIGUSR1);
  s.ss_size = 100; report("small", sigaltstack(&s, 0));
  s.ss_flags = 77; report("flags", sigaltstack(&s, 0));
  s.ss_flags = SS_DISABLE; sigaltstack(&s, 0); sigaltstack(0, &before);
  printf("disabled %d %d\n", before.ss_flags, (int)before.ss_size);
  // sigsuspend, sigtimedwait.
  install(SIGUSR1, plain, 0);
  sigprocmask(SIG_BLOCK, &one, 0); kill(getpid(), SIGUSR1);
  report("suspend", sigsuspend(&none));
  sigprocmask(SIG_SETMASK, 0, &old); printf("mask %lx\n", *(unsigned long *)&old);
  v.sival_int = 9; sigqueue(getpid(), SIGUSR1, v);
  siginfo_t w; memset(&w, 0, sizeof w);
  printf("wait %d", sigwaitinfo(&one, &w)); printf(" code %d value %d\n", w.si_code, w.si_value.sival_int);
  struct timespec t = {0, 2000000};
  report("timeout", sigtimedwait(&one, &w, &t));
  sigprocmask(SIG_SETMASK, &none, 0);
  // Timers, and what they interrupt.
  struct itimerval it = {{0, 0}, {0, 100000}}, io;
  install(SIGALRM, alarmed, 0); count = 0;
  setitimer(ITIMER_REAL, &it, 0);
  struct timespec longer = {5, 0}, rest = {0, 0};
  report("nanosleep", nanosleep(&longer, &rest)); printf("rest %ld count %d\n", (long)rest.tv_sec, count);
  setitimer(ITIMER_REAL, &it, 0);
  report("pause", pause());
  int p[2]; char c; pipe(p);
  setitimer(ITIMER_REAL, &it, 0);
  report("read", read(p[0], &c, 1));
  install(SIGALRM, writer, SA_RESTART);
  pipe_end = p[1];
  setitimer(ITIMER_REAL, &it, 0);
  report("read begins again", read(p[0], &c, 1));
  install(SIGALRM, alarmed, 0);
  it.it_value.tv_usec = it.it_interval.tv_usec = 1000; count = 0; setitimer(ITIMER_REAL, &it, 0);
  while (count < 5) ;
  getitimer(ITIMER_REAL, &io); printf("interval %d armed %d\n", (int)io.it_interval.tv_usec, io.it_value.tv_usec > 0);
  memset(&it, 0, sizeof it); setitimer(ITIMER_REAL, &it, &io); getitimer(ITIMER_REAL, &io);
  printf("off %d\n", (int)io.it_value.tv_usec);
  install(SIGVTALRM, alarmed, 0); count = 0; it.it_value.tv_usec = 1000; setitimer(ITIMER_VIRTUAL, &it, 0); while (!count) ;
  printf("alarm %d", alarm(100)); printf(" %d\n", alarm(0));
  struct sigevent e; memset(&e, 0, sizeof e); e.sigev_notify = SIGEV_SIGNAL; e.sigev_signo = SIGRTMIN;
  e.sigev_value.sival_int = 31;
  timer_t timer; printf("timer %d\n", timer_create(CLOCK_MONOTONIC, &e, &timer));
  struct itimerspec ts = {{0, 0}, {0, 1000000}}, to;
  sigprocmask(SIG_BLOCK, &all, 0);
  timer_settime(timer, 0, &ts, 0); nanosleep(&(struct timespec){0, 3000000}, 0);
  sigset_t rt; sigemptyset(&rt); sigaddset(&rt, SIGRTMIN);
  memset(&w, 0, sizeof w);
  printf("expired %d", sigwaitinfo(&rt, &w));
  printf(" code %d value %d overrun %d\n", w.si_code, w.si_value.sival_int, w.si_overrun);
  ts.it_interval.tv_nsec = 1000000;
  timer_settime(timer, 0, &ts, 0);
  nanosleep(&(struct timespec){0, 8000000}, 0);
  sigwaitinfo(&rt, &w);
  printf("overruns %d %d\n", w.si_overrun >= 3, timer_getoverrun(timer) == w.si_overrun);
  ts.it_value.tv_nsec = ts.it_interval.tv_nsec = 0;
  timer_settime(timer, 0, &ts, 0);
  timer_gettime(timer, &to); printf("left %ld\n", to.it_value.tv_nsec);
  printf("delete %d %d\n", timer_delete(timer), (int)syscall(SYS_timer_delete, 99));
  sigprocmask(SIG_SETMASK, &none, 0);
  printf("done\n");
  signal(SIGTERM, SIG_DFL);
  raise(SIGTERM);
  return 0;
}
