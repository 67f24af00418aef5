// Every way to reach a file or to change one: argv[1] is a file, argv[2] a folder.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void say(const char *what, long result) { printf("%s %d\n", what, result < 0 ? errno : 0); }

int main(int argc, char **argv) {
  const char *file = argv[1];
  char fresh[4096];
  sprintf(fresh, "%s/fresh", argv[2]);
  setvbuf(stdout, 0, _IOLBF, 0);
  say("read", open(file, O_RDONLY));
  say("write", open(file, O_WRONLY));
  say("create", open(fresh, O_CREAT | O_WRONLY, 0600));
  say("truncate", open(file, O_TRUNC | O_RDONLY));
  say("append", open(file, O_APPEND | O_RDWR));
  say("unlink", unlink(file));
  say("mkdir", mkdir(fresh, 0700));
  say("rmdir", rmdir(argv[2]));
  say("rename", rename(file, fresh));
  say("link", link(file, fresh));
  say("symlink", symlink("x", fresh));
  say("mkfifo", mkfifo(fresh, 0600));
  say("chmod", chmod(file, 0600));
  say("chown", chown(file, -1, -1));
  say("truncate", truncate(file, 1));
  say("utimensat", utimensat(AT_FDCWD, file, 0, 0));
  say("access", access(file, W_OK));
  say("temporary", open(argv[2], O_TMPFILE | O_RDWR, 0600));
  if (open(file, O_RDONLY) < 0) {
    // Without names, asking is as hopeless as changing.
    struct stat st;
    struct statfs sf;
    char text[100];
    say("stat", stat(file, &st));
    say("statfs", statfs("/", &sf));
    say("readlink", readlink("/bin", text, 100));
    say("chdir", chdir("/"));
    say("exec", execl("/bin/true", "true", NULL));
    say("here", open(".", O_RDONLY));
    say("proc", open("/proc/mounts", O_RDONLY));
  }
  say("null", open("/dev/null", O_RDWR));
  say("cpuinfo", open("/proc/cpuinfo", O_RDONLY));
  say("maps", open("/proc/self/maps", O_RDONLY));
  say("write out", write(2, "x", 1));
  return 0;
}
