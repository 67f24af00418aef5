// One dependent chain of loads through 64 MiB in random order: every load waits for the one before, and nearly every one
// misses the caches and the TLB of the machine below.
#include "bench.h"

enum { LINES = 1 << 20, WORDS = 8 }; // one word in each cache line is used

static uint64_t next[LINES * WORDS] __attribute__((aligned(4096), section(".bss.noinit")));

uint64_t kernel(void) {
    // Sattolo's shuffle: a single cycle through all lines.
    for (uint64_t i = 0; i < LINES; i++)
        next[i * WORDS] = i * WORDS;
    uint64_t seed = 88172645463325252;
    for (uint64_t i = LINES - 1; i > 0; i--) {
        uint64_t j = (next_random(&seed) >> 32) * i >> 32;
        uint64_t swapped = next[i * WORDS];
        next[i * WORDS] = next[j * WORDS];
        next[j * WORDS] = swapped;
    }
    uint64_t at = 0;
    for (uint64_t i = scaled(9000000); i > 0; i--)
        at = next[at];
    return mix(at, next[at]);
}
