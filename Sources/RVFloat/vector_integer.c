// Sums of widening products of integers, which the host's wider instructions make worth a function of their own. They raise nothing.
//
// A block of 64 bytes of sums is loaded before it is stored, and blocks go upwards: so a narrow operand may be the end of the destination.

#include "vector.h"

#define WIDE_PRODUCTS(bits, wide_t, signed_t, unsigned_t)                                                                   \
    enum { LANES_##bits = 512 / bits };                                                                                      \
    typedef wide_t wide_##bits __attribute__((vector_size(64)));                                                             \
    typedef signed_t signed_##bits __attribute__((vector_size(32)));                                                         \
    typedef unsigned_t unsigned_##bits __attribute__((vector_size(32)));                                                     \
    ALWAYS void store_##bits(void *to, wide_##bits r, wide_##bits old, size_t left) {                                        \
        if (RVF_RARE(left < LANES_##bits)) {                                                                                 \
            wide_##bits number, keep;                                                                                        \
            for (int lane = 0; lane < LANES_##bits; lane++) number[lane] = (wide_t)lane;                                     \
            keep = (wide_##bits)(number < (wide_t)left);                                                                     \
            r = (r & keep) | (old & ~keep);                                                                                  \
        }                                                                                                                    \
        memcpy(to, &r, sizeof r);                                                                                            \
    }                                                                                                                        \
    WIDE_PRODUCT(bits, wide_t, macc_ss_##bits, signed, signed, signed_t)                                                     \
    WIDE_PRODUCT(bits, wide_t, macc_uu_##bits, unsigned, unsigned, unsigned_t)                                               \
    WIDE_PRODUCT(bits, wide_t, macc_su_##bits, signed, unsigned, unsigned_t)                                                 \
    WIDE_PRODUCT(bits, wide_t, macc_us_##bits, unsigned, signed, signed_t)

#define WIDE_PRODUCT(bits, wide_t, name, first, second, second_t)                                                           \
    ALWAYS void name##_loop(uint8_t *out, const uint8_t *a, const uint8_t *b, const uint8_t *c, size_t count, bool spread) { \
        second_t one;                                                                                                        \
        memcpy(&one, b, sizeof one);                                                                                         \
        wide_##bits factor = (wide_##bits){} + (wide_t)one;                                                                  \
        for (size_t at = 0; at < count; at += LANES_##bits) {                                                                \
            first##_##bits x;                                                                                                \
            second##_##bits y;                                                                                               \
            wide_##bits sum;                                                                                                 \
            memcpy(&x, a + at * sizeof one, sizeof x);                                                                       \
            memcpy(&sum, c + at * sizeof(wide_t), sizeof sum);                                                               \
            if (!spread) {                                                                                                   \
                memcpy(&y, b + at * sizeof one, sizeof y);                                                                   \
                factor = __builtin_convertvector(y, wide_##bits);                                                            \
            }                                                                                                                \
            wide_##bits r = sum + __builtin_convertvector(x, wide_##bits) * factor, old = sum;                               \
            if (RVF_RARE(out != c && count - at < LANES_##bits)) memcpy(&old, out + at * sizeof(wide_t), sizeof old);        \
            store_##bits(out + at * sizeof(wide_t), r, old, count - at);                                                     \
        }                                                                                                                    \
    }                                                                                                                        \
    ALWAYS void name##_body(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {             \
        if (spread) name##_loop(out, a, b, c, count, true);                                                                  \
        else name##_loop(out, a, b, c, count, false);                                                                        \
    }                                                                                                                        \
    DISPATCH(name, (void *out, const void *a, const void *b, const void *c, size_t count, bool spread), (out, a, b, c, count, spread))

WIDE_PRODUCTS(16, uint16_t, int8_t, uint8_t)
WIDE_PRODUCTS(32, uint32_t, int16_t, uint16_t)
WIDE_PRODUCTS(64, uint64_t, int32_t, uint32_t)
