#define _GNU_SOURCE
#include "CHost.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif
const int host_open_path = O_PATH;
const int host_open_temporary = O_TMPFILE;
const int host_open_direct = O_DIRECT;
#else
const int host_open_path = 0;
const int host_open_temporary = 0;
const int host_open_direct = 0;
#endif

#ifndef __linux__
static int refused(void) {
  errno = ENOSYS;
  return -1;
}
#endif

int host_pipe(int ends[2], int nonblocking) {
#ifdef __linux__
  return pipe2(ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0));
#else
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    if (nonblocking) fcntl(ends[i], F_SETFL, O_NONBLOCK);
  }
  return 0;
#endif
}

int host_event_counter(unsigned start, int semaphore, int nonblocking) {
#ifdef __linux__
  return eventfd(start, EFD_CLOEXEC | (semaphore ? EFD_SEMAPHORE : 0) | (nonblocking ? EFD_NONBLOCK : 0));
#else
  return refused();
#endif
}

int host_memory_file(void) {
#ifdef __linux__
  return memfd_create("rvsim", MFD_CLOEXEC);
#else
  char name[] = "/tmp/rvsim-XXXXXX";
  int descriptor = mkstemp(name);
  if (descriptor >= 0) unlink(name);
  return descriptor;
#endif
}

int host_poll(struct pollfd *descriptors, unsigned long count, uint64_t nanoseconds, const volatile uint32_t *flag) {
#ifdef __linux__
  struct timespec time = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
  const struct timespec *limit = nanoseconds == UINT64_MAX ? NULL : &time;
  if (!flag) return ppoll(descriptors, count, limit, NULL);
  sigset_t wake, old;
  sigemptyset(&wake);
  sigaddset(&wake, SIGURG);
  pthread_sigmask(SIG_BLOCK, &wake, &old);
  int result = -1;
  errno = EINTR;
  if (!*flag) {
    sigset_t open = old;
    sigdelset(&open, SIGURG);
    result = ppoll(descriptors, count, limit, &open);
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  errno = error;
  return result;
#else
  (void)flag;
  uint64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
  return poll(descriptors, (nfds_t)count, nanoseconds == UINT64_MAX ? -1 : milliseconds > 1 << 30 ? 1 << 30 : (int)milliseconds);
#endif
}

int host_poll_set_create(void) {
#ifdef __linux__
  return epoll_create1(EPOLL_CLOEXEC);
#else
  return refused();
#endif
}

int host_poll_set_change(int set, int operation, int descriptor, uint32_t events, uint64_t data) {
#ifdef __linux__
  struct epoll_event event = {.events = events, .data.u64 = data};
  return epoll_ctl(set, operation, descriptor, &event);
#else
  return refused();
#endif
}

int host_poll_set_take(int set, uint32_t *events, uint64_t *data, int limit) {
#ifdef __linux__
  struct epoll_event found[256];
  int count = epoll_wait(set, found, limit < 256 ? limit : 256, 0);
  for (int i = 0; i < count; i++) {
    events[i] = found[i].events;
    data[i] = found[i].data.u64;
  }
  return count;
#else
  return refused();
#endif
}

int host_rename(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
#ifdef __linux__
  return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
#else
  return flags ? refused() : renameat(from_directory, from, to_directory, to);
#endif
}

int host_allocate(int descriptor, int mode, int64_t offset, int64_t length) {
#ifdef __linux__
  return fallocate(descriptor, mode, offset, length);
#else
  return refused();
#endif
}

ssize_t host_copy_range(int in, int64_t *in_offset, int out, int64_t *out_offset, size_t length) {
#ifdef __linux__
  return copy_file_range(in, in_offset, out, out_offset, length, 0);
#else
  return refused();
#endif
}

ssize_t host_splice(int in, int64_t *in_offset, int out, int64_t *out_offset, size_t length, unsigned flags) {
#ifdef __linux__
  return splice(in, in_offset, out, out_offset, length, flags);
#else
  return refused();
#endif
}

ssize_t host_send_file(int out, int in, int64_t *offset, size_t count) {
#ifdef __linux__
  return sendfile(out, in, offset, count);
#else
  return refused();
#endif
}

int host_accept(int socket, struct sockaddr *address, socklen_t *length, int nonblocking) {
#ifdef __linux__
  return accept4(socket, address, length, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
#else
  (void)nonblocking;
  return accept(socket, address, length);
#endif
}

int host_file_system_of(int descriptor, struct host_file_system *result) {
#ifdef __linux__
  struct statfs found;
  if (fstatfs(descriptor, &found) != 0) return -1;
  uint64_t identity;
  memcpy(&identity, &found.f_fsid, sizeof identity);
  *result = (struct host_file_system){
      .type = (uint64_t)found.f_type, .block_size = (uint64_t)found.f_bsize, .blocks = found.f_blocks,
      .free_blocks = found.f_bfree, .available_blocks = found.f_bavail, .files = found.f_files, .free_files = found.f_ffree,
      .identity = identity, .name_length = (uint64_t)found.f_namelen, .fragment_size = (uint64_t)found.f_frsize,
      .flags = (uint64_t)found.f_flags};
  return 0;
#else
  return refused();
#endif
}

int host_terminal_get(int descriptor, uint8_t *bytes) {
#ifdef __linux__
  // The kernel's structure, not the C library's; it is the same on riscv64, x86-64 and arm64.
  uint8_t found[64] = {0};
  if (ioctl(descriptor, TCGETS, found) != 0) return -1;
  memcpy(bytes, found, 36);
  return 0;
#else
  return refused();
#endif
}

int host_terminal_set(int descriptor, int when, const uint8_t *bytes) {
#ifdef __linux__
  uint8_t wanted[64] = {0};
  memcpy(wanted, bytes, 36);
  return ioctl(descriptor, when == 0 ? TCSETS : when == 1 ? TCSETSW : TCSETSF, wanted);
#else
  return refused();
#endif
}

_Static_assert(sizeof(pthread_mutex_t) <= host_lock_size, "room for the lock");

int host_lock_create(void *lock) {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
#ifdef __linux__
  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
#endif
  int result = pthread_mutex_init(lock, &kind);
  pthread_mutexattr_destroy(&kind);
  return result ? -1 : 0;
}

void host_lock(void *lock) {
  int result = pthread_mutex_lock(lock);
#ifdef __linux__
  if (result == EOWNERDEAD) pthread_mutex_consistent(lock);
#else
  (void)result;
#endif
}

void host_unlock(void *lock) { pthread_mutex_unlock(lock); }

void *host_shared_memory(size_t size) {
  void *result = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
  return result == MAP_FAILED ? NULL : result;
}

int host_child_end(pid_t child) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_signo == 0) return -1;
  return info.si_code == CLD_EXITED ? 0 : info.si_status;
}

enum { wake_count = 256 };
static _Atomic(uint64_t *) wake_words[wake_count];
// Who is to be woken: the thread that has registered the word.
static pthread_t wake_threads[wake_count];

// A signal for the process goes to any thread that does not block it. One that is about to sleep does, for a moment: another thread must
// not keep the wake for itself.
static void wake(int number, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  for (int i = 0; i < wake_count; i++) {
    uint64_t *word = atomic_load_explicit(&wake_words[i], memory_order_acquire);
    if (!word) continue;
    *(volatile uint64_t *)word = 0;
#ifdef __linux__
    if (info->si_code == SI_USER && !pthread_equal(pthread_self(), wake_threads[i])) pthread_kill(wake_threads[i], number);
#else
    (void)info;
    (void)number;
#endif
  }
  errno = error;
}

int host_wake_register(uint64_t *word) {
  for (int i = 0; i < wake_count; i++) {
    uint64_t *nothing = NULL;
    static uint64_t reserved = 1;
    if (!atomic_compare_exchange_strong(&wake_words[i], &nothing, &reserved)) continue;
    wake_threads[i] = pthread_self();
    atomic_store_explicit(&wake_words[i], word, memory_order_release);
    return 0;
  }
  return -1;
}

void host_wake_unregister(uint64_t *word) {
  for (int i = 0; i < wake_count; i++) {
    uint64_t *expected = word;
    if (atomic_compare_exchange_strong(&wake_words[i], &expected, NULL)) return;
  }
}

void host_tick(int on) {
#ifdef __linux__
  static _Thread_local timer_t timer;
  static _Thread_local pid_t owner;
  static atomic_flag installed = ATOMIC_FLAG_INIT;
  if (!atomic_flag_test_and_set(&installed)) host_wake_install();
  // A copy of the process has none of its timers.
  if (owner != getpid()) {
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGURG;
    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
    owner = getpid();
  }
  struct timespec interval = {0, on ? 20000000 : 0};
  struct itimerspec setting = {interval, interval};
  timer_settime(timer, 0, &setting, NULL);
#else
  (void)on;
#endif
}

void host_wake_install(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = wake;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGURG, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGURG);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
