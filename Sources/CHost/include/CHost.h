// Calls of the host that Swift's Glibc module does not show. Each returns what the host does, -1 with errno set on failure; where the
// host has no such call, errno is ENOSYS.
#ifndef CHOST_H
#define CHOST_H

#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

// Flags of open that Glibc shows with _GNU_SOURCE only; 0 where the host has none.
extern const int host_open_path;
extern const int host_open_temporary;
extern const int host_open_direct;

int host_pipe(int ends[2], int nonblocking);
int host_event_counter(unsigned start, int semaphore, int nonblocking);
// A file without a name, in memory.
int host_memory_file(void);

// Waits for descriptors, or without any just for time. `flag`, where given, is looked at with SIGURG blocked, which comes in during the
// wait only: when it is not zero already, the wait is interrupted at once. UINT64_MAX nanoseconds are for ever.
int host_poll(struct pollfd *descriptors, unsigned long count, uint64_t nanoseconds, const volatile uint32_t *flag);

int host_poll_set_create(void);
int host_poll_set_change(int set, int operation, int descriptor, uint32_t events, uint64_t data);
// Fills in what is ready now, without waiting.
int host_poll_set_take(int set, uint32_t *events, uint64_t *data, int limit);

int host_rename(int from_directory, const char *from, int to_directory, const char *to, unsigned flags);
int host_allocate(int descriptor, int mode, int64_t offset, int64_t length);
ssize_t host_copy_range(int in, int64_t *in_offset, int out, int64_t *out_offset, size_t length);
ssize_t host_splice(int in, int64_t *in_offset, int out, int64_t *out_offset, size_t length, unsigned flags);
ssize_t host_send_file(int out, int in, int64_t *offset, size_t count);
int host_accept(int socket, struct sockaddr *address, socklen_t *length, int nonblocking);

struct host_file_system {
  uint64_t type, block_size, blocks, free_blocks, available_blocks, files, free_files, identity, name_length, fragment_size, flags;
};
int host_file_system_of(int descriptor, struct host_file_system *result);

// The kernel's struct termios of riscv64, 36 bytes.
int host_terminal_get(int descriptor, uint8_t *bytes);
// when: 0 at once, 1 after the output is written, 2 and input is dropped too.
int host_terminal_set(int descriptor, int when, const uint8_t *bytes);

// A lock in memory that processes share; one that dies while it holds it lets go of it.
int host_lock_create(void *lock);
void host_lock(void *lock);
void host_unlock(void *lock);
enum { host_lock_size = 64 };
// Memory that copies of the process share; reads as zero. NULL on failure.
void *host_shared_memory(size_t size);

// What has ended a child that nobody has waited for yet: the signal, 0 when it ended by itself; -1 while it runs, or is none.
int host_child_end(pid_t child);

// Words that the handler of SIGURG sets to zero: deadlines of run loops. Both return 0, or -1 when there is no room.
int host_wake_register(uint64_t *word);
void host_wake_unregister(uint64_t *word);
void host_wake_install(void);
// SIGURG for this thread 50 times a second, from now on or no longer: wakes a call that no poll can guard.
void host_tick(int on);

#endif
