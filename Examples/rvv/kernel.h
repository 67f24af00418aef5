// What the vector kernels share: the same random numbers everywhere, and a checksum.
//
// Every kernel has the same shape: the kernel itself, free of global state; fill() makes its data, with a margin around what
// it may write; work() calls it; result() is a checksum that no VLEN changes; main() judges against a scalar reference.
#ifndef RVSIM_EXAMPLES_KERNEL_H
#define RVSIM_EXAMPLES_KERNEL_H

#include <stddef.h>
#include <stdint.h>

// How often the kernel runs, for measuring.
#ifndef REPEAT
#define REPEAT 1
#endif

static inline void repeat(void (*work)(void)) {
    for (long i = 0; i < REPEAT; i++) {
        work();
        __asm__ volatile("" : : : "memory"); // what each run writes counts as read
    }
}

static inline uint32_t random_bits(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}

// Uniform in [-1, 1), with 24 significant bits: products and sums of such numbers round.
static inline float random_value(uint64_t *state) { return (float)(int32_t)random_bits(state) * 0x1p-31f; }

#define CHECKSUM_START UINT64_C(14695981039346656037)

// FNV-1a over bytes.
static inline uint64_t checksum(uint64_t sum, const void *data, size_t bytes) {
    const unsigned char *byte = data;
    for (size_t i = 0; i < bytes; i++)
        sum = (sum ^ byte[i]) * UINT64_C(1099511628211);
    return sum;
}

// The largest relative error that a sum of `terms` rounded products can have, in units of the sum of |products|, when each
// step rounds by at most `unit` (2^-24 for f32, 2^-11 for f16): Higham's gamma.
static inline double sum_bound(size_t terms, double unit) {
    double steps = (double)terms * unit;
    return steps / (1 - steps);
}

#endif
