#pragma once

// What the files of vector loops share: blocks of 64 bytes, and the choice of the widest instructions that the host has.

#include "element.h"
#include "RVFloatVector.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

// Blocks are passed among functions that are all inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define ALWAYS static inline __attribute__((always_inline, unused))

typedef float block_s __attribute__((vector_size(64)));
typedef double block_d __attribute__((vector_size(64)));
typedef int32_t ints_s __attribute__((vector_size(64)));
typedef int64_t ints_d __attribute__((vector_size(64)));
typedef uint32_t uints_s __attribute__((vector_size(64)));

enum { LANES_s = 16, LANES_d = 8 };

static const ints_s lanes_s = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const ints_d lanes_d = {0, 1, 2, 3, 4, 5, 6, 7};

// On arm64 the host's idea of underflow is not ours: the scalar functions do it all.
#define BLOCKS_ARE_EXACT (!RVF_TININESS_BEFORE_ROUNDING)

#define RVF_BLOCK(f, int_t, bits_of_one)                                                                                     \
    ALWAYS block_##f load_##f(const void *from) { block_##f r; memcpy(&r, from, sizeof r); return r; }                       \
    ALWAYS block_##f splat_##f(const void *from) { int_t r; memcpy(&r, from, sizeof r); return (block_##f)((ints_##f){} + r); } \
    /* The first `left` lanes; 1 in the others, which raises nothing in any operation. */                                    \
    ALWAYS block_##f some_##f(block_##f x, size_t left) {                                                                    \
        ints_##f keep = lanes_##f < (int_t)left, one = (ints_##f){} + (int_t)bits_of_one;                                     \
        return (block_##f)(((ints_##f)x & keep) | (one & ~keep));                                                            \
    }                                                                                                                        \
    ALWAYS void store_##f(void *to, block_##f r, size_t left) {                                                              \
        if (RVF_RARE(left < LANES_##f)) {                                                                                    \
            ints_##f keep = lanes_##f < (int_t)left, old = (ints_##f)load_##f(to);                        \
            r = (block_##f)(((ints_##f)r & keep) | (old & ~keep));                                                           \
        }                                                                                                                    \
        memcpy(to, &r, sizeof r);                                                                                            \
    }                                                                                                                        \
    /* Whether the block has to be done lane by lane: there is a NaN among its results. */                                   \
    ALWAYS bool redo_##f(block_##f r) { return !BLOCKS_ARE_EXACT || __builtin_reduce_or((ints_##f)(r != r)); }

RVF_BLOCK(s, int32_t, 0x3f800000)
RVF_BLOCK(d, int64_t, 0x3ff0000000000000)

#if defined(__x86_64__)
/// The function `rvf_vector_NAME`: `NAME_body` compiled for each kind of host, `plain` where there is nothing.
#define DISPATCH_TO(name, plain, parameters, arguments)                                                                      \
    __attribute__((target("avx512f,avx2,fma,f16c"))) static void name##_512 parameters { name##_body arguments; }            \
    __attribute__((target("avx2,fma,f16c"))) static void name##_256 parameters { name##_body arguments; }                    \
    void rvf_vector_##name parameters {                                                                                      \
        if (rvf_host_lanes == 2) return name##_512 arguments;                                                                \
        if (rvf_host_lanes == 1) return name##_256 arguments;                                                                \
        plain arguments;                                                                                                     \
    }
#else
#define DISPATCH_TO(name, plain, parameters, arguments) void rvf_vector_##name parameters { plain arguments; }
#endif
#define DISPATCH(name, parameters, arguments) DISPATCH_TO(name, name##_body, parameters, arguments)
