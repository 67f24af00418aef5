// Between floats and integers, and between formats.

#include "element.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

// ---------------------------------------------------------------------------------------------------------------------
// Float to integer

#if defined(__x86_64__)
// The instruction rounds as MXCSR says, and out of range it raises NV alone and gives the lowest integer: right for what is
// below the range, while the rest (a NaN, of either sign) belongs at the highest.
static inline int32_t cvt_w_s(float a) { int32_t r; __asm__ volatile("cvtss2si %1, %0" : "=r"(r) : "x"(a)); return r; }
static inline int64_t cvt_l_s(float a) { int64_t r; __asm__ volatile("cvtss2si %1, %0" : "=r"(r) : "x"(a)); return r; }
static inline int32_t cvt_w_d(double a) { int32_t r; __asm__ volatile("cvtsd2si %1, %0" : "=r"(r) : "x"(a)); return r; }
static inline int64_t cvt_l_d(double a) { int64_t r; __asm__ volatile("cvtsd2si %1, %0" : "=r"(r) : "x"(a)); return r; }
// Towards zero, whatever MXCSR says: the conversion C has, so the one guests use most.
static inline int32_t cvtt_w_s(float a) { int32_t r; __asm__ volatile("cvttss2si %1, %0" : "=r"(r) : "x"(a)); return r; }
static inline int64_t cvtt_l_s(float a) { int64_t r; __asm__ volatile("cvttss2si %1, %0" : "=r"(r) : "x"(a)); return r; }
static inline int32_t cvtt_w_d(double a) { int32_t r; __asm__ volatile("cvttsd2si %1, %0" : "=r"(r) : "x"(a)); return r; }
static inline int64_t cvtt_l_d(double a) { int64_t r; __asm__ volatile("cvttsd2si %1, %0" : "=r"(r) : "x"(a)); return r; }

#define TO_SIGNED(f, bits_t, suffix, int_t, lowest, highest)                                                         \
    static inline int_t finish_##suffix##_##f(bits_t a, int_t r) {                                                   \
        return RVF_RARE(r == (lowest)) && (a >> (sizeof a * 8 - 1) == 0 || is_nan_##f(a)) ? (highest) : r;           \
    }                                                                                                                \
    static inline int_t to_##suffix##_##f(bits_t a) { return finish_##suffix##_##f(a, cvt_##suffix##_##f(host_##f(a))); } \
    static inline int_t truncate_##suffix##_##f(bits_t a) {                                                          \
        return finish_##suffix##_##f(a, cvtt_##suffix##_##f(host_##f(a)));                                           \
    }

TO_SIGNED(s, uint32_t, w, int32_t, INT32_MIN, INT32_MAX)
TO_SIGNED(s, uint32_t, l, int64_t, INT64_MIN, INT64_MAX)
TO_SIGNED(d, uint64_t, w, int32_t, INT32_MIN, INT32_MAX)
TO_SIGNED(d, uint64_t, l, int64_t, INT64_MIN, INT64_MAX)

// Unsigned ranges have no instruction before AVX-512. What lies in [0, limit] cannot leave the range by rounding, and there the
// signed 64-bit instruction does; the rest, negative numbers that may round to zero among it, takes the exact core. Bits of
// positive floats order as integers, and negative ones and NaNs lie above them all.
#define LIMIT_wu_s 0x4f7fffffu            /* 2^32 - 2^8 */
#define LIMIT_wu_d 0x41efffffffe00000u    /* 2^32 - 1 */
#define LIMIT_lu_s 0x5effffffu            /* 2^63 - 2^39 */
#define LIMIT_lu_d 0x43dfffffffffffffu    /* 2^63 - 2^10 */

#define TO_INTEGER_CURRENT(f, suffix, is_signed, width, fast, current, truncate)                                     \
    uint64_t rvf_fcvt_##suffix##_##f(uint64_t a) {                                                                   \
        __typeof__(unbox_##f(a)) x = unbox_##f(a);                                                                   \
        return fast ? current : rvf_exact_to_integer(&format_##f, a, is_signed, width, current_rm());                \
    }                                                                                                                \
    uint64_t rvf_fcvt_##suffix##_##f##_rm(uint64_t a, unsigned rm) {                                                 \
        __typeof__(unbox_##f(a)) x = unbox_##f(a);                                                                   \
        return fast && rm == RTZ ? truncate : rvf_exact_to_integer(&format_##f, a, is_signed, width, rm);            \
    }

#define TO_INTEGERS(f)                                                                                               \
    TO_INTEGER_CURRENT(f, w, true, 32, true, extended(to_w_##f(x)), extended(truncate_w_##f(x)))                     \
    TO_INTEGER_CURRENT(f, l, true, 64, true, (uint64_t)to_l_##f(x), (uint64_t)truncate_l_##f(x))                     \
    TO_INTEGER_CURRENT(f, wu, false, 32, x <= LIMIT_wu_##f, extended((int32_t)cvt_l_##f(host_##f(x))),               \
                       extended((int32_t)cvtt_l_##f(host_##f(x))))                                                   \
    TO_INTEGER_CURRENT(f, lu, false, 64, x <= LIMIT_lu_##f, (uint64_t)cvt_l_##f(host_##f(x)),                        \
                       (uint64_t)cvtt_l_##f(host_##f(x)))

static uint64_t extended(int32_t x) { return (uint64_t)(int64_t)x; }
#else
// What arm64's instructions do not share with RISC-V is more than what they do.
#define TO_INTEGER(f, suffix, is_signed, width)                                                                      \
    uint64_t rvf_fcvt_##suffix##_##f(uint64_t a) {                                                                   \
        return rvf_exact_to_integer(&format_##f, a, is_signed, width, current_rm());                                 \
    }                                                                                                                \
    uint64_t rvf_fcvt_##suffix##_##f##_rm(uint64_t a, unsigned rm) {                                                 \
        return rvf_exact_to_integer(&format_##f, a, is_signed, width, rm);                                           \
    }
#define TO_INTEGERS(f)                                                                                               \
    TO_INTEGER(f, w, true, 32) TO_INTEGER(f, l, true, 64) TO_INTEGER(f, wu, false, 32) TO_INTEGER(f, lu, false, 64)
#endif

TO_INTEGERS(s)
TO_INTEGERS(d)

// Half precision is single precision here: widening is exact and keeps what a NaN is.
#define TO_INTEGER_FROM_HALF(suffix)                                                                                 \
    uint64_t rvf_fcvt_##suffix##_h(uint64_t a) { return rvf_fcvt_##suffix##_s(box_s(widen_h(unbox_h(a)))); }         \
    uint64_t rvf_fcvt_##suffix##_h_rm(uint64_t a, unsigned rm) {                                                     \
        return rvf_fcvt_##suffix##_s_rm(box_s(widen_h(unbox_h(a))), rm);                                             \
    }

TO_INTEGER_FROM_HALF(w)
TO_INTEGER_FROM_HALF(wu)
TO_INTEGER_FROM_HALF(l)
TO_INTEGER_FROM_HALF(lu)

// 8 and 16 bits, of vectors: inside of the range, less one for rounding, 32 bits do.
#define TO_NARROW_INTEGER(f, suffix, is_signed, width, low, high)                                                    \
    static inline bool fits_##suffix##_##f(uint64_t a) {                                                             \
        float x = narrow_operand_##f(a);                                                                             \
        return __builtin_isgreaterequal(x, low) && __builtin_islessequal(x, high);                                   \
    }                                                                                                                \
    uint64_t rvf_fcvt_##suffix##_##f(uint64_t a) {                                                                   \
        return fits_##suffix##_##f(a) ? rvf_fcvt_w_##f(a)                                                            \
                                      : rvf_exact_to_integer(&format_##f, a, is_signed, width, current_rm());        \
    }                                                                                                                \
    uint64_t rvf_fcvt_##suffix##_##f##_rm(uint64_t a, unsigned rm) {                                                 \
        return fits_##suffix##_##f(a) ? rvf_fcvt_w_##f##_rm(a, rm)                                                   \
                                      : rvf_exact_to_integer(&format_##f, a, is_signed, width, rm);                  \
    }

/// As a float, for comparing; a quiet NaN for any NaN, so that it raises nothing.
static inline float narrow_operand_s(uint64_t a) { return host_s(is_nan_s(unbox_s(a)) ? NAN_s : unbox_s(a)); }
static inline float narrow_operand_h(uint64_t a) { return host_s(is_nan_h(unbox_h(a)) ? NAN_s : widen_h(unbox_h(a))); }

TO_NARROW_INTEGER(h, i8, true, 8, -127, 126)
TO_NARROW_INTEGER(h, u8, false, 8, 0, 254)
TO_NARROW_INTEGER(h, i16, true, 16, -32767, 32766)
TO_NARROW_INTEGER(h, u16, false, 16, 0, 65534)
TO_NARROW_INTEGER(s, i16, true, 16, -32767, 32766)
TO_NARROW_INTEGER(s, u16, false, 16, 0, 65534)

// ---------------------------------------------------------------------------------------------------------------------
// Integer to float

// A 64-bit unsigned number with its top bit set is halved first; the bit that falls out stays as a sticky one, so rounding and
// NX are those of the whole, and doubling is exact. (The compiler's own sequence gives -0 for 0 when rounding down.)
#define FROM_UNSIGNED(host_t, x)                                                                                     \
    ((int64_t)(x) >= 0 ? (host_t)(int64_t)(x) : 2 * (host_t)(int64_t)((x) >> 1 | ((x) & 1)))

#define FROM_INTEGER(f, host_t, suffix, is_signed, width, value)                                                     \
    uint64_t rvf_fcvt_##f##_##suffix(uint64_t x) { return box_##f(bits_##f((host_t)(value))); }                      \
    uint64_t rvf_fcvt_##f##_##suffix##_rm(uint64_t x, unsigned rm) {                                                 \
        if (RVF_RARE(rm == RMM)) return rvf_exact_from_integer(&format_##f, x, is_signed, width, RMM);               \
        uint64_t saved = switch_mode(rm), r = rvf_fcvt_##f##_##suffix(x);                                            \
        restore_mode(saved);                                                                                         \
        return r;                                                                                                    \
    }

FROM_INTEGER(s, float, w, true, 32, (int32_t)x)
FROM_INTEGER(s, float, wu, false, 32, (int64_t)(uint32_t)x)
FROM_INTEGER(s, float, l, true, 64, (int64_t)x)
FROM_INTEGER(s, float, lu, false, 64, FROM_UNSIGNED(float, x))
FROM_INTEGER(d, double, l, true, 64, (int64_t)x)
FROM_INTEGER(d, double, lu, false, 64, FROM_UNSIGNED(double, x))

// 32 bits always fit a double.
uint64_t rvf_fcvt_d_w(uint64_t x) { return bits_d((double)(int32_t)x); }
uint64_t rvf_fcvt_d_wu(uint64_t x) { return bits_d((double)(int64_t)(uint32_t)x); }
uint64_t rvf_fcvt_d_w_rm(uint64_t x, unsigned rm) { (void)rm; return rvf_fcvt_d_w(x); }
uint64_t rvf_fcvt_d_wu_rm(uint64_t x, unsigned rm) { (void)rm; return rvf_fcvt_d_wu(x); }

#define FROM_INTEGER_TO_HALF(suffix, is_signed, width)                                                               \
    uint64_t rvf_fcvt_h_##suffix##_rm(uint64_t x, unsigned rm) {                                                     \
        return rvf_exact_from_integer(&format_h, x, is_signed, width, rm);                                           \
    }                                                                                                                \
    uint64_t rvf_fcvt_h_##suffix(uint64_t x) { return rvf_fcvt_h_##suffix##_rm(x, current_rm()); }

FROM_INTEGER_TO_HALF(w, true, 32)
FROM_INTEGER_TO_HALF(wu, false, 32)
FROM_INTEGER_TO_HALF(l, true, 64)
FROM_INTEGER_TO_HALF(lu, false, 64)

// ---------------------------------------------------------------------------------------------------------------------
// Between formats

uint64_t rvf_fcvt_s_d(uint64_t a) {
    float r = (float)host_d(a);
    if (RVF_RARE(may_underflow_s(r))) return rvf_exact_convert(&format_s, &format_d, a, current_rm());
    return box_s(result_s(r));
}
uint64_t rvf_fcvt_s_d_rm(uint64_t a, unsigned rm) {
    if (RVF_RARE(rm == RMM)) return rvf_exact_convert(&format_s, &format_d, a, RMM);
    uint64_t saved = switch_mode(rm), r = rvf_fcvt_s_d(a);
    restore_mode(saved);
    return r;
}

uint64_t rvf_fcvt_h_d(uint64_t a) { return rvf_exact_convert(&format_h, &format_d, a, current_rm()); }
uint64_t rvf_fcvt_h_d_rm(uint64_t a, unsigned rm) { return rvf_exact_convert(&format_h, &format_d, a, rm); }
uint64_t rvf_fcvt_bf16_s(uint64_t a) { return box_b(narrow_b(unbox_s(a))); }
uint64_t rvf_fcvt_bf16_s_rm(uint64_t a, unsigned rm) { return rvf_exact_convert(&format_b, &format_s, a, rm); }

/// Widened already; NaNs become the canonical one.
static uint32_t canonical_s(uint32_t a) {
    if (RVF_RARE(is_nan_s(a))) {
        if (is_signalling_s(a)) raise_flags(NV);
        return NAN_s;
    }
    return a;
}

#define WIDENING(name, value)                                                                                        \
    uint64_t rvf_fcvt_##name(uint64_t a) { return value; }                                                           \
    uint64_t rvf_fcvt_##name##_rm(uint64_t a, unsigned rm) { (void)rm; return value; }

WIDENING(d_s, result_d((double)host_s(unbox_s(a))))
WIDENING(s_h, box_s(canonical_s(widen_h(unbox_h(a)))))
WIDENING(d_h, result_d((double)host_s(widen_h(unbox_h(a)))))
// A bfloat16 is the upper half of a float.
WIDENING(s_bf16, box_s(canonical_s((uint32_t)unbox_b(a) << 16)))

// To odd: what is not exact goes towards zero and gets a last bit of one, so that a second rounding is as good as one.
uint64_t rvf_fcvt_odd_s_d(uint64_t a) { return rvf_exact_convert(&format_s, &format_d, a, ODD); }
uint64_t rvf_fcvt_odd_h_s(uint64_t a) { return rvf_exact_convert(&format_h, &format_s, a, ODD); }
