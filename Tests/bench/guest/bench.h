// What a benchmark program is made of: kernel() does the work and returns a value that depends on all of it; main.c prints it.
#ifndef RVSIM_BENCH_H
#define RVSIM_BENCH_H

#include <stddef.h>
#include <stdint.h>

#ifndef SCALE
#define SCALE 1000 // thousandths of the normal amount of work
#endif

uint64_t kernel(void);

static inline uint64_t scaled(uint64_t work) {
    uint64_t result = work * SCALE / 1000;
    return result ? result : 1;
}

static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static inline uint64_t mix(uint64_t sum, uint64_t value) { return (sum ^ value) * UINT64_C(0x9E3779B97F4A7C15) + (sum >> 29); }

#endif
