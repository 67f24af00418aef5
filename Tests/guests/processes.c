// fork, vfork, execve, wait, signals between processes: what is printed has to be what the host prints.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
static void report(const char *what, long result) { int e = errno; printf("%s %ld %d\n", what, result, result < 0 ? e : 0); }
static void status(const char *what, int s) {
  if (WIFEXITED(s)) printf("%s: exited %d\n", what, WEXITSTATUS(s));
  else if (WIFSIGNALED(s)) printf("%s: killed %d\n", what, WTERMSIG(s));
  else if (WIFSTOPPED(s)) printf("%s: stopped %d\n", what, WSTOPSIG(s));
  else if (WIFCONTINUED(s)) printf("%s: continued\n", what);
}
static volatile int children, code, stat_, fromchild;
static volatile pid_t child;
static void chld(int n, siginfo_t *i, void *c) { children++; code = i->si_code; stat_ = i->si_status; fromchild = i->si_pid; }
static volatile int got;
static void usr(int n, siginfo_t *i, void *c) { got = n; fromchild = i->si_pid; }
static void install(int n, void *h, int flags) { struct sigaction a; memset(&a, 0, sizeof a); a.sa_handler = h;
a.sa_flags = flags; sigaction(n, &a, 0); }

int main(int argc, char **argv) {
  setvbuf(stdout, 0, _IONBF, 0);
  sigset_t none; sigemptyset(&none);
  if (argc > 1 && !strcmp(argv[1], "image")) {
    struct sigaction a; sigset_t m;
    printf("image: %d arguments, last %s, variable %s", argc, argv[argc - 1], getenv("V") ? getenv("V") : "-");
    sigaction(SIGUSR1, 0, &a); printf(", usr1 %d", a.sa_handler == SIG_IGN); sigaction(SIGUSR2, 0, &a);
    printf(" usr2 %d", a.sa_handler == SIG_DFL);
    sigprocmask(SIG_BLOCK, 0, &m); printf(" blocked %d", sigismember(&m, SIGHUP));
    printf(" descriptors %d %d\n", fcntl(20, F_GETFD), fcntl(21, F_GETFD));
    return 21;
  }
  if (argc > 1 && !strcmp(argv[1], "plain")) { printf("plain %s\n", argv[argc - 1]); return 5; }
  sigprocmask(SIG_SETMASK, &none, 0);
  int s, p[2]; char buffer[64]; pid_t pid, self = getpid();
  // fork, wait, exit codes and signals
  if (!(pid = fork())) { printf("child: parent %d\n", getppid() == self); _exit(7); }
  report("wait", wait(&s) == pid); status("first", s);
  if (!(pid = fork())) { raise(SIGTERM); _exit(0); }
  waitpid(pid, &s, 0); status("second", s);
  if (!(pid = fork())) { *(volatile int *)8 = 1; _exit(0); }
  waitpid(pid, &s, 0); status("third", s & 0x7f);
  if (!(pid = fork())) for (;;) pause();
  report("nohang", waitpid(pid, &s, WNOHANG)); kill(pid, SIGKILL); waitpid(pid, &s, 0); status("fourth", s);
  if (!(pid = fork())) for (;;) ;
  kill(pid, SIGINT); waitpid(pid, &s, 0); status("busy", s);
  report("no children", wait(&s));
  report("not mine", waitpid(1, &s, 0));
  report("gone", kill(pid, 0));
  // SIGCHLD
  install(SIGCHLD, chld, SA_SIGINFO);
  if (!(pid = fork())) _exit(3);
  while (!children) usleep(1000);
  printf("SIGCHLD code %d status %d pid %d\n", code, stat_, fromchild == pid); waitpid(pid, &s, 0); status("child", s);
  siginfo_t w; memset(&w, 0, sizeof w);
  if (!(pid = fork())) _exit(9);
  report("waitid", waitid(P_PID, pid, &w, WEXITED | WNOWAIT));
  printf("code %d status %d signo %d pid %d\n", w.si_code, w.si_status, w.si_signo, w.si_pid == pid);
  report("again", waitid(P_ALL, 0, &w, WEXITED)); report("none", waitid(P_ALL, 0, &w, WEXITED));
  signal(SIGCHLD, SIG_IGN);
  if (!(pid = fork())) _exit(0);
  report("ignored", waitpid(pid, &s, 0));
  signal(SIGCHLD, SIG_DFL);
  // Stops
  if (!(pid = fork())) { raise(SIGSTOP); _exit(4); }
  waitpid(pid, &s, WUNTRACED); status("stop", s); kill(pid, SIGCONT); waitpid(pid, &s, WCONTINUED); status("go on", s);
  waitpid(pid, &s, 0); status("then", s);
  // Signals between processes
  install(SIGUSR1, usr, SA_SIGINFO);
  if (!(pid = fork())) { kill(getppid(), SIGUSR1); while (!got) usleep(1000);
  printf("child got %d from %d\n", got, fromchild == self); _exit(0); }
  while (!got) usleep(1000);
  printf("parent got %d from %d\n", got, fromchild == pid); kill(pid, SIGUSR1); waitpid(pid, &s, 0);
  // A wait is interrupted, or begins again
  got = 0;
  if (!(pid = fork())) { usleep(200000); kill(getppid(), SIGUSR1); usleep(200000); _exit(2); }
  report("interrupted", waitpid(pid, &s, 0)); install(SIGUSR1, usr, SA_SIGINFO | SA_RESTART);
  report("then", waitpid(pid, &s, 0) == pid);
  // Pipes
  pipe(p);
  if (!(pid = fork())) { close(p[0]); write(p[1], "through the pipe", 16); _exit(0); }
  close(p[1]); int n = read(p[0], buffer, 64); printf("%.*s, end %d\n", n, buffer, (int)read(p[0], buffer, 64)); close(p[0]);
  wait(&s);
  pipe(p);
  if (!(pid = fork())) { close(p[0]); for (;;) if (write(p[1], "x", 1) < 0) _exit(1); }
  close(p[1]); read(p[0], buffer, 1); close(p[0]); waitpid(pid, &s, 0); status("writer", s);
  // Memory: its own, and shared
  int own = 1; volatile int *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (!(pid = fork())) { own = 2; *shared = 3; _exit(0); }
  wait(&s); printf("own %d shared %d\n", own, *shared);
  // An offset is shared
  int fd = open("offset", O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (!(pid = fork())) { write(fd, "child", 5); _exit(0); }
  wait(&s); write(fd, "parent", 6); printf("offset %ld\n", (long)lseek(fd, 0, SEEK_CUR)); close(fd);
  // vfork: the parent sees what the child did, and its descriptors are its own
  volatile int seen = 0;
  if (!(pid = vfork())) { seen = 5; close(0); _exit(6); }
  printf("vfork %d input %d\n", seen, fcntl(0, F_GETFD)); waitpid(pid, &s, 0); status("vfork", s);
  if (!(pid = vfork())) { int inner = fork(); if (!inner) { printf("inside\n"); _exit(0); } waitpid(inner, &s, 0);
  _exit(WEXITSTATUS(s) + 8); }
  waitpid(pid, &s, 0); status("fork in vfork", s);
  // execve
  signal(SIGUSR1, SIG_IGN); install(SIGUSR2, usr, 0); sigset_t hup; sigemptyset(&hup); sigaddset(&hup, SIGHUP);
  dup2(1, 20); fcntl(20, F_SETFD, FD_CLOEXEC); dup2(1, 21);
  if (!(pid = fork())) { sigprocmask(SIG_BLOCK, &hup, 0);
  char *a[] = {"name", "image", "one", "two words", 0}, *e[] = {"V=w", 0}; execve(argv[0], a, e); _exit(99); }
  waitpid(pid, &s, 0); status("exec", s);
  if (!(pid = vfork())) { execl(argv[0], argv[0], "plain", "after vfork", NULL); _exit(99); }
  waitpid(pid, &s, 0); status("vfork and exec", s);
  char *a[] = {argv[0], "plain", "spawned", 0};
  int spawned = posix_spawn(&pid, argv[0], 0, 0, a, environ); waitpid(pid, &s, 0); report("spawn", spawned);
  status("spawned", s);
  report("spawn nothing", posix_spawn(&pid, "./nothing", 0, 0, a, environ));
  report("exec nothing", execl("./nothing", "x", NULL)); report("exec folder", execl("/", "x", NULL));
  report("exec empty name", execl("", "x", NULL));
  fd = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0700); dprintf(fd, "#! %s  plain \nrest\n", argv[0]); close(fd);
  if (!(pid = fork())) { execl("./script", "s", "last", NULL); _exit(99); }
  waitpid(pid, &s, 0); status("script", s);
  fd = open("text", O_WRONLY | O_CREAT | O_TRUNC, 0700); write(fd, "text", 4); close(fd);
  report("exec text", execl("./text", "x", NULL));
  chmod("text", 0600); report("exec file", execl("./text", "x", NULL));
  fd = open("script", O_WRONLY | O_TRUNC); dprintf(fd, "#!./script\n"); close(fd);
  report("exec loop", execl("./script", "x", NULL));
  char *huge = malloc(1 << 20); memset(huge, 'x', (1 << 20) - 1); huge[(1 << 20) - 1] = 0;
  report("exec huge", execl(argv[0], huge, NULL));
  // Groups and sessions
  if (!(pid = fork())) { int r = setpgid(0, 0); printf("group %d %d\n", r, getpgrp() == getpid());
  report("session of a leader", setsid()); _exit(0); }
  wait(&s);
  if (!(pid = fork())) { int r = setsid();
  printf("session %d %d %d\n", r == getpid(), getsid(0) == getpid(), getpgrp() == getpid()); _exit(0); }
  wait(&s);
  if (!(pid = fork())) { setpgid(0, 0); if (!fork()) for (;;) pause(); usleep(10000); kill(0, SIGTERM); for (;;) pause(); }
  setpgid(pid, pid); report("group wait", waitpid(-pid, &s, 0) > 0); status("group", s);
  // Times of children, and limits
  struct tms t; times(&t); struct rusage u; report("rusage", getrusage(RUSAGE_CHILDREN, &u));
  printf("pid the same %d\n", getpid() == self);
  unlink("script"); unlink("text"); unlink("offset");
  return 0;
}
