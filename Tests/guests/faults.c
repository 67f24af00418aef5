// Signals that instructions earn on RISC-V, and what handlers see and change.
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
static volatile siginfo_t seen;
static sigjmp_buf back;
static volatile unsigned long seenpc;

static void fault(int n, siginfo_t *i, void *c) {
  ucontext_t *u = c;
  printf("fault %d code %d address %lx pc-is-address %d\n", n, i->si_code,
    i->si_addr == (void *)u->uc_mcontext.__gregs[0] ? 0 : (unsigned long)i->si_addr, i->si_addr == (void *)u->uc_mcontext.__gregs[0]);
  seenpc = u->uc_mcontext.__gregs[0];
  siglongjmp(back, 1);
}
static void skip(int n, siginfo_t *i, void *c) {
  ucontext_t *u = c;
  u->uc_mcontext.__gregs[0] += 4;
  u->uc_mcontext.__gregs[10] = 77;
  u->uc_mcontext.__fpregs.__d.__f[10] = 0x4045000000000000;  // 42.0
}
static void install(int n, void *h, int flags) {
  struct sigaction a;
  memset(&a, 0, sizeof a);
  a.sa_handler = h;
  a.sa_flags = flags;
  if (sigaction(n, &a, 0)) printf("sigaction %d: %s\n", n, strerror(errno));
}
static void rounding(int n) { printf("in handler, rounding %d\n", fegetround()); fesetround(FE_TOWARDZERO); }

static void overflow(int n, siginfo_t *i, void *c) {
  ucontext_t *u = c;
  printf("overflow %d near the stack pointer %d\n", n, (unsigned long)i->si_addr - u->uc_mcontext.__gregs[2] < 8192);
  siglongjmp(back, 1);
}
__attribute__((noinline)) static int deep(int n) {
  volatile char room[1000];
  room[0] = n;
  return deep(n + 1) + room[0];
}

int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  sigset_t old; sigemptyset(&old); sigprocmask(SIG_SETMASK, &old, 0);
  // Faults.
  install(SIGSEGV, fault, SA_SIGINFO); install(SIGBUS, fault, SA_SIGINFO); install(SIGILL, fault, SA_SIGINFO);
  install(SIGTRAP, fault, SA_SIGINFO);
  char *page = mmap((void *)0x20000000, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  munmap(page + 4096, 4096);
  if (!sigsetjmp(back, 1)) *(volatile char *)(page + 5) = 1;
  if (!sigsetjmp(back, 1)) *(volatile char *)(page + 4096 + 7);
  if (!sigsetjmp(back, 1)) *(volatile char *)8 = 1;
  if (!sigsetjmp(back, 1)) ((void (*)(void))0x5000)();
  printf("pc %lx\n", seenpc);
  if (!sigsetjmp(back, 1)) ((void (*)(void))page)();
  if (!sigsetjmp(back, 1)) __asm__ volatile(".word 0");
  if (!sigsetjmp(back, 1)) __asm__ volatile("ebreak");
  sigprocmask(SIG_SETMASK, 0, &old); printf("mask %lx\n", *(unsigned long *)&old);
  // Dividing by zero is no fault, and floating-point exceptions are flags only: nothing is ever SIGFPE.
  install(SIGFPE, fault, SA_SIGINFO);
  { volatile long zero = 0; volatile double none = 0; long q, r; feclearexcept(FE_ALL_EXCEPT);
    __asm__ volatile("div %0, %2, %3\n rem %1, %2, %3" : "=&r"(q), "=&r"(r) : "r"(5L), "r"(zero));
    double infinite; __asm__ volatile("fdiv.d %0, %1, %2" : "=f"(infinite) : "f"(1.0), "f"(none)); printf("divided %ld %ld %g flags %x\n", q, r, infinite, fetestexcept(FE_ALL_EXCEPT)); feclearexcept(FE_ALL_EXCEPT); }
  // Behind the end of a file, and inside of one that was cut: SIGBUS with the address.
  { FILE *f = tmpfile(); ftruncate(fileno(f), 8192); char *m = mmap((void *)0x30000000, 12288, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fileno(f), 0);
    if (!sigsetjmp(back, 1)) *(volatile char *)(m + 8192 + 3) = 1;
    m[4096] = 1; ftruncate(fileno(f), 4096); if (!sigsetjmp(back, 1)) *(volatile char *)(m + 4096 + 9);
    mprotect(m, 4096, PROT_READ); if (!sigsetjmp(back, 1)) m[1] = 1; munmap(m, 12288); if (!sigsetjmp(back, 1)) *(volatile char *)m; }
  // A handler changes registers.
  install(SIGILL, skip, SA_SIGINFO);
  { register long a0 __asm__("a0") = 1; register double fa0 __asm__("fa0") = 1; 
    __asm__ volatile(".word 0" : "+r"(a0), "+f"(fa0)); printf("changed %ld %g\n", a0, fa0); }
  fesetround(FE_UPWARD); install(SIGUSR1, rounding, 0); feraiseexcept(FE_INEXACT); raise(SIGUSR1);
  printf("rounding %d flags %x\n", fegetround(), fetestexcept(FE_ALL_EXCEPT)); fesetround(FE_TONEAREST);
  feclearexcept(FE_ALL_EXCEPT);
  // The stack runs over: the handler has its own.
  stack_t own = {.ss_sp = malloc(65536), .ss_size = 65536};
  sigaltstack(&own, 0);
  install(SIGSEGV, overflow, SA_SIGINFO | SA_ONSTACK);
  if (!sigsetjmp(back, 1)) deep(0);
  printf("%d\n", sysconf(_SC_MINSIGSTKSZ) >= 1088);
  return 0;
}
