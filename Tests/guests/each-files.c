// The calls about files: see each.h.
#include "each.h"
#include <dirent.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <sys/uio.h>
static char b[8192], big[70000];
int main(void) {
  start();
  struct stat st; struct statfs sf; struct statx sx; int p[2]; int n; struct flock l = {.l_type = F_WRLCK};
  int fd = OK(openat, "creates", AT_FDCWD, "f", O_RDWR | O_CREAT | O_TRUNC, 0644), ro = openat(AT_FDCWD, "f", O_RDONLY);
  IS(openat, "no name", AT_FDCWD, BAD, 0, 0); IS(openat, "empty name", AT_FDCWD, "", O_RDONLY, 0);
  IS(openat, "nobody's folder", NOFD, "f", O_RDONLY, 0); IS(openat, "file as folder", fd, "f", O_RDONLY, 0);
  IS(openat, "long name", AT_FDCWD, memset(big, 'x', 300), O_RDONLY, 0); memset(big, 'x', 5000);
  IS(openat, "long path", AT_FDCWD, big, O_RDONLY, 0); memset(big, 0, sizeof big);
  IS(openat, "temporary and read-only", AT_FDCWD, ".", O_TMPFILE | O_RDONLY, 0600);
  OK(openat, "absolute ignores the folder", NOFD, "/", O_RDONLY | O_DIRECTORY, 0);
  // Data
  IS(write, "ten", fd, "0123456789", 10L); IS(write, "none", fd, BAD, 0L); IS(write, "nowhere", NOFD, "x", 1L);
  IS(write, "from nowhere", fd, BAD, 1L); IS(write, "read-only", ro, "x", 1L); IS(read, "none", fd, BAD, 0L);
  IS(read, "at the end", fd, b, 5L); IS(read, "to nowhere", ro, BAD, 1L); IS(read, "from nowhere", NOFD, b, 1L);
  IS(lseek, "set", fd, 4L, SEEK_SET); IS(lseek, "current", fd, -1L, SEEK_CUR); IS(lseek, "end", fd, 5L, SEEK_END);
  IS(lseek, "before the start", fd, -1L, SEEK_SET); IS(lseek, "how", fd, 0L, 77); IS(lseek, "nobody's", NOFD, 0L, SEEK_SET);
  IS(lseek, "data", fd, 0L, SEEK_DATA); IS(lseek, "data behind the end", fd, 100L, SEEK_DATA);
  IS(pread64, "inside", fd, b, 4L, 2L); IS(pread64, "behind", fd, b, 4L, 200L); IS(pread64, "negative", fd, b, 4L, -1L);
  IS(pread64, "to nowhere", fd, BAD, 4L, 0L); IS(pwrite64, "inside", fd, "AB", 2L, 3L); IS(pwrite64, "negative", fd, "x", 1L, -1L);
  IS(pwrite64, "from nowhere", fd, BAD, 1L, 0L); IS(pwrite64, "read-only", ro, "x", 1L, 0L);
  struct iovec v[3] = {{b, 3}, {b + 8, 0}, {b + 16, 4}}, w[2] = {{"one", 3}, {"two", 3}}, wild[2] = {{b, 3}, {BAD, 4}},
    huge[2] = {{b, -1}, {b, 1}};
  lseek(fd, 0, SEEK_SET);
  IS(readv, "three", fd, v, 3); printf("%.3s %.4s\n", b, b + 16); IS(readv, "none", fd, v, 0); IS(readv, "negative", fd, v, -1);
  IS(readv, "too many", fd, v, 1025); IS(readv, "wild vector", fd, BAD, 1); IS(readv, "sum", fd, huge, 2);
  lseek(fd, 0, SEEK_SET); IS(readv, "second part wild", fd, wild, 2);
  IS(writev, "two", fd, w, 2); IS(writev, "nobody's", NOFD, w, 2); IS(writev, "wild vector", fd, BAD, 1);
  IS(writev, "sum", fd, huge, 2); lseek(fd, 0, SEEK_SET);
  IS(preadv, "two", fd, v, 2, 1L, 0L); IS(preadv, "negative", fd, v, 1, -1L, -1L); IS(preadv, "nobody's", NOFD, v, 1, 0L, 0L);
  IS(pwritev, "two", fd, w, 2, 10L, 0L); IS(pwritev, "negative", fd, w, 1, -1L, -1L); IS(pwritev, "too many", fd, w, 1025, 0L, 0L);
  IS(preadv2, "at the place", fd, v, 1, -1L, -1L, 0L); IS(preadv2, "flags", fd, v, 1, 0L, 0L, 0x8000L);
  IS(pwritev2, "plain", fd, w, 1, 2L, 0L, 0L); IS(pwritev2, "flags", fd, w, 1, 0L, 0L, 0x8000L);
  IS(pwritev2, "append", fd, w, 1, 0L, 0L, (long)RWF_APPEND); IS(pread64, "all", fd, b, 100L, 0L); printf("%s\n", b);
  // Between files
  int to = openat(AT_FDCWD, "g", O_RDWR | O_CREAT | O_TRUNC, 0600); loff_t at = 2, into = 1;
  IS(sendfile, "with a place", to, fd, &at, 5L); printf("%ld\n", (long)at); IS(sendfile, "wild place", to, fd, BAD, 5L);
  IS(sendfile, "none", to, fd, 0L, 0L); IS(sendfile, "nobody's", to, NOFD, 0L, 1L); IS(sendfile, "read-only", ro, fd, 0L, 1L);
  at = -1; IS(sendfile, "negative", to, fd, &at, 1L); at = 1;
  IS(copy_file_range, "places", fd, &at, to, &into, 6L, 0L); printf("%ld %ld\n", (long)at, (long)into);
  IS(copy_file_range, "flags", fd, 0L, to, 0L, 1L, 1L); IS(copy_file_range, "nobody's", fd, 0L, NOFD, 0L, 1L, 0L);
  IS(copy_file_range, "read-only", fd, 0L, ro, 0L, 1L, 0L); IS(copy_file_range, "wild", fd, BAD, to, 0L, 1L, 0L);
  at = 0; into = 2; IS(copy_file_range, "overlap", fd, &at, fd, &into, 6L, 0L);
  IS(pipe2, "flags", p, 1); IS(pipe2, "wild", BAD, 0); IS(pipe2, "plain", p, O_CLOEXEC);
  at = 0; IS(splice, "in", fd, &at, p[1], 0L, 5L, 0L); IS(splice, "place of a pipe", fd, 0L, p[1], &at, 5L, 0L);
  IS(splice, "no pipe", fd, 0L, to, 0L, 5L, 0L); IS(splice, "flags", fd, 0L, p[1], 0L, 5L, 0x100L);
  IS(splice, "nobody's", NOFD, 0L, p[1], 0L, 5L, 0L); IS(splice, "none", fd, 0L, p[1], 0L, 0L, 0L);
  IS(splice, "out", p[0], 0L, to, 0L, 5L, 0L); IS(lseek, "pipe", p[0], 0L, SEEK_CUR); IS(pread64, "pipe", p[0], b, 1L, 0L);
  // Descriptors
  int d = OK(dup, "good", fd); IS(dup, "nobody's", NOFD); IS(dup, "negative", -1);
  IS(dup3, "good", fd, 60, 0); IS(dup3, "same", fd, fd, 0); IS(dup3, "flags", fd, 61, 1); IS(dup3, "nobody's", NOFD, 61, 0);
  IS(dup3, "beyond all", fd, 1 << 30, 0); IS(dup3, "negative", fd, -1, 0);
  IS(close, "good", 60); IS(close, "again", 60); IS(close, "negative", -1);
  IS(close_range, "order", 70, 60, 0); IS(close_range, "flags", 60, 70, 1); IS(close_range, "mark", 60, 70, 4);
  dup3(fd, 62, 0); IS(close_range, "good", 60U, 70U, 0); IS(close, "closed by range", 62);
  IS(fcntl, "F_GETFD", fd, F_GETFD); IS(fcntl, "F_SETFD", fd, F_SETFD, 1); IS(fcntl, "F_GETFD", fd, F_GETFD);
  IS(fcntl, "command", fd, 4711, 0); IS(fcntl, "nobody's", NOFD, F_GETFD); IS(fcntl, "F_DUPFD", fd, F_DUPFD, 65);
  IS(fcntl, "F_DUPFD beyond", fd, F_DUPFD, 1 << 30); IS(fcntl, "F_DUPFD negative", fd, F_DUPFD, -1);
  IS(fcntl, "F_DUPFD_CLOEXEC", fd, F_DUPFD_CLOEXEC, 66); IS(fcntl, "F_SETLK", fd, F_SETLK, &l);
  IS(fcntl, "F_SETLK wild", fd, F_SETLK, BAD); IS(fcntl, "F_SETLK read-only", ro, F_SETLK, &l); l.l_whence = 9;
  IS(fcntl, "F_SETLK from where", fd, F_SETLK, &l); IS(fcntl, "F_GETPIPE_SZ", p[0], F_GETPIPE_SZ);
  IS(fcntl, "F_GETPIPE_SZ of a file", fd, F_GETPIPE_SZ);
  IS(flock, "shared", fd, LOCK_SH); IS(flock, "how", fd, 0); IS(flock, "nobody's", NOFD, LOCK_SH);
  IS(ioctl, "FIONREAD", fd, FIONREAD, &n); IS(ioctl, "no terminal", fd, TCGETS, b); IS(ioctl, "nobody's", NOFD, TCGETS, b);
  IS(ioctl, "wild", p[0], FIONREAD, BAD); IS(ioctl, "FIOCLEX", fd, FIOCLEX); IS(fcntl, "FIOCLEX", fd, F_GETFD);
  // Sizes and storage
  IS(truncate, "good", "f", 20L); IS(truncate, "negative", "f", -1L); IS(truncate, "no file", "none", 1L);
  IS(truncate, "folder", ".", 1L); IS(truncate, "wild", BAD, 1L); IS(ftruncate, "good", fd, 12000L);
  IS(ftruncate, "negative", fd, -1L); IS(ftruncate, "read-only", ro, 1L); IS(ftruncate, "nobody's", NOFD, 1L);
  IS(ftruncate, "pipe", p[1], 1L); IS(fallocate, "good", fd, 0, 0L, 100L); IS(fallocate, "no length", fd, 0, 0L, 0L);
  IS(fallocate, "mode", fd, 0x1000, 0L, 1L); IS(fallocate, "pipe", p[1], 0, 0L, 1L); IS(fallocate, "nobody's", NOFD, 0, 0L, 1L);
  IS(fallocate, "read-only", ro, 0, 0L, 1L); IS(fsync, "good", fd); IS(fsync, "nobody's", NOFD); IS(fsync, "pipe", p[1]);
  IS(fdatasync, "good", fd); IS(fdatasync, "nobody's", NOFD); IS(syncfs, "nobody's", NOFD); IS(syncfs, "good", fd);
  IS(sync_file_range, "good", fd, 0L, 0L, 2); IS(sync_file_range, "flags", fd, 0L, 0L, 77);
  IS(sync_file_range, "negative", fd, -1L, 1L, 2); IS(sync_file_range, "nobody's", NOFD, 0L, 0L, 2);
  IS(sync_file_range, "pipe", p[0], 0L, 0L, 2); IS(fadvise64, "good", fd, 0L, 0L, 3); IS(fadvise64, "advice", fd, 0L, 0L, 77);
  IS(fadvise64, "pipe", p[0], 0L, 0L, 3); IS(fadvise64, "nobody's", NOFD, 0L, 0L, 3); IS(readahead, "good", ro, 0L, 100L);
  IS(readahead, "pipe", p[0], 0L, 100L); IS(readahead, "nobody's", NOFD, 0L, 100L);
  // Names
  IS(mkdirat, "good", AT_FDCWD, "d", 0777); IS(mkdirat, "again", AT_FDCWD, "d", 0777); IS(mkdirat, "wild", AT_FDCWD, BAD, 0777);
  IS(mkdirat, "in nothing", AT_FDCWD, "none/d", 0777); IS(mkdirat, "in a file", fd, "d", 0777);
  int dir = openat(AT_FDCWD, "d", O_DIRECTORY);
  IS(mknodat, "file", dir, "n", S_IFREG | 0666, 0); IS(mknodat, "again", dir, "n", S_IFREG | 0666, 0);
  IS(mknodat, "pipe", dir, "p", S_IFIFO | 0666, 0); IS(mknodat, "device", dir, "c", S_IFCHR | 0666, 0x103);
  IS(mknodat, "folder", dir, "e", S_IFDIR | 0777, 0); IS(mknodat, "wild", dir, BAD, S_IFREG, 0);
  IS(mknodat, "nobody's", NOFD, "x", S_IFREG, 0); IS(symlinkat, "good", "n", dir, "s"); IS(symlinkat, "empty", "", dir, "t");
  IS(symlinkat, "again", "n", dir, "s"); IS(symlinkat, "wild", BAD, dir, "t"); IS(linkat, "good", dir, "n", dir, "l", 0);
  IS(linkat, "flags", dir, "n", dir, "m", 1); IS(linkat, "folder", AT_FDCWD, "d", dir, "m", 0);
  IS(linkat, "wild", dir, BAD, dir, "m", 0); IS(linkat, "nothing", dir, "none", dir, "m", 0);
  memset(b, 0, 100); IS(readlinkat, "good", dir, "s", b, 50); printf("%s\n", b); IS(readlinkat, "cut", dir, "s", b, 1);
  IS(readlinkat, "no room", dir, "s", b, 0); IS(readlinkat, "no link", dir, "n", b, 50); IS(readlinkat, "wild", dir, "s", BAD, 9);
  IS(renameat2, "good", dir, "l", dir, "r", 0); IS(renameat2, "none", dir, "none", dir, "r", 0);
  IS(renameat2, "flags", dir, "r", dir, "l", 77); IS(renameat2, "both flags", dir, "r", dir, "l", RENAME_NOREPLACE | RENAME_EXCHANGE);
  IS(renameat2, "keeps", dir, "r", dir, "n", RENAME_NOREPLACE); IS(renameat2, "into itself", AT_FDCWD, "d", AT_FDCWD, "d/x", 0);
  IS(renameat2, "wild", dir, BAD, dir, "l", 0); IS(unlinkat, "good", dir, "r", 0); IS(unlinkat, "folder", AT_FDCWD, "d", 0);
  IS(unlinkat, "no folder", dir, "n", AT_REMOVEDIR); IS(unlinkat, "flags", dir, "n", 1); IS(unlinkat, "wild", dir, BAD, 0);
  IS(unlinkat, "not empty", AT_FDCWD, "d", AT_REMOVEDIR); IS(unlinkat, "point", AT_FDCWD, ".", AT_REMOVEDIR);
  // Rights, owners, times
  IS(faccessat, "good", dir, "n", R_OK); IS(faccessat, "mode", dir, "n", 77); IS(faccessat, "none", dir, "none", 0);
  IS(faccessat, "wild", dir, BAD, 0); IS(faccessat2, "good", dir, "n", R_OK, AT_EACCESS); IS(faccessat2, "flags", dir, "n", 0, 1);
  IS(faccessat2, "link itself", dir, "s", F_OK, AT_SYMLINK_NOFOLLOW); IS(fchmod, "good", fd, 0640); IS(fchmod, "nobody's", NOFD, 0);
  IS(fchmodat, "good", dir, "n", 0600); IS(fchmodat, "none", dir, "none", 0600); IS(fchmodat, "wild", dir, BAD, 0600);
  IS(fchmodat2, "good", dir, "n", 0700, 0); IS(fchmodat2, "none", dir, "none", 0600, 0); IS(fchmodat2, "flags", dir, "n", 0600, 1);
  IS(fchmodat2, "link itself", dir, "s", 0600, AT_SYMLINK_NOFOLLOW); IS(fchmodat2, "empty name", fd, "", 0644, AT_EMPTY_PATH);
  IS(fstat, "modes", fd, &st); printf("%o", st.st_mode); fstatat(dir, "n", &st, 0); printf(" %o\n", st.st_mode);
  IS(fchown, "as it is", fd, -1, -1); IS(fchown, "own", fd, getuid(), getgid()); IS(fchown, "somebody else's", fd, 54321, -1);
  IS(fchown, "nobody's", NOFD, -1, -1); IS(fchownat, "as it is", dir, "n", -1, -1, 0); IS(fchownat, "flags", dir, "n", -1, -1, 1);
  IS(fchownat, "somebody else's", dir, "n", -1, 54321, 0); IS(fchownat, "none", dir, "none", -1, -1, 0);
  IS(fchownat, "link itself", dir, "s", getuid(), -1, AT_SYMLINK_NOFOLLOW); IS(fchownat, "empty name", fd, "", -1, -1, AT_EMPTY_PATH);
  IS(fchownat, "wild", dir, BAD, -1, -1, 0); struct timespec t[2] = {{5, 6}, {7, 8}};
  IS(utimensat, "good", dir, "n", t, 0); IS(utimensat, "flags", dir, "n", t, 1); IS(utimensat, "wild", dir, "n", BAD, 0);
  IS(utimensat, "descriptor", fd, 0L, t, 0); t[0].tv_nsec = 1000000000; IS(utimensat, "time", dir, "n", t, 0);
  IS(utimensat, "none", dir, "none", 0L, 0); umask(077); IS(umask, "is what it was", 022); IS(umask, "cut", 07777); umask(022);
  // Status
  IS(newfstatat, "good", dir, "n", &st, 0); printf("%o %ld\n", st.st_mode, (long)st.st_mtime);
  IS(newfstatat, "link itself", dir, "s", &st, AT_SYMLINK_NOFOLLOW); printf("%o\n", st.st_mode & S_IFMT);
  IS(newfstatat, "empty name", fd, "", &st, AT_EMPTY_PATH); IS(newfstatat, "empty without flag", fd, "", &st, 0);
  IS(newfstatat, "flags", dir, "n", &st, 1); IS(newfstatat, "wild", dir, "n", BAD, 0); IS(fstat, "wild", fd, BAD);
  IS(fstat, "nobody's", NOFD, &st); IS(statx, "good", dir, "n", 0, STATX_BASIC_STATS, &sx); printf("%o\n", sx.stx_mode);
  IS(statx, "flags", dir, "n", 1, STATX_BASIC_STATS, &sx); IS(statx, "mask", dir, "n", 0, 1U << 31, &sx);
  IS(statx, "wild", dir, "n", 0, STATX_MODE, BAD); IS(statfs, "good", ".", &sf); IS(statfs, "none", "none", &sf);
  IS(statfs, "wild", ".", BAD); IS(fstatfs, "good", fd, &sf); IS(fstatfs, "nobody's", NOFD, &sf); IS(fstatfs, "wild", fd, BAD);
  // Folders
  printf("getdents64 %d\n", syscall(SYS_getdents64, dir, b, 8192) > 0); IS(getdents64, "end", dir, b, 8192); IS(getdents64, "file", fd, b, 8192); lseek(dir, 0, 0);
  IS(getdents64, "no room", dir, b, 10); IS(getdents64, "nobody's", NOFD, b, 100); IS(getdents64, "wild", dir, BAD, 8192);
  OK(getcwd, "good", b, 4096L); IS(getcwd, "no room", b, 1L); IS(getcwd, "wild", BAD, 4096L); IS(chdir, "good", "d");
  IS(chdir, "file", "n"); IS(chdir, "none", "none"); IS(chdir, "wild", BAD); IS(fchdir, "file", fd); IS(fchdir, "nobody's", NOFD);
  IS(chdir, "back", ".."); IS(fchdir, "good", dir); IS(chdir, "back", "..");
  // Attributes
  IS(getxattr, "none", "none", "user.x", b, 9L); IS(lgetxattr, "wild", BAD, "user.x", b, 9L);
  IS(fgetxattr, "nobody's", NOFD, "user.x", b, 9L); IS(setxattr, "none", "none", "user.x", "v", 1L, 0);
  IS(setxattr, "flags", "f", "user.x", "v", 1L, 77); IS(lsetxattr, "name", "f", BAD, "v", 1L, 0);
  IS(lsetxattr, "empty name", "f", "", "v", 1L, 0); IS(fsetxattr, "nobody's", NOFD, "user.x", "v", 1L, 0);
  IS(fsetxattr, "too large", fd, "user.x", big, 70000L, 0); IS(listxattr, "none", "none", b, 100L);
  IS(llistxattr, "wild", BAD, b, 100L); IS(flistxattr, "nobody's", NOFD, b, 100L); IS(removexattr, "none", "none", "user.x");
  IS(lremovexattr, "name", "f", BAD); IS(fremovexattr, "nobody's", NOFD, "user.x");
  IS(setxattr, "good", "f", "user.x", "v", 1L, 0); IS(lsetxattr, "good", "f", "user.x", "v", 1L, 0);
  IS(fsetxattr, "good", fd, "user.x", "v", 1L, 0); IS(getxattr, "good", "f", "user.x", b, 9L);
  IS(lgetxattr, "good", "f", "user.x", b, 9L); IS(fgetxattr, "good", fd, "user.x", b, 9L); IS(listxattr, "good", "f", b, 100L);
  IS(llistxattr, "good", "f", b, 100L); IS(flistxattr, "good", fd, b, 100L); IS(removexattr, "good", "f", "user.x");
  IS(lremovexattr, "good", "f", "user.x"); IS(fremovexattr, "good", fd, "user.x");
  // Others
  OK(memfd_create, "good", "m", 1); IS(memfd_create, "flags", "m", 0x8000); IS(memfd_create, "wild", BAD, 0);
  memset(big, 'x', 300); IS(memfd_create, "long name", big, 0); struct open_how how = {.flags = O_RDONLY};
  OK(openat2, "good", AT_FDCWD, "f", &how, sizeof how);
  for (const char *e = "d/n\0d/p\0d/s\0d/c\0f\0g\0"; *e; e += strlen(e) + 1) unlink(e);
  IS(unlinkat, "empty folder", AT_FDCWD, "d", AT_REMOVEDIR);
  return 0;
}
