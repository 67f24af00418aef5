// Fused multiply and add in single and double precision. The hardware's instruction where there is one, found at run time; else
// the exact core, which is still faster than the C library's emulation and knows every mode.

#include "element.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define FUSED_TARGET __attribute__((target("fma")))
#define HAS_FUSED rvf_host_has_fma
#else
#define FUSED_TARGET
#define HAS_FUSED 1
#endif

// 0 · inf is invalid whatever is added (F 20.6); x86 keeps silent when a quiet NaN is.
#define INVALID_PRODUCT(f, bits_t, inf)                                                                              \
    static __attribute__((noinline)) uint64_t fused_nan_##f(bits_t a, bits_t b) {                                    \
        bits_t x = (bits_t)(a << 1), y = (bits_t)(b << 1);                                                           \
        if ((x == 0 && y == (bits_t)((inf) << 1)) || (y == 0 && x == (bits_t)((inf) << 1))) raise_flags(NV);         \
        return box_##f(NAN_##f);                                                                                     \
    }

INVALID_PRODUCT(s, uint32_t, 0x7f800000u)
INVALID_PRODUCT(d, uint64_t, 0x7ff0000000000000u)

// Negated operands are flipped bits: exact, and the sign of a NaN does not reach the result. The sign masks are constants.
#define FUSED(name, f, bits_t, fma, flip_a, flip_c)                                                                  \
    FUSED_TARGET static uint64_t name##_host_##f(uint64_t a, uint64_t b, uint64_t c) {                               \
        if (RVF_RARE(!RVF_BOXED_3(f, a, b, c))) {                                                                    \
            a = box_##f(unbox_##f(a)), b = box_##f(unbox_##f(b)), c = box_##f(unbox_##f(c));                         \
        }                                                                                                            \
        __typeof__(host_##f(0)) r = fma(host_##f((bits_t)a ^ (flip_a)), host_##f((bits_t)b), host_##f((bits_t)c ^ (flip_c))); \
        if (RVF_RARE(__builtin_isunordered(r, r))) return fused_nan_##f((bits_t)a, (bits_t)b);                       \
        if (RVF_RARE(may_underflow_##f(r))) {                                                                        \
            return rvf_exact_fma(&format_##f, a ^ (flip_a), b, c ^ (flip_c), current_rm());                          \
        }                                                                                                            \
        return box_##f(bits_##f(r));                                                                                 \
    }                                                                                                                \
    uint64_t rvf_##name##_##f(uint64_t a, uint64_t b, uint64_t c) {                                                  \
        if (__builtin_expect(HAS_FUSED, 1)) return name##_host_##f(a, b, c);                                         \
        return rvf_##name##_##f##_rm(a, b, c, current_rm());                                                         \
    }                                                                                                                \
    uint64_t rvf_##name##_##f##_rm(uint64_t a, uint64_t b, uint64_t c, unsigned rm) {                                \
        if (RVF_RARE(rm == RMM || !HAS_FUSED)) {                                                                     \
            return rvf_exact_fma(&format_##f, box_##f(unbox_##f(a) ^ (flip_a)), b, box_##f(unbox_##f(c) ^ (flip_c)), rm); \
        }                                                                                                            \
        uint64_t saved = switch_mode(rm), r = name##_host_##f(a, b, c);                                              \
        restore_mode(saved);                                                                                         \
        return r;                                                                                                    \
    }

#define SIGN_s 0x80000000u
#define SIGN_d 0x8000000000000000u

FUSED(fmadd, s, uint32_t, __builtin_fmaf, 0u, 0u)
FUSED(fmsub, s, uint32_t, __builtin_fmaf, 0u, SIGN_s)
FUSED(fnmsub, s, uint32_t, __builtin_fmaf, SIGN_s, 0u)
FUSED(fnmadd, s, uint32_t, __builtin_fmaf, SIGN_s, SIGN_s)

FUSED(fmadd, d, uint64_t, __builtin_fma, 0u, 0u)
FUSED(fmsub, d, uint64_t, __builtin_fma, 0u, SIGN_d)
FUSED(fnmsub, d, uint64_t, __builtin_fma, SIGN_d, 0u)
FUSED(fnmadd, d, uint64_t, __builtin_fma, SIGN_d, SIGN_d)
