// Whole vectors of singles and doubles.
//
// A block of 64 bytes is one value of the compiler's vector type, which becomes one AVX-512, two AVX2 or four SSE operations, whatever the
// function around it is compiled for. Blocks with a NaN among their results, which are rare, are done again by the scalar functions, which
// know what else a NaN raises. Of the last block only the lanes below `count` are written and may raise anything.

#include "vector.h"

#define DEFINE_2(name, op, f, bits_t)                                                                                       \
    __attribute__((noinline, cold)) static void name##_##f##_redo(bits_t *out, const bits_t *a, const bits_t *b, size_t count, bool spread) { \
        for (size_t lane = 0; lane < count && lane < LANES_##f; lane++) {                                                   \
            out[lane] = (bits_t)rvf_f##name##_##f(box_##f(a[lane]), box_##f(b[spread ? 0 : lane]));                         \
        }                                                                                                                   \
    }                                                                                                                       \
    ALWAYS void name##_##f##_loop(bits_t *out, const bits_t *a, const bits_t *b, size_t count, bool spread) {               \
        block_##f second = spread ? splat_##f(b) : (block_##f){};                                                           \
        for (size_t at = 0; at < count; at += LANES_##f) {                                                                  \
            size_t left = count - at;                                                                                       \
            block_##f x = load_##f(a + at), y = spread ? second : load_##f(b + at);                                         \
            if (RVF_RARE(left < LANES_##f)) x = some_##f(x, left), y = some_##f(y, left);                                   \
            block_##f r = x op y;                                                                                           \
            if (RVF_RARE(redo_##f(r))) name##_##f##_redo(out + at, a + at, spread ? b : b + at, left, spread);              \
            else store_##f(out + at, r, left);                                                                              \
        }                                                                                                                   \
    }                                                                                                                       \
    ALWAYS void name##_##f##_body(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {      \
        (void)c;                                                                                                            \
        if (spread) name##_##f##_loop(out, a, b, count, true);                                                              \
        else name##_##f##_loop(out, a, b, count, false);                                                                    \
    }                                                                                                                       \
    DISPATCH(name##_##f, (void *out, const void *a, const void *b, const void *c, size_t count, bool spread), (out, a, b, c, count, spread))

#define DEFINE_3(name, p, q, f, bits_t)                                                                                     \
    __attribute__((noinline, cold)) static void name##_##f##_redo(bits_t *out, const bits_t *a, const bits_t *b, const bits_t *c, size_t count, bool spread) { \
        for (size_t lane = 0; lane < count && lane < LANES_##f; lane++) {                                                   \
            out[lane] = (bits_t)rvf_f##name##_##f(box_##f(a[lane]), box_##f(b[spread ? 0 : lane]), box_##f(c[lane]));       \
        }                                                                                                                   \
    }                                                                                                                       \
    ALWAYS void name##_##f##_loop(bits_t *out, const bits_t *a, const bits_t *b, const bits_t *c, size_t count, bool spread, bool fma) { \
        block_##f second = spread ? splat_##f(b) : (block_##f){};                                                           \
        for (size_t at = 0; at < count; at += LANES_##f) {                                                                  \
            size_t left = count - at;                                                                                       \
            block_##f x = load_##f(a + at), y = spread ? second : load_##f(b + at), z = load_##f(c + at), r = x;            \
            if (RVF_RARE(left < LANES_##f)) x = some_##f(x, left), y = some_##f(y, left), z = some_##f(z, left);            \
            if (fma) r = __builtin_elementwise_fma(p x, y, q z);                                                            \
            if (RVF_RARE(!fma || redo_##f(r))) name##_##f##_redo(out + at, a + at, spread ? b : b + at, c + at, left, spread); \
            else store_##f(out + at, r, left);                                                                              \
        }                                                                                                                   \
    }                                                                                                                       \
    ALWAYS void name##_##f##_body(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {      \
        if (spread) name##_##f##_loop(out, a, b, c, count, true, HOST_FMA);                                                 \
        else name##_##f##_loop(out, a, b, c, count, false, HOST_FMA);                                                       \
    }                                                                                                                       \
    ALWAYS void name##_##f##_plain(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {     \
        name##_##f##_loop(out, a, b, c, count, spread, HOST_FMA_PLAIN);                                                     \
    }                                                                                                                       \
    DISPATCH_TO(name##_##f, name##_##f##_plain, (void *out, const void *a, const void *b, const void *c, size_t count, bool spread), \
                (out, a, b, c, count, spread))

#define HOST_FMA true
#if defined(__x86_64__)
#define HOST_FMA_PLAIN false
#else
#define HOST_FMA_PLAIN true
#endif

#define DEFINE_BOTH_2(name, op) DEFINE_2(name, op, s, uint32_t) DEFINE_2(name, op, d, uint64_t)
#define DEFINE_BOTH_3(name, p, q) DEFINE_3(name, p, q, s, uint32_t) DEFINE_3(name, p, q, d, uint64_t)

DEFINE_BOTH_2(add, +)
DEFINE_BOTH_2(sub, -)
DEFINE_BOTH_2(mul, *)
DEFINE_BOTH_2(div, /)
DEFINE_BOTH_3(madd, +, +)
DEFINE_BOTH_3(msub, +, -)
DEFINE_BOTH_3(nmsub, -, +)
DEFINE_BOTH_3(nmadd, -, -)
