// Whole vectors: minimum, maximum, comparisons, signs. Minimum and maximum are done on integers, so only the scalar functions, which get blocks with
// a NaN, raise anything.

#include "vector.h"

typedef int16_t ints_h __attribute__((vector_size(64)));
typedef uint8_t bytes_s __attribute__((vector_size(LANES_s)));
typedef uint8_t bytes_d __attribute__((vector_size(LANES_d)));
enum { LANES_h = 32 };

#define MAGNITUDE_h 0x7fff
#define MAGNITUDE_s 0x7fffffff
#define MAGNITUDE_d INT64_MAX
#define INFINITE_h 0x7c00
#define INFINITE_s 0x7f800000
#define INFINITE_d 0x7ff0000000000000

#define CHOICE(name, f, bits_t, int_t, keep_x)                                                                               \
    ALWAYS void name##_##f##_body(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {                     \
        (void)c;                                                                                                             \
        ints_##f second = {};                                                                                                \
        if (spread) { int_t one; memcpy(&one, b, sizeof one); second += one; }                                               \
        for (size_t at = 0; at < count; at += LANES_##f) {                                                                   \
            size_t left = count - at, here = left < LANES_##f ? left : LANES_##f, offset = at * sizeof(bits_t);              \
            ints_##f x, y = second, r;                                                                                       \
            memcpy(&x, (const char *)a + offset, sizeof x);                                                                  \
            if (!spread) memcpy(&y, (const char *)b + offset, sizeof y);                                                     \
            /* Integers in the order of the numbers, -0 below +0. */                                                         \
            ints_##f u = x ^ ((x >> (sizeof(int_t) * 8 - 1)) & (int_t)MAGNITUDE_##f);                                        \
            ints_##f v = y ^ ((y >> (sizeof(int_t) * 8 - 1)) & (int_t)MAGNITUDE_##f);                                        \
            ints_##f keep = keep_x;                                                                                          \
            r = (x & keep) | (y & ~keep);                                                                                    \
            ints_##f nans = ((x & (int_t)MAGNITUDE_##f) > (int_t)INFINITE_##f) | ((y & (int_t)MAGNITUDE_##f) > (int_t)INFINITE_##f); \
            bool rare = RVF_RARE(here < LANES_##f || __builtin_reduce_or(nans));                                              \
            if (rare) {                                                                                                      \
                bits_t result[LANES_##f];                                                                                    \
                for (size_t lane = 0; lane < here; lane++) {                                                                 \
                    result[lane] = (bits_t)rvf_f##name##_##f(box_##f((bits_t)x[lane]), box_##f((bits_t)y[lane]));            \
                }                                                                                                            \
                memcpy((char *)out + offset, result, here * sizeof(bits_t));                                                 \
            } else {                                                                                                         \
                memcpy((char *)out + offset, &r, sizeof r);                                                                  \
            }                                                                                                                \
        }                                                                                                                    \
    }                                                                                                                        \
    DISPATCH(name##_##f, (void *out, const void *a, const void *b, const void *c, size_t count, bool spread), (out, a, b, c, count, spread))

CHOICE(min, h, uint16_t, int16_t, u < v)
CHOICE(min, s, uint32_t, int32_t, u < v)
CHOICE(min, d, uint64_t, int64_t, u < v)
CHOICE(max, h, uint16_t, int16_t, u > v)
CHOICE(max, s, uint32_t, int32_t, u > v)
CHOICE(max, d, uint64_t, int64_t, u > v)

// `==` is quiet, `<` and `<=` signal, as C has it under strict rules.
#define COMPARISON(name, op, f)                                                                                              \
    ALWAYS void name##_##f##_body(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {                     \
        (void)c;                                                                                                             \
        block_##f second = spread ? splat_##f(b) : (block_##f){};                                                            \
        for (size_t at = 0; at < count; at += LANES_##f) {                                                                   \
            size_t left = count - at, offset = at * sizeof second[0];                                                        \
            block_##f x = load_##f((const char *)a + offset), y = spread ? second : load_##f((const char *)b + offset);      \
            if (RVF_RARE(left < LANES_##f)) x = some_##f(x, left), y = some_##f(y, left);                                    \
            bytes_##f bytes = __builtin_convertvector((ints_##f)(x op y) & 1, bytes_##f);                                    \
            memcpy((char *)out + at, &bytes, sizeof bytes);                                                                  \
        }                                                                                                                    \
    }                                                                                                                        \
    DISPATCH(name##_##f, (void *out, const void *a, const void *b, const void *c, size_t count, bool spread), (out, a, b, c, count, spread))

COMPARISON(eq, ==, s)
COMPARISON(eq, ==, d)
COMPARISON(lt, <, s)
COMPARISON(lt, <, d)
COMPARISON(le, <=, s)
COMPARISON(le, <=, d)

#define COMPARISON_OF_HALVES(name)                                                                                           \
    void rvf_vector_##name##_h(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {                        \
        (void)c;                                                                                                             \
        const uint16_t *x = a, *y = b;                                                                                       \
        uint8_t *bytes = out;                                                                                                \
        for (size_t at = 0; at < count; at++) bytes[at] = name##_h(x[at], y[spread ? 0 : at]);                               \
    }

COMPARISON_OF_HALVES(eq)
COMPARISON_OF_HALVES(lt)
COMPARISON_OF_HALVES(le)

#define SIGN(name, f, bits_t)                                                                                                \
    ALWAYS void name##_##f##_body(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {      \
        (void)c;                                                                                                             \
        const bits_t *x = a, *y = b;                                                                                         \
        bits_t *o = out;                                                                                                     \
        if (spread) {                                                                                                        \
            bits_t second = *y;                                                                                              \
            for (size_t at = 0; at < count; at++) o[at] = name##_##f(x[at], second);                                         \
        } else {                                                                                                             \
            for (size_t at = 0; at < count; at++) o[at] = name##_##f(x[at], y[at]);                                          \
        }                                                                                                                    \
    }                                                                                                                        \
    DISPATCH(name##_##f, (void *out, const void *a, const void *b, const void *c, size_t count, bool spread), (out, a, b, c, count, spread))
#define SIGNS(name) SIGN(name, h, uint16_t) SIGN(name, s, uint32_t) SIGN(name, d, uint64_t)

SIGNS(sgnj)
SIGNS(sgnjn)
SIGNS(sgnjx)
