// System calls about files, waiting, memory, sockets and the process: what is printed has to be what the host prints.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void report(const char *what, long result) { int e = errno; printf("%s %ld %d\n", what, result, result < 0 ? e : 0); }
static sigjmp_buf back;
static void bus(int n, siginfo_t *i, void *c) { printf("signal %d code %d offset %lx\n", n, i->si_code, (unsigned long)i->si_addr & 0xfff);
siglongjmp(back, 1); }
static void nothing(int n) {}
static void content(int fd) { char b[256] = {0}; int n = pread(fd, b, 255, 0); printf("content %d %s\n", n, b); }
int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  sigset_t none; sigemptyset(&none); sigprocmask(SIG_SETMASK, &none, 0);
  struct stat st; char b[256] = {0}; int p[2], fd, other; struct flock l = {0};
  umask(022);
  // Descriptors and transfers
  fd = open("a", O_RDWR | O_CREAT | O_TRUNC, 0666); report("open", fd);
  report("pwrite", pwrite(fd, "0123456789", 10, 0)); report("size", lseek(fd, 0, SEEK_END));
  struct iovec v[2] = {{b, 3}, {b + 10, 4}};
  report("preadv", preadv(fd, v, 2, 2)); printf("%s %s\n", b, b + 10);
  report("pwritev2", pwritev2(fd, v, 2, 8, RWF_DSYNC)); report("preadv2", preadv2(fd, v, 2, -1, 0));
  report("bad flags", preadv2(fd, v, 2, 0, 0x8000));
  content(fd);
  other = open("b", O_RDWR | O_CREAT | O_TRUNC, 0640); loff_t from = 1, to = 2;
  report("copy", copy_file_range(fd, &from, other, &to, 5, 0)); printf("%ld %ld\n", (long)from, (long)to); content(other); 
  off_t place = 3; report("sendfile", sendfile(other, fd, &place, 4)); printf("%ld\n", (long)place); content(other);
  report("sendfile bad", sendfile(fd, 99, 0, 1));
  pipe2(p, O_CLOEXEC | O_NONBLOCK); printf("%d %x\n", fcntl(p[0], F_GETFD), fcntl(p[0], F_GETFL) & O_NONBLOCK);
  report("empty", read(p[0], b, 1)); from = 0; report("splice", splice(fd, &from, p[1], 0, 6, 0)); int n = 0;
  report("FIONREAD", ioctl(p[0], FIONREAD, &n)); printf("%d\n", n);
  report("splice out", splice(p[0], 0, other, 0, 3, 0)); report("read", read(p[0], b, 10));
  report("pipe seek", lseek(p[0], 0, SEEK_SET)); report("pipe pread", pread(p[0], b, 1, 0));
  report("read end", write(p[0], "x", 1));
  report("dup3", dup3(fd, 40, O_CLOEXEC) == 40 ? fcntl(40, F_GETFD) : -1); report("dup3 same", dup3(fd, fd, 0));
  report("dup2 same", dup2(fd, fd) == fd); report("dup bad", dup(77));
  report("F_DUPFD", fcntl(fd, F_DUPFD, 50)); report("close", close(50)); report("close again", close(50));
  report("nonblocking", fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND));
  printf("%x\n", fcntl(fd, F_GETFL) & (O_NONBLOCK | O_APPEND | O_ACCMODE)); fcntl(fd, F_SETFL, 0);
  // Locks
  l.l_type = F_WRLCK; l.l_len = 5; report("lock", fcntl(fd, F_SETLK, &l));
  int pid = fork(); if (!pid) { struct flock q = {0}; q.l_type = F_RDLCK; int r = fcntl(fd, F_GETLK, &q);
  printf("held %d %d %d %ld %d\n", r, q.l_type, q.l_whence, (long)q.l_len, q.l_pid == getppid()); q.l_type = F_RDLCK;
  report("denied", fcntl(fd, F_SETLK, &q)); _exit(0); }
  wait(0); l.l_type = F_UNLCK; report("unlock", fcntl(fd, F_SETLK, &l)); l.l_type = F_WRLCK; fcntl(fd, F_GETLK, &l);
  printf("free %d\n", l.l_type); l.l_type = 9; report("bad lock", fcntl(fd, F_SETLK, &l));
  report("flock", flock(fd, LOCK_EX | LOCK_NB)); report("flock", flock(fd, LOCK_UN)); report("flock bad", flock(fd, 77));
  // Sizes and storage
  report("ftruncate", ftruncate(fd, 3)); content(fd); report("truncate", truncate("a", 12)); fstat(fd, &st);
  printf("%ld\n", (long)st.st_size);
  report("fallocate", fallocate(fd, 0, 0, 8192)); fstat(fd, &st); printf("%ld\n", (long)st.st_size);
  report("fallocate keep", fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100000)); fstat(fd, &st); printf("%ld\n", (long)st.st_size);
  report("fallocate bad", fallocate(fd, 0, -1, 1));
  report("fsync", fsync(fd)); report("fdatasync", fdatasync(fd)); report("syncfs", syncfs(fd));
  report("fadvise", posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED)); report("readahead", readahead(fd, 0, 100));
  // Names
  report("mkdir", mkdir("d", 0777)); stat("d", &st); printf("%o\n", st.st_mode); report("again", mkdir("d", 0777));
  report("link", link("a", "d/l")); stat("a", &st); printf("links %d\n", (int)st.st_nlink);
  report("symlink", symlink("../a", "d/s")); lstat("d/s", &st); printf("%o %ld\n", st.st_mode, (long)st.st_size);
  report("linkat", linkat(AT_FDCWD, "d/s", AT_FDCWD, "d/t", AT_SYMLINK_FOLLOW)); lstat("d/t", &st);
  printf("%o\n", st.st_mode & S_IFMT);
  report("mkfifo", mkfifo("d/f", 0666)); stat("d/f", &st); printf("%o\n", st.st_mode);
  report("mknod", mknod("d/n", S_IFREG | 0600, 0)); report("mknod kind", mknod("d/m", 0050000, 0));
  report("rename", renameat2(AT_FDCWD, "d/n", AT_FDCWD, "d/t", RENAME_NOREPLACE));
  report("exchange", renameat2(AT_FDCWD, "d/n", AT_FDCWD, "d/s", RENAME_EXCHANGE)); lstat("d/n", &st);
  printf("%o\n", st.st_mode & S_IFMT);
  report("chmod", chmod("d/t", 0751)); fstat(fd, &st); printf("%o\n", st.st_mode); report("fchmod", fchmod(fd, 0600));
  report("faccessat", faccessat(AT_FDCWD, "d/t", R_OK, AT_EACCESS)); report("access", access("d/none", F_OK));
  fstat(fd, &st); report("own", st.st_uid == getuid() && st.st_gid == getgid()); report("chown", fchown(fd, -1, -1));
  report("lchown", lchown("d/n", getuid(), getgid()));
  struct timespec times[2] = {{1000, 5}, {2000, 7}}; report("utimensat", utimensat(AT_FDCWD, "d/t", times, 0));
  stat("d/t", &st);
  printf("%ld %ld %ld %ld\n", (long)st.st_atim.tv_sec, st.st_atim.tv_nsec, (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  times[0].tv_nsec = UTIME_OMIT; times[1].tv_sec = 3000; report("futimens", futimens(fd, times)); fstat(fd, &st);
  printf("%ld %ld\n", (long)st.st_atim.tv_sec, (long)st.st_mtim.tv_sec); times[0].tv_nsec = -5;
  report("times bad", futimens(fd, times));
  DIR *d = opendir("d"); struct dirent *e; int count = 0, kinds = 0; while ((e = readdir(d))) { count++; kinds += e->d_type;
  } printf("%d entries, kinds %d\n", count, kinds); rewinddir(d); readdir(d); long at = telldir(d); e = readdir(d);
  strcpy(b, e->d_name); seekdir(d, at); printf("seekdir %d\n", !strcmp(readdir(d)->d_name, b)); closedir(d);
  report("not empty", rmdir("d")); report("is folder", unlink("d")); report("open folder", open("d", O_WRONLY));
  report("not folder", open("a/b", O_RDONLY)); report("O_DIRECTORY", open("a", O_DIRECTORY));
  report("O_EXCL", open("a", O_CREAT | O_EXCL, 0600)); report("O_NOFOLLOW", open("d/n", O_NOFOLLOW));
  report("O_PATH", (other = open("a", O_PATH)) > 0); report("O_PATH read", read(other, b, 1)); close(other);
  report("O_TMPFILE", (other = open(".", O_TMPFILE | O_RDWR, 0600)) > 0); fstat(other, &st); printf("%d\n", (int)st.st_nlink);
  close(other);
  int dir = open("d", O_DIRECTORY); report("openat", (other = openat(dir, "t", O_RDONLY)) > 0); close(other);
  report("fstatat", fstatat(dir, "", &st, AT_EMPTY_PATH)); report("fchdir", fchdir(dir)); report("there", access("t", F_OK));
  chdir("..");
  struct statfs sf; report("statfs", statfs(".", &sf)); struct statfs sf2; fstatfs(fd, &sf2);
  printf("%d %d %d\n", sf.f_type == sf2.f_type, sf.f_bsize > 0, sf.f_namelen);
  struct statx sx; report("statx", statx(AT_FDCWD, "d/t", 0, STATX_BASIC_STATS, &sx));
  printf("%o %ld %d\n", sx.stx_mode, (long)sx.stx_size, sx.stx_nlink);
  // Waiting
  struct pollfd pf[3] = {{p[0], POLLIN}, {p[1], POLLOUT}, {99, POLLIN}}; report("poll", poll(pf, 3, 1000));
  printf("%x %x %x\n", pf[0].revents, pf[1].revents, pf[2].revents); report("poll time", poll(pf, 1, 2));
  report("poll none", poll(0, 0, 2));
  fd_set r, w; FD_ZERO(&r); FD_ZERO(&w); FD_SET(p[0], &r); FD_SET(p[1], &w); struct timeval tv = {0, 1000};
  report("select", select(p[1] + 1, &r, &w, 0, &tv)); printf("%d %d\n", FD_ISSET(p[0], &r), FD_ISSET(p[1], &w)); FD_ZERO(&r);
  FD_SET(60, &r); report("select bad", select(61, &r, 0, 0, &tv));
  int ep = epoll_create1(0); struct epoll_event ev = {EPOLLIN, {.u64 = 0x123456789abcdef}}, out[4];
  report("epoll", epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev)); report("again", epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev));
  report("wait", epoll_wait(ep, out, 4, 1)); write(p[1], "x", 1); report("wait", epoll_wait(ep, out, 4, 1000));
  printf("%x %llx\n", out[0].events, (long long)out[0].data.u64); report("del", epoll_ctl(ep, EPOLL_CTL_DEL, p[0], 0));
  report("del", epoll_ctl(ep, EPOLL_CTL_DEL, p[0], 0)); report("bad", epoll_wait(fd, out, 4, 1));
  unsigned long long value = 5; int ef = eventfd(3, EFD_NONBLOCK); report("eventfd", write(ef, &value, 8)); read(ef, &value, 8);
  printf("%llu\n", value); report("empty", read(ef, &value, 8)); ef = eventfd(2, EFD_SEMAPHORE); read(ef, &value, 8);
  printf("%llu\n", value);
  int tf = timerfd_create(CLOCK_MONOTONIC, 0); struct itimerspec it = {{0, 2000000}, {0, 3000000}}, io;
  report("timerfd", timerfd_settime(tf, 0, &it, 0)); report("read", read(tf, &value, 8)); printf("%d\n", value >= 1);
  timerfd_gettime(tf, &io); printf("%ld %d\n", io.it_interval.tv_nsec, io.it_value.tv_nsec > 0); pf[0].fd = tf;
  report("poll", poll(pf, 1, 1000)); it.it_value.tv_nsec = 0; timerfd_settime(tf, 0, &it, &io); report("poll", poll(pf, 1, 1));
  report("not a timer", timerfd_gettime(fd, &io));
  // Memory that shows files
  report("cut", ftruncate(fd, 5000)); pwrite(fd, "mapped", 6, 0); pwrite(fd, "end", 3, 4997);
  char *m = mmap(0, 12288, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), *q = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  m[0] = 'M'; content(fd); q[1] = 'Q'; pread(fd, b, 6, 0); printf("%.6s %.6s\n", b, q); pwrite(fd, "X", 1, 2);
  printf("%.6s %d\n", m, m[5001]);
  struct sigaction sa = {.sa_sigaction = bus, .sa_flags = SA_SIGINFO}; sigaction(SIGBUS, &sa, 0); sigaction(SIGSEGV, &sa, 0);
  if (!sigsetjmp(back, 1)) m[8192 + 3] = 1;
  if (!sigsetjmp(back, 1)) { ftruncate(fd, 100); m[4096 + 9] = 1; }
  ftruncate(fd, 12288); if (!sigsetjmp(back, 1)) { m[8192] = 'Z'; pread(fd, b, 1, 8192); printf("grown %c\n", b[0]); }
  if (!sigsetjmp(back, 1)) { mprotect(m, 4096, PROT_READ); m[7] = 1; }
  report("msync", msync(m, 4096, MS_SYNC)); report("msync bad", msync(m, 4096, 7));
  report("mincore", mincore(m, 4096, (void *)b)); report("mlock", mlock(q, 4096)); munlock(q, 4096);
  report("madvise", madvise(q, 8192, MADV_DONTNEED)); printf("%.6s\n", q); report("munmap", munmap(m, 12288));
  other = open("a", O_RDONLY); report("read only", (long)mmap(0, 4096, PROT_WRITE, MAP_SHARED, other, 0));
  m = mmap(0, 4096, PROT_READ, MAP_SHARED, other, 0); report("mprotect", mprotect(m, 4096, PROT_WRITE));
  report("pipe", (long)mmap(0, 4096, PROT_READ, MAP_PRIVATE, p[0], 0));
  m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); strcpy(m, "moves");
  m = mremap(m, 4096, 1 << 20, MREMAP_MAYMOVE); printf("%s\n", m); int mf = memfd_create("x", 0); ftruncate(mf, 4096);
  m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, mf, 0); strcpy(m, "in memory"); content(mf);
  // Sockets
  int sv[2]; report("pair", socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv)); write(sv[0], "to and fro", 10);
  report("recv", recv(sv[1], b, 5, MSG_PEEK)); struct iovec iv[2] = {{b, 3}, {b + 20, 50}};
  struct msghdr mh = {.msg_iov = iv, .msg_iovlen = 2}; report("recvmsg", recvmsg(sv[1], &mh, 0));
  printf("%.3s %.7s %x\n", b, b + 20, mh.msg_flags);
  mh.msg_iov[1].iov_len = 4; report("sendmsg", sendmsg(sv[1], &mh, 0)); report("read", read(sv[0], b, 100)); int so;
  socklen_t sl = sizeof so; report("getsockopt", getsockopt(sv[0], SOL_SOCKET, SO_TYPE, &so, &sl));
  printf("%d %d\n", so, (int)sl); so = 1; report("setsockopt", setsockopt(sv[0], SOL_SOCKET, SO_PASSCRED, &so, 4));
  report("shutdown", shutdown(sv[0], SHUT_WR)); report("end", read(sv[1], b, 1));
  struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "socket"};
  int ls = socket(AF_UNIX, SOCK_STREAM, 0), cs = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  report("connect", connect(cs, (void *)&un, sizeof un)); report("bind", bind(ls, (void *)&un, sizeof un));
  report("listen", listen(ls, 1)); report("connect", connect(cs, (void *)&un, sizeof un)); struct sockaddr_un from_un;
  sl = sizeof from_un; int as = accept4(ls, (void *)&from_un, &sl, SOCK_CLOEXEC); printf("%d %d\n", as > 0, (int)sl);
  report("send", send(cs, "x", 1, MSG_NOSIGNAL)); report("read", read(as, b, 10)); report("would block", recv(cs, b, 1, 0));
  close(as); close(ls); unlink("socket"); report("kind", socket(77, 1, 0)); report("not a socket", listen(fd, 1));
  // The process and its machine
  struct rlimit rl; report("nofile", getrlimit(RLIMIT_NOFILE, &rl)); rl.rlim_cur = 10; setrlimit(RLIMIT_NOFILE, &rl);
  report("too many", fcntl(fd, F_DUPFD, 9)); report("too many", fcntl(fd, F_DUPFD, 10)); rl.rlim_cur = 100;
  setrlimit(RLIMIT_NOFILE, &rl);
  report("yield", sched_yield()); struct sched_param sp; report("policy", sched_getscheduler(0)); sched_getparam(0, &sp);
  printf("%d %d %d %d\n", sp.sched_priority, sched_get_priority_max(SCHED_FIFO), sched_get_priority_min(SCHED_RR), sched_get_priority_max(SCHED_OTHER));
  report("bad policy", sched_get_priority_max(77)); sp.sched_priority = 5;
  report("param", sched_setscheduler(0, SCHED_OTHER, &sp));
  report("nice", getpriority(PRIO_PROCESS, 0)); report("nicer", setpriority(PRIO_PROCESS, 0, 3));
  report("nice", getpriority(PRIO_PROCESS, 0)); report("setuid", setuid(getuid()));
  report("setresgid", setresgid(-1, getgid(), -1));
  struct timespec ts; report("clock", clock_gettime(77, &ts)); report("res", clock_getres(CLOCK_MONOTONIC, &ts));
  clock_gettime(CLOCK_MONOTONIC, &ts); ts.tv_nsec += 2000000; if (ts.tv_nsec >= 1000000000) { ts.tv_sec++;
  ts.tv_nsec -= 1000000000; } printf("abstime %d\n", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, 0));
  struct timespec t2; clock_gettime(CLOCK_MONOTONIC, &t2); printf("%d\n", t2.tv_sec > ts.tv_sec || t2.tv_nsec >= ts.tv_nsec);
  report("terminal", isatty(fd)); report("winsize", ioctl(fd, TIOCGWINSZ, b)); n = 1;
  report("FIONBIO", ioctl(p[0], FIONBIO, &n)); report("ioctl", ioctl(99, FIONREAD, &n));
  for (const char *names = "d/l\0d/s\0d/t\0d/f\0d/n\0a\0b\0"; *names; names += strlen(names) + 1) unlink(names);
  report("rmdir", rmdir("d"));
  return 0;
}
