// What the timed kernels share: a kernel is described by a Family, which has several variants, and measure() prints one line for
// each variant and size, `kernel,variant,n,cycles`. The cycles are those of the better of two runs by the hart's own counter, with
// the call of the variant and the two readings of the counter: look at differences between sizes.
//
// Sizes are chosen so that all data of n <= 16384 stay in a data cache of 32 KiB. `quick` as first argument (Linux), or -DQUICK
// (bare metal, where there are no arguments), leaves out all beyond 1024.
#ifndef RVSIM_EXAMPLES_TIMING_H
#define RVSIM_EXAMPLES_TIMING_H

#include "../include/rvsim.h"
#include "../rvv/kernel.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#ifdef QUICK
enum { QUICKLY = true };
#else
enum { QUICKLY = false };
#endif
enum { QUICK_LIMIT = 1024, MARGIN = 64, MARGIN_BYTE = 0xAA };

// Words of any data.
typedef uint64_t __attribute__((may_alias)) Word;

typedef struct {
    const char *name; // NULL behind the last one
    uint64_t (*run)(void *to, const void *from, size_t n);
    const void *detail; // what wrong() has to know of it
} Variant;

typedef struct {
    const char *name;
    void *to;
    void *from;
    size_t element; // bytes of one; 0: no runs besides those that are measured
    bool square;    // n stands for n rows of n elements
    size_t sizes[8];
    void (*reference)(void *from, size_t n);   // once for each size: makes what is expected
    void (*clear)(void *to, size_t n);         // before each variant
    size_t (*wrong)(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result);
    const Variant *variants;
} Family;

// Bits that are the same on every run.
static inline void fill(void *data, size_t bytes, uint64_t seed) {
    uint32_t *word = data;
    for (size_t i = 0; i < bytes / sizeof *word; i++)
        word[i] = random_bits(&seed);
}

// How many words and odd bytes differ.
static inline size_t different(const void *left, const void *right, size_t bytes) {
    const uint8_t *a = left, *b = right;
    size_t count = 0;
    if ((((uintptr_t)a | (uintptr_t)b) & 7) == 0)
        for (; bytes >= 8; bytes -= 8, a += 8, b += 8)
            count += *(const Word *)a != *(const Word *)b;
    for (; bytes > 0; bytes--)
        count += *a++ != *b++;
    return count;
}

// A result is put between margins, which no kernel may write to.
static inline void clear_result(void *to, size_t bytes) { memset((uint8_t *)to - MARGIN, MARGIN_BYTE, bytes + 2 * MARGIN); }

static inline size_t wrong_margins(const void *to, size_t bytes) {
    const uint8_t *before = (const uint8_t *)to - MARGIN, *behind = (const uint8_t *)to + bytes;
    size_t wrong = 0;
    for (size_t i = 0; i < MARGIN; i++)
        wrong += (before[i] != MARGIN_BYTE) + (behind[i] != MARGIN_BYTE);
    return wrong;
}

// One variant; `times` is 0 for a run that is only checked. Returns whether it was wrong.
static inline bool run_variant(const Family *family, const Variant *variant, size_t offset, size_t n, int times) {
    void *to = (uint8_t *)family->to + offset, *from = (uint8_t *)family->from + offset;
    uint64_t best = UINT64_MAX, result;
    if (family->clear)
        family->clear(to, n);
    for (int i = 0; i == 0 || i < times; i++) {
        uint64_t start = rvsim_cycles();
        result = variant->run(to, from, n);
        uint64_t taken = rvsim_cycles() - start;
        best = taken < best ? taken : best;
    }
    size_t count = family->square ? n * n : n, wrong = family->wrong(variant, to, from, n, result);
    if (wrong)
        printf("# WRONG: %s,%s,%lu: %lu differ\n", family->name, variant->name, (unsigned long)count, (unsigned long)wrong);
    else if (times)
        printf("%s,%s,%lu,%lu\n", family->name, variant->name, (unsigned long)count, (unsigned long)best);
    return wrong != 0;
}

// All sizes and variants; the exit status of the program. Small sizes are also tried with three elements less, one behind the
// aligned address, without measuring.
static inline int measure(const Family *family, int argc, char **argv) {
    bool quick = QUICKLY || (argc > 1 && strcmp(argv[1], "quick") == 0), wrong = false;
    puts("kernel,variant,n,cycles");
    for (const size_t *size = family->sizes; *size; size++) {
        size_t n = *size, count = family->square ? n * n : n;
        if (quick && count > QUICK_LIMIT)
            continue;
        if (family->element && count <= QUICK_LIMIT) {
            if (family->reference)
                family->reference((uint8_t *)family->from + family->element, n - 3);
            for (const Variant *variant = family->variants; variant->name; variant++)
                wrong |= run_variant(family, variant, family->element, n - 3, 0);
        }
        if (family->reference)
            family->reference(family->from, n);
        for (const Variant *variant = family->variants; variant->name; variant++)
            wrong |= run_variant(family, variant, 0, n, 2);
    }
    return wrong;
}

#endif
