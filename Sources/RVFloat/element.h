#pragma once

// One element: operations on bare bits of a format, in the host's current rounding mode, NaN results canonical. The scalar
// functions wrap them in boxes; kernels over vectors may call them as they are.

#include "internal.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

static inline bool is_nan_s(uint32_t a) { return (a & 0x7fffffff) > 0x7f800000; }
static inline bool is_nan_d(uint64_t a) { return (a & INT64_MAX) > 0x7ff0000000000000; }
static inline bool is_nan_h(uint16_t a) { return (a & 0x7fff) > 0x7c00; }
static inline bool is_signalling_s(uint32_t a) { return is_nan_s(a) && !(a & 0x400000); }
static inline bool is_signalling_d(uint64_t a) { return is_nan_d(a) && !(a & 0x8000000000000); }
static inline bool is_signalling_h(uint16_t a) { return is_nan_h(a) && !(a & 0x200); }

/// The bits of a result. A result is never signalling, so the comparison raises nothing (and where an operand is narrowed, its
/// NV is due).
static inline uint32_t result_s(float r) { return RVF_RARE(__builtin_isunordered(r, r)) ? NAN_s : bits_s(r); }
static inline uint64_t result_d(double r) { return RVF_RARE(__builtin_isunordered(r, r)) ? NAN_d : bits_d(r); }

// The C library's root would be called for the sake of errno; `volatile` keeps these in their place among changes of mode.
#if defined(__x86_64__)
static inline float root_s(float a) { float r; __asm__ volatile("sqrtss %1, %0" : "=x"(r) : "x"(a)); return r; }
static inline double root_d(double a) { double r; __asm__ volatile("sqrtsd %1, %0" : "=x"(r) : "x"(a)); return r; }
#else
static inline float root_s(float a) { float r; __asm__ volatile("fsqrt %s0, %s1" : "=w"(r) : "w"(a)); return r; }
static inline double root_d(double a) { double r; __asm__ volatile("fsqrt %d0, %d1" : "=w"(r) : "w"(a)); return r; }
#endif

/// On arm64: no larger than the smallest normal number, so the host's idea of underflow is not ours and the exact core decides.
static inline bool may_underflow_s(float r) {
    return RVF_TININESS_BEFORE_ROUNDING && (bits_s(r) & 0x7fffffff) <= 0x00800000;
}
static inline bool may_underflow_d(double r) {
    return RVF_TININESS_BEFORE_ROUNDING && (bits_d(r) & INT64_MAX) <= 0x0010000000000000;
}

// ---------------------------------------------------------------------------------------------------------------------
// Single and double: the host's own operations. A sum that underflows is exact.

#define RVF_ELEMENT_ARITHMETIC(f, bits_t, host_t)                                                                   \
    static inline bits_t add_##f(bits_t a, bits_t b) { return result_##f(host_##f(a) + host_##f(b)); }              \
    static inline bits_t sub_##f(bits_t a, bits_t b) { return result_##f(host_##f(a) - host_##f(b)); }              \
    static inline bits_t mul_##f(bits_t a, bits_t b) {                                                              \
        host_t r = host_##f(a) * host_##f(b);                                                                       \
        if (RVF_RARE(may_underflow_##f(r))) {                                                                       \
            return (bits_t)rvf_exact_mul(&format_##f, box_##f(a), box_##f(b), current_rm());                        \
        }                                                                                                           \
        return result_##f(r);                                                                                       \
    }                                                                                                               \
    static inline bits_t div_##f(bits_t a, bits_t b) {                                                              \
        host_t r = host_##f(a) / host_##f(b);                                                                       \
        if (RVF_RARE(may_underflow_##f(r))) {                                                                       \
            return (bits_t)rvf_exact_div(&format_##f, box_##f(a), box_##f(b), current_rm());                        \
        }                                                                                                           \
        return result_##f(r);                                                                                       \
    }                                                                                                               \
    static inline bits_t sqrt_##f(bits_t a) { return result_##f(root_##f(host_##f(a))); }

RVF_ELEMENT_ARITHMETIC(s, uint32_t, float)
RVF_ELEMENT_ARITHMETIC(d, uint64_t, double)

// ---------------------------------------------------------------------------------------------------------------------
// Any format, on integers alone: minimum, maximum, order, sign, class. Only a NaN can raise a flag.

/// Bits of a float so that integers stand in its order, -0 below +0.
#define RVF_ORDERED(a, int_t) ((int_t)(a) < 0 ? (int_t)((a) ^ (((unsigned_##int_t)~(unsigned_##int_t)0) >> 1)) : (int_t)(a))
typedef uint16_t unsigned_int16_t;
typedef uint32_t unsigned_int32_t;
typedef uint64_t unsigned_int64_t;

#define RVF_ELEMENT_CHOICE(f, bits_t, int_t, top)                                                                   \
    static inline bits_t nan_choice_##f(bits_t a, bits_t b, bool propagate) {                                       \
        if (is_signalling_##f(a) || is_signalling_##f(b)) raise_flags(NV);                                          \
        return propagate || (is_nan_##f(a) && is_nan_##f(b)) ? (bits_t)NAN_##f : is_nan_##f(a) ? b : a;             \
    }                                                                                                               \
    static inline bool unordered_##f(bits_t a, bits_t b) { return is_nan_##f(a) || is_nan_##f(b); }                 \
    static inline bool below_##f(bits_t a, bits_t b) { return RVF_ORDERED(a, int_t) < RVF_ORDERED(b, int_t); }      \
    static inline bits_t min_##f(bits_t a, bits_t b) {                                                              \
        return RVF_RARE(unordered_##f(a, b)) ? nan_choice_##f(a, b, false) : below_##f(a, b) ? a : b;               \
    }                                                                                                               \
    static inline bits_t max_##f(bits_t a, bits_t b) {                                                              \
        return RVF_RARE(unordered_##f(a, b)) ? nan_choice_##f(a, b, false) : below_##f(a, b) ? b : a;               \
    }                                                                                                               \
    static inline bits_t minm_##f(bits_t a, bits_t b) {                                                             \
        return RVF_RARE(unordered_##f(a, b)) ? nan_choice_##f(a, b, true) : below_##f(a, b) ? a : b;                \
    }                                                                                                               \
    static inline bits_t maxm_##f(bits_t a, bits_t b) {                                                             \
        return RVF_RARE(unordered_##f(a, b)) ? nan_choice_##f(a, b, true) : below_##f(a, b) ? b : a;                \
    }                                                                                                               \
    static inline bits_t sgnj_##f(bits_t a, bits_t b) { return (bits_t)((a & ~(top)) | (b & (top))); }              \
    static inline bits_t sgnjn_##f(bits_t a, bits_t b) { return (bits_t)((a & ~(top)) | ((b & (top)) ^ (top))); }    \
    static inline bits_t sgnjx_##f(bits_t a, bits_t b) { return (bits_t)(a ^ (b & (top))); }                        \
    static inline unsigned class_##f(bits_t a) {                                                                    \
        bits_t magnitude = (bits_t)(a & ~(top)), fraction = (bits_t)(((bits_t)1 << format_##f.fraction) - 1);       \
        bits_t infinity = (bits_t)((top) - 1 - fraction);                                                            \
        if (magnitude > infinity) return is_signalling_##f(a) ? 1u << 8 : 1u << 9;                                  \
        unsigned size = magnitude == infinity ? 3 : magnitude > fraction ? 2 : magnitude ? 1 : 0;                   \
        return a & (top) ? 8u >> size : 16u << size;                                                                \
    }

RVF_ELEMENT_CHOICE(h, uint16_t, int16_t, 0x8000u)
RVF_ELEMENT_CHOICE(s, uint32_t, int32_t, 0x80000000u)
RVF_ELEMENT_CHOICE(d, uint64_t, int64_t, 0x8000000000000000u)

// ---------------------------------------------------------------------------------------------------------------------
// Comparisons. `==` is quiet, `<` and `<=` signal, as C has it under strict rules.

#define RVF_ELEMENT_COMPARISON(f, bits_t)                                                                           \
    static inline bool eq_##f(bits_t a, bits_t b) { return host_##f(a) == host_##f(b); }                            \
    static inline bool lt_##f(bits_t a, bits_t b) { return host_##f(a) < host_##f(b); }                             \
    static inline bool le_##f(bits_t a, bits_t b) { return host_##f(a) <= host_##f(b); }                            \
    static inline bool ltq_##f(bits_t a, bits_t b) { return __builtin_isless(host_##f(a), host_##f(b)); }           \
    static inline bool leq_##f(bits_t a, bits_t b) { return __builtin_islessequal(host_##f(a), host_##f(b)); }

RVF_ELEMENT_COMPARISON(s, uint32_t)
RVF_ELEMENT_COMPARISON(d, uint64_t)

/// Half precision as single: exact, and a NaN keeps its kind, so that comparing or converting raises what it should.
static inline uint32_t widen_h(uint16_t a) {
    uint32_t sign = (uint32_t)(a & 0x8000) << 16, magnitude = a & 0x7fff;
    if (magnitude >= 0x7c00) return sign | 0x7f800000 | (magnitude & 0x3ff) << 13;
    if (magnitude >= 0x0400) return sign | ((magnitude << 13) + ((127 - 15) << 23));
    if (magnitude == 0) return sign;
    int shift = __builtin_clz(magnitude) - 8;   // the leading one to bit 23
    return sign | (((uint32_t)(127 - 15 + 13 - shift) << 23) + (magnitude << shift));
}
static inline bool eq_h(uint16_t a, uint16_t b) { return eq_s(widen_h(a), widen_h(b)); }
static inline bool lt_h(uint16_t a, uint16_t b) { return lt_s(widen_h(a), widen_h(b)); }
static inline bool le_h(uint16_t a, uint16_t b) { return le_s(widen_h(a), widen_h(b)); }
static inline bool ltq_h(uint16_t a, uint16_t b) { return ltq_s(widen_h(a), widen_h(b)); }
static inline bool leq_h(uint16_t a, uint16_t b) { return leq_s(widen_h(a), widen_h(b)); }

/// Single precision to bfloat16: adding and taking away 1.5 · 2^(exponent + 16) of the same sign leaves 8 bits, rounded as the
/// host does and with its NX. That works for normal numbers but for the largest, where it would overflow; the exact core has
/// the rest.
static inline uint16_t narrow_b(uint32_t a) {
    uint32_t exponent = a >> 23 & 0xff;
    if (RVF_RARE(exponent - 1 >= 254 - 17)) return (uint16_t)rvf_exact_convert(&format_b, &format_s, box_s(a), current_rm());
    float push = host_s((a & 0x80000000) | (exponent + 16) << 23 | 0x400000);
    return (uint16_t)(bits_s((host_s(a) + push) - push) >> 16);
}

/// The boxes of both operands in one comparison, for the fast path.
#define RVF_BOXED_2(f, a, b) (((a) & (b)) >= BOX_##f)
#define RVF_BOXED_3(f, a, b, c) (((a) & (b) & (c)) >= BOX_##f)
