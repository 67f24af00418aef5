// Bare metal: console and exit through HTIF (the `tohost` and `fromhost` words that Spike, QEMU and rvsim watch),
// and the last words after a trap.
#include "rt.h"
#include <stdint.h>
#include <stdio.h>

// The host finds both by name; each is one 64-bit word (its ELF size matters to QEMU) on a page that holds nothing else.
__attribute__((used, section(".tohost"), aligned(4096))) volatile uint64_t tohost = 0;
__attribute__((used, section(".tohost"), aligned(64))) volatile uint64_t fromhost = 0;

static void send(uint64_t device, uint64_t command, uint64_t payload) {
    while (tohost != 0)
        fromhost = 0;
    tohost = device << 56 | command << 48 | payload;
}

void rt_write(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        send(1, 1, (unsigned char)text[i]);
}

// The host ends the run with the low 8 bits of the status, as a Linux process would.
_Noreturn void rt_exit(int status) {
    send(0, 0, (uint64_t)(status & 255) << 1 | 1);
    for (;;)
        ;
}

static const char *const causes[] = {
    "instruction address misaligned", "instruction access fault", "illegal instruction", "breakpoint",
    "load address misaligned", "load access fault", "store address misaligned", "store access fault",
    "environment call from U mode", "environment call from S mode", "reserved", "environment call from M mode",
    "instruction page fault", "load page fault", "reserved", "store page fault",
};

// The signal that a Linux process would have died of: SIGILL 4, SIGTRAP 5, SIGBUS 7, SIGSEGV 11.
static int signal_of(uint64_t cause) {
    switch (cause) {
    case 2: return 4;
    case 3: return 5;
    case 0: case 4: case 6: return 7;
    default: return 11;
    }
}

_Noreturn void report_trap(uint64_t cause, uint64_t pc, uint64_t value) {
    const char *name = cause < sizeof causes / sizeof causes[0] ? causes[cause] : "interrupt or unknown cause";
    printf("trap: %s (mcause 0x%lx) at pc 0x%lx, mtval 0x%lx\n", name, cause, pc, value);
    rt_exit(128 + signal_of(cause));
}
