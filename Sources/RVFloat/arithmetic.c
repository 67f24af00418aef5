// Sum, difference, product, quotient, square root in single and double precision.

#include "element.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

// An improper box is rare: one comparison covers both operands, and the repair re-enters with proper boxes.
#define BINARY(op, f)                                                                                                \
    uint64_t rvf_f##op##_##f(uint64_t a, uint64_t b) {                                                               \
        if (RVF_RARE(!RVF_BOXED_2(f, a, b))) a = box_##f(unbox_##f(a)), b = box_##f(unbox_##f(b));                   \
        return box_##f(op##_##f(unbox_known_##f(a), unbox_known_##f(b)));                                            \
    }

#define unbox_known_s(a) ((uint32_t)(a))
#define unbox_known_d(a) (a)

// RMM exists only in the exact core; the other modes are the host's.
#define BINARY_RM(op, f, core, b_bits)                                                                               \
    uint64_t rvf_f##op##_##f##_rm(uint64_t a, uint64_t b, unsigned rm) {                                             \
        if (RVF_RARE(rm == RMM)) return rvf_exact_##core(&format_##f, a, b_bits, RMM);                               \
        uint64_t saved = switch_mode(rm), r = rvf_f##op##_##f(a, b);                                                 \
        restore_mode(saved);                                                                                         \
        return r;                                                                                                    \
    }

#define ROOT(f)                                                                                                      \
    uint64_t rvf_fsqrt_##f(uint64_t a) { return box_##f(sqrt_##f(unbox_##f(a))); }                                   \
    uint64_t rvf_fsqrt_##f##_rm(uint64_t a, unsigned rm) {                                                           \
        if (RVF_RARE(rm == RMM)) return rvf_exact_sqrt(&format_##f, a, RMM);                                         \
        uint64_t saved = switch_mode(rm), r = rvf_fsqrt_##f(a);                                                      \
        restore_mode(saved);                                                                                         \
        return r;                                                                                                    \
    }

#define ARITHMETIC(f, top)                                                                                           \
    BINARY(add, f) BINARY(sub, f) BINARY(mul, f) BINARY(div, f)                                                      \
    BINARY_RM(add, f, add, b) BINARY_RM(sub, f, add, box_##f(unbox_##f(b) ^ (top)))                                  \
    BINARY_RM(mul, f, mul, b) BINARY_RM(div, f, div, b) ROOT(f)

ARITHMETIC(s, 0x80000000u)
ARITHMETIC(d, 0x8000000000000000u)
