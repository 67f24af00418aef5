// /proc/self and its kin say what the process knows of itself: what is printed has to be what the host prints. The machine's part, behind
// it, is the simulator's own.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
extern char **environ;
static char text[1 << 16];
static int get(const char *name) {
  int fd = open(name, O_RDONLY), n = 0, m;
  // In pieces: a file that is made up anew for each read would not fit together.
  while (fd >= 0 && (m = read(fd, text + n, 100)) > 0) n += m;
  text[n] = 0;
  close(fd);
  return fd < 0 ? -errno : n;
}
static const char *field(const char *name) {
  static char value[100];
  get("/proc/self/status");
  char *at = strstr(text, name);
  value[0] = 0;
  if (at) sscanf(at + strlen(name), ": %99[^\n]", value);
  return value;
}
// The line of an address in maps, without what differs from system to system.
static void region(const char *what, void *address) {
  unsigned long start, end, offset, inode, last = 0;
  int ordered = 1, found = 0;
  char rights[5], path[4096];
  struct stat st = {0};
  get("/proc/self/maps");
  for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n")) {
    path[0] = 0;
    if (sscanf(line, "%lx-%lx %4s %lx %*x:%*x %lu %4095s", &start, &end, rights, &offset, &inode, path) < 5) printf("bad line %s\n", line);
    ordered &= start >= last && end > start && start % 4096 == 0;
    last = end;
    if ((unsigned long)address < start || (unsigned long)address >= end) continue;
    found = 1;
    if (path[0] == '/') stat(path, &st);
    printf("%s: %s offset %lx inode %d size %lu name %s\n", what, rights, path[0] == '/' ? offset : 0, inode == st.st_ino,
      path[0] == '/' ? end - start : 0, strrchr(path, '/') ? "/" : path[0] == '[' ? path : "");
  }
  printf("%s: ordered %d found %d\n", what, ordered, found);
}
static void handler(int n) {}
int main(int argc, char **argv) {
  setvbuf(stdout, 0, _IONBF, 0);
  char path[4096] = {0}, real[4096];
  int fd = open("/proc/self/exe", O_RDONLY), n = read(fd, text, 4);
  printf("exe %d %.3s\n", n, text + 1);
  struct stat a, b; stat("/proc/self/exe", &a); stat(argv[0], &b); printf("exe is the program %d\n", a.st_ino == b.st_ino && a.st_dev == b.st_dev);
  printf("exe written %d", open("/proc/self/exe", O_RDWR) < 0); printf(" link %d\n", (int)readlink("/proc/self/exe", path, 3));
  n = get("/proc/self/cmdline"); size_t all = 0; int same = 1;
  for (int i = 0; i < argc; all += strlen(argv[i++]) + 1) same &= !strcmp(text + all, argv[i]);
  printf("cmdline %d %d\n", n == all, same);
  char **e = environ; while (*e++) ; n = get("/proc/self/auxv"); ElfW(auxv_t) *v = (void *)e; while (v->a_type) v++; v++;
  printf("auxv %d %d\n", n == (char *)v - (char *)e, !memcmp(text, e, (char *)v - (char *)e));
  // Maps
  fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600); ftruncate(fd, 16384);
  char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096), *q = mmap(0, 12288, PROT_READ, MAP_PRIVATE, fd, 0);
  region("shared file", m); region("private file", q); mprotect(q + 4096, 4096, PROT_NONE); region("its middle", q + 4096); region("its end", q + 8192);
  munmap(m, 4096); region("unmapped", m); region("rest", m + 4096); region("stack", &n); region("heap", (char *)sbrk(4096));
  char *an = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); region("anonymous", an);
  unlink("file");
  // Status
  sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR1); sigaddset(&s, SIGUSR2); sigaddset(&s, SIGRTMIN); sigprocmask(SIG_SETMASK, &s, 0);
  for (int i = 1; i < 65; i++) { struct { void *h; unsigned long f[4]; } a = {0}; syscall(SYS_rt_sigaction, i, &a, 0L, 8L); }
  signal(SIGHUP, SIG_IGN); signal(SIGTERM, handler); signal(SIGUSR1, handler); kill(getpid(), SIGUSR1); raise(SIGUSR2); umask(027);
  for (const char *names = "Umask\0SigPnd\0ShdPnd\0SigBlk\0SigIgn\0SigCgt\0Threads\0State\0TracerPid\0"; *names; names += strlen(names) + 1)
    printf("%s %s\n", names, field(names));
  int me; printf("Pid %d", atoi(field("Pid")) == getpid()); printf(" PPid %d", atoi(field("PPid")) == getppid());
  int u[4]; sscanf(field("Uid"), "%d %d %d %d", u, u + 1, u + 2, u + 3); printf(" Uid %d", u[0] == getuid() && u[1] == geteuid() && u[3] == u[1]);
  printf(" Name %d\n", !strncmp(field("Name"), strrchr(argv[0], '/') + 1, 15));
  long before = atol(field("VmSize")); mmap(0, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  printf("VmSize grows by %ld\n", atol(field("VmSize")) - before);
#ifdef __riscv
  printf("machine\n");
  get("/proc/cpuinfo"); char isa[4000] = {0}; sscanf(strstr(text, "\nisa\t\t: "), " isa : %3999s", isa);
  printf("isa %.11s vectors %d base %d\n", isa, isa[11] == 'v' || strstr(isa, "_v") != 0, strstr(isa, "_zicsr") != 0);
  printf("mmu %d, blank line %d\n", strstr(text, "\nmmu\t\t: sv") != 0, strstr(text, "\n\n") != 0);
  for (const char *names = "possible\0present\0online\0offline\0kernel_max\0"; *names; names += strlen(names) + 1) {
    sprintf(path, "/sys/devices/system/cpu/%s", names); get(path); printf("%s %s", names, text);
  }
  DIR *d = opendir("/sys/devices/system/cpu"); struct dirent *entry; int cpus = 0;
  while ((entry = readdir(d))) cpus += !strncmp(entry->d_name, "cpu", 3) && entry->d_name[3] >= '0' && entry->d_name[3] <= '9';
  printf("processors %d %ld %ld\n", cpus, sysconf(_SC_NPROCESSORS_ONLN), sysconf(_SC_NPROCESSORS_CONF));
  printf("another %d\n", access("/sys/devices/system/cpu/cpu1", F_OK));
#endif
  return 0;
}
