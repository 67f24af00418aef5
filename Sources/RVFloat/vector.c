// Whole vectors of singles and doubles.
//
// A block of 64 bytes is one value of the compiler's vector type, which becomes one AVX-512, two AVX2 or four SSE operations, whatever the
// function around it is compiled for. Blocks with a NaN among their results, which are rare, are done again by the scalar functions, which
// know what else a NaN raises.

#include "internal.h"
#include "RVFloatVector.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

#define ALWAYS static inline __attribute__((always_inline))

typedef float block_s __attribute__((vector_size(64)));
typedef double block_d __attribute__((vector_size(64)));
typedef int32_t ints_s __attribute__((vector_size(64)));
typedef int64_t ints_d __attribute__((vector_size(64)));

enum { LANES_s = 16, LANES_d = 8 };

// On arm64 the host's idea of underflow is not ours: the scalar functions do it all.
#define BLOCKS_ARE_EXACT (!RVF_TININESS_BEFORE_ROUNDING)

/// One element of a block that has to be done by itself.
#define DEFINE_2(name, op, scalar, f, bits_t)                                                                                \
    ALWAYS void name##_##f##_body(char *out, const char *a, const char *b, size_t count) {                                   \
        for (size_t at = 0; at < count; at += LANES_##f) {                                                                   \
            size_t left = count - at, here = left < LANES_##f ? left : LANES_##f;                                            \
            block_##f x, y, r;                                                                                               \
            if (here == LANES_##f) {                                                                                         \
                memcpy(&x, a + at * sizeof(bits_t), sizeof x);                                                               \
                memcpy(&y, b + at * sizeof(bits_t), sizeof y);                                                               \
            } else {                                                                                                         \
                /* What is not there must not raise anything: 1 op 1. */                                                     \
                x = y = (block_##f){} + 1;                                                                                   \
                memcpy(&x, a + at * sizeof(bits_t), here * sizeof(bits_t));                                                  \
                memcpy(&y, b + at * sizeof(bits_t), here * sizeof(bits_t));                                                  \
            }                                                                                                                \
            r = x op y;                                                                                                      \
            if (RVF_RARE(!BLOCKS_ARE_EXACT || __builtin_reduce_or((ints_##f)(r != r)))) {                                    \
                for (size_t lane = 0; lane < here; lane++) {                                                                 \
                    bits_t u = bits_##f(x[lane]), v = bits_##f(y[lane]);                                                     \
                    r[lane] = host_##f((bits_t)scalar(box_##f(u), box_##f(v)));                                              \
                }                                                                                                            \
            }                                                                                                                \
            memcpy(out + at * sizeof(bits_t), &r, here * sizeof(bits_t));                                                    \
        }                                                                                                                    \
    }                                                                                                                        \
    DISPATCH(name##_##f, (void *out, const void *a, const void *b, size_t count), (out, a, b, count))

#define DEFINE_3(name, p, q, scalar, f, bits_t)                                                                              \
    ALWAYS void name##_##f##_body(char *out, const char *a, const char *b, const char *c, size_t count, bool fused) {        \
        for (size_t at = 0; at < count; at += LANES_##f) {                                                                   \
            size_t left = count - at, here = left < LANES_##f ? left : LANES_##f;                                            \
            block_##f x, y, z, r;                                                                                            \
            if (here == LANES_##f) {                                                                                         \
                memcpy(&x, a + at * sizeof(bits_t), sizeof x);                                                               \
                memcpy(&y, b + at * sizeof(bits_t), sizeof y);                                                               \
                memcpy(&z, c + at * sizeof(bits_t), sizeof z);                                                               \
            } else {                                                                                                         \
                x = y = z = (block_##f){} + 1;                                                                               \
                memcpy(&x, a + at * sizeof(bits_t), here * sizeof(bits_t));                                                  \
                memcpy(&y, b + at * sizeof(bits_t), here * sizeof(bits_t));                                                  \
                memcpy(&z, c + at * sizeof(bits_t), here * sizeof(bits_t));                                                  \
            }                                                                                                                \
            r = x;                                                                                                           \
            if (fused) r = __builtin_elementwise_fma(p x, y, q z);                                                           \
            if (RVF_RARE(!fused || !BLOCKS_ARE_EXACT || __builtin_reduce_or((ints_##f)(r != r)))) {                          \
                for (size_t lane = 0; lane < here; lane++) {                                                                 \
                    bits_t u = bits_##f(x[lane]), v = bits_##f(y[lane]), w = bits_##f(z[lane]);                              \
                    r[lane] = host_##f((bits_t)scalar(box_##f(u), box_##f(v), box_##f(w)));                                  \
                }                                                                                                            \
            }                                                                                                                \
            memcpy(out + at * sizeof(bits_t), &r, here * sizeof(bits_t));                                                    \
        }                                                                                                                    \
    }                                                                                                                        \
    DISPATCH_FUSED(name##_##f, (void *out, const void *a, const void *b, const void *c, size_t count), (out, a, b, c, count))

#if defined(__x86_64__)
static int lanes_of_host;   // 0 SSE2, 1 AVX2 with FMA, 2 AVX-512

__attribute__((constructor)) static void count_lanes(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) lanes_of_host = 1;
    if (lanes_of_host && __builtin_cpu_supports("avx512f")) lanes_of_host = 2;
}

#define UNPACK(...) __VA_ARGS__
#define DISPATCH(name, parameters, arguments)                                                                                \
    __attribute__((target("avx512f,avx2,fma"))) static void name##_512 parameters { name##_body arguments; }                 \
    __attribute__((target("avx2,fma"))) static void name##_256 parameters { name##_body arguments; }                         \
    void rvf_vector_##name parameters {                                                                                      \
        if (lanes_of_host == 2) return name##_512 arguments;                                                                 \
        if (lanes_of_host == 1) return name##_256 arguments;                                                                 \
        name##_body arguments;                                                                                               \
    }
#define DISPATCH_FUSED(name, parameters, arguments)                                                                          \
    __attribute__((target("avx512f,avx2,fma"))) static void name##_512 parameters { CALL(name##_body, true, UNPACK arguments); } \
    __attribute__((target("avx2,fma"))) static void name##_256 parameters { CALL(name##_body, true, UNPACK arguments); }     \
    void rvf_vector_##name parameters {                                                                                      \
        if (lanes_of_host == 2) return name##_512 arguments;                                                                 \
        if (lanes_of_host == 1) return name##_256 arguments;                                                                 \
        CALL(name##_body, false, UNPACK arguments);                                                                          \
    }
#else
#define UNPACK(...) __VA_ARGS__
#define DISPATCH(name, parameters, arguments) void rvf_vector_##name parameters { name##_body arguments; }
#define DISPATCH_FUSED(name, parameters, arguments)                                                                          \
    void rvf_vector_##name parameters { CALL(name##_body, true, UNPACK arguments); }
#endif
#define CALL(function, fused, ...) function(__VA_ARGS__, fused)

#define DEFINE_BOTH_2(name, op, scalar) DEFINE_2(name, op, scalar##_s, s, uint32_t) DEFINE_2(name, op, scalar##_d, d, uint64_t)
#define DEFINE_BOTH_3(name, p, q, scalar) DEFINE_3(name, p, q, scalar##_s, s, uint32_t) DEFINE_3(name, p, q, scalar##_d, d, uint64_t)

DEFINE_BOTH_2(add, +, rvf_fadd)
DEFINE_BOTH_2(sub, -, rvf_fsub)
DEFINE_BOTH_2(mul, *, rvf_fmul)
DEFINE_BOTH_2(div, /, rvf_fdiv)
DEFINE_BOTH_3(madd, +, +, rvf_fmadd)
DEFINE_BOTH_3(msub, +, -, rvf_fmsub)
DEFINE_BOTH_3(nmsub, -, +, rvf_fnmsub)
DEFINE_BOTH_3(nmadd, -, -, rvf_fnmadd)
