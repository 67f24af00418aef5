// Calls that change the whole machine: the simulator refuses them itself, whoever runs it. Only ever run there: on a host, as root, they
// would do what they say.
#include "each.h"
#include <linux/reboot.h>
#include <sys/mount.h>
#include <sys/time.h>

int main(void) {
  struct utsname name;
  if (uname(&name) || !strstr(name.release, "rvsim") || strcmp(name.machine, "riscv64")) return 99;
  setvbuf(stdout, 0, _IOLBF, 0);
  struct timeval tv = {1, 0};
  struct timespec ts = {1, 0};
  gid_t group = 0;
  IS(reboot, "off", LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF, 0L);
  IS(reboot, "magic", 0, 0, 0, 0L);
  IS(sethostname, "good", "rvsim-test", 10L);
  IS(sethostname, "wild", BAD, 10L);
  IS(setdomainname, "good", "rvsim-test", 10L);
  IS(settimeofday, "good", &tv, 0L);
  IS(clock_settime, "good", CLOCK_REALTIME, &ts);
  IS(mount, "good", "none", "/tmp", "tmpfs", 0L, 0L);
  IS(mount, "wild", BAD, BAD, BAD, 0L, BAD);
  IS(umount2, "good", "/tmp", 0);
  IS(pivot_root, "good", "/", "/tmp");
  IS(chroot, "good", "/tmp");
  IS(acct, "off", 0L);
  IS(acct, "good", "/tmp/acct");
  IS(swapon, "good", "/tmp/swap", 0);
  IS(swapoff, "good", "/tmp/swap");
  IS(vhangup, "good");
  IS(setgroups, "good", 1, &group);
  IS(setgroups, "none", 0, 0L);
  // What is asked for with good reason is granted, and does nothing.
  IS(sync, "good");
  // Nothing has changed.
  uname(&name);
  printf("%s\n", name.nodename);
  clock_gettime(CLOCK_REALTIME, &ts);
  printf("%d\n", ts.tv_sec > 1000000);
  printf("%d\n", access("/proc/self/exe", F_OK));
  return 0;
}
