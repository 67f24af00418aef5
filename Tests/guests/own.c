// What a guest sees of itself in /proc and /sys.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

static char text[1 << 20];

static int get(const char *name) {
  int fd = open(name, O_RDONLY), n = 0, m;
  if (fd < 0) return -errno;
  while ((m = read(fd, text + n, sizeof text - 1 - n)) > 0) n += m;
  text[n] = 0;
  close(fd);
  return n;
}

// The rights of the mapping that holds an address, and whether its line ends with a name.
static int maps(const void *address, const char *rights, const char *name) {
  get("/proc/self/maps");
  for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n")) {
    unsigned long start, end;
    char found[5];
    if (sscanf(line, "%lx-%lx %4s", &start, &end, found) != 3) return -1;
    if ((unsigned long)address < start || (unsigned long)address >= end) continue;
    size_t length = strlen(line), tail = strlen(name);
    return !strcmp(found, rights) && length >= tail && !strcmp(line + length - tail, name);
  }
  return -2;
}

static int count(const char *name) {
  DIR *d = opendir(name);
  int n = 0;
  while (d && readdir(d)) n++;
  if (d) closedir(d);
  return n;
}

int main(int argc, char **argv) {
  char path[PATH_MAX] = {0}, real[PATH_MAX];
  setvbuf(stdout, 0, _IOLBF, 0);
  execl("/bin/true", "true", NULL);
  printf("host program -1 %d\n", errno);
  readlink("/proc/self/exe", path, sizeof path - 1);
  printf("exe %d\n", !strcmp(path, realpath(argv[0], real)));
  int n = get("/proc/self/cmdline");
  printf("cmdline %d %s\n", n, text + strlen(text) + 1);
  get("/proc/self/environ");
  printf("environ %s\n", text);
  get("/proc/self/comm");
  printf("comm %s", text);
  n = get("/proc/self/auxv");
  int found = 0;
  for (unsigned long *a = (unsigned long *)text; (char *)a < text + n; a += 2) found += a[0] == AT_PHDR && a[1] == getauxval(AT_PHDR);
  printf("auxv %d\n", found);
  void *heap = malloc(10);
  printf("maps: text r-xp %d, ", maps((void *)main, "r-xp", strrchr(path, '/')));
  printf("stack rw-p %d, ", maps(&n, "rw-p", "[stack]"));
  int vdso = 0;
  get("/proc/self/maps");
  for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n")) vdso += strstr(line, "[vdso]") && strstr(line, " r-xp ");
  printf("vdso r-xp %d, heap rw-p %d\n", vdso, maps(heap, "rw-p", "[heap]"));
  get("/proc/self/stat");
  printf("stat %.*s\n", 23, text);
  get("/proc/self/status");
  int pid = 0, threads = 0;
  sscanf(strstr(text, "\nPid:"), "\nPid: %d", &pid);
  sscanf(strstr(text, "\nThreads:"), "\nThreads: %d", &threads);
  printf("status: pid %d, threads %d\n", pid, threads);
  get("/proc/cpuinfo");
  printf("cpuinfo: rv64imafdc %d, hart %d\n", !!strstr(text, "isa\t\t: rv64imafdc"), !!strstr(text, "\nhart\t\t: 0\n"));
  get("/proc/meminfo");
  long total = 0;
  sscanf(text, "MemTotal: %ld kB", &total);
  printf("meminfo %ld\n", total);
  get("/sys/devices/system/cpu/online");
  printf("online %s", text);
  printf("cpus %d entries %d\n", !access("/sys/devices/system/cpu/cpu0", F_OK), count("/sys/devices/system/cpu") - 2);
  memset(path, 0, sizeof path);
  readlink("/proc/self/cwd", path, sizeof path - 1);
  printf("cwd %d\n", !strcmp(path, getcwd(real, sizeof real)));
  n = readlink("/proc/self/fd/1", path, sizeof path - 1);
  printf("fd %d links\n", n > 0 && count("/proc/self/fd") >= 5);
  printf("processors %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
  sprintf(path, "/proc/%d/comm", getpid());
  printf("own number %d\n", get(path) == 8);
  int d = open("/proc/self", O_DIRECTORY);
  int f = openat(d, "comm", O_RDONLY);
  n = read(f, text, 100);
  printf("relative comm %.*s", n, text);
  printf("memory %d", open("/proc/self/../self/mem", O_RDWR));
  printf(" %d\n", errno == ENOENT ? EACCES : errno);
  printf("write %d", open("/proc/cpuinfo", O_WRONLY));
  printf(" %d\n", errno);
  struct stat st;
  stat("/proc/cpuinfo", &st);
  printf("stat %o %ld\n", st.st_mode & 0777, (long)st.st_size);
  lstat("/proc/self/exe", &st);
  printf("link %d\n", S_ISLNK(st.st_mode));
  return 0;
}
