// Arithmetic in half precision. With F16C it runs in wider host formats whose extra bits make the second rounding harmless,
// else in the exact core.

#include "element.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define HAS_HALF rvf_host_has_f16c

// In assembly, so that they need no target attribute and keep their place among changes of mode. Narrowing rounds as MXCSR says
// and raises OF, UF (tiny after rounding) and NX; widening raises NV for a signalling NaN. Both work on four lanes: the other
// three must be zero, or leftovers of earlier work raise flags.
static inline float wide(uint16_t a) {
    float r;
    __asm__ volatile("vmovd %1, %0\n\tvcvtph2ps %0, %0" : "=x"(r) : "r"((uint32_t)a));
    return r;
}
static inline uint16_t narrow(float a) {
    uint32_t r;
    float t;
    __asm__ volatile("vxorps %1, %1, %1\n\tvmovss %2, %1, %1\n\tvcvtps2ph $4, %1, %1\n\tvmovd %1, %0"
                     : "=r"(r), "=&x"(t)
                     : "x"(a));
    return (uint16_t)r;
}
static inline uint16_t result_h(float r) { return RVF_RARE(__builtin_isunordered(r, r)) ? NAN_h : narrow(r); }

// Why single precision does for one operation on half precision numbers. Products are exact (22 bits, 2^-48 … 2^32: no range is
// left). Sums, quotients and roots round twice, but 24 bits are 2 · 11 + 2, so that no such result, however short the half
// precision subnormal it goes to, comes nearer to a tie or to a number of the format than single precision tells apart, unless
// it is that tie or number. So the second rounding decides as if it were the first, and inexactness, overflow and tininess are
// seen by it or were seen before. A toward-zero, up or down of the same kind twice is once.
static inline uint16_t add_h(uint16_t a, uint16_t b) { return result_h(wide(a) + wide(b)); }
static inline uint16_t sub_h(uint16_t a, uint16_t b) { return result_h(wide(a) - wide(b)); }
static inline uint16_t mul_h(uint16_t a, uint16_t b) { return result_h(wide(a) * wide(b)); }
static inline uint16_t div_h(uint16_t a, uint16_t b) { return result_h(wide(a) / wide(b)); }
static inline uint16_t sqrt_h(uint16_t a) { return result_h(root_s(wide(a))); }

/// a · b + c. The product is exact in double precision, with 22 bits. The sum is too, unless
/// - it reaches 2^17 and overflows in any case, or
/// - the product is below 2^-15, so that its bits go under 2^-36, and the addend is 2^4 or more: then the sum is a number of
///   the format and a trifle, far from any tie, and NX, all there is to keep of the trifle in a mode to nearest, has been
///   raised.
/// Narrowing to single precision on the way to half is to odd, which keeps "a little more".
static inline uint16_t fma_h(uint16_t a, uint16_t b, uint16_t c) {
    double r = (double)wide(a) * (double)wide(b) + (double)wide(c);
    if (RVF_RARE(__builtin_isunordered(r, r))) return NAN_h;
    uint64_t bits = bits_d(r), below = 0x1fffffff;
    if (bits & below) bits = (bits & ~below) | (below + 1);
    return narrow((float)host_d(bits));
}

#define DYNAMIC(fast, exact) return __builtin_expect(HAS_HALF, 1) ? box_h(fast) : (exact)
#else
#define DYNAMIC(fast, exact) return exact
#endif

#define SIGN_h 0x8000u

#define BINARY(op, core, flip_b)                                                                                     \
    uint64_t rvf_f##op##_h(uint64_t a, uint64_t b) {                                                                 \
        DYNAMIC(op##_h(unbox_h(a), unbox_h(b)), rvf_f##op##_h_rm(a, b, current_rm()));                               \
    }                                                                                                                \
    uint64_t rvf_f##op##_h_rm(uint64_t a, uint64_t b, unsigned rm) {                                                 \
        return rvf_exact_##core(&format_h, a, box_h((uint16_t)(unbox_h(b) ^ (flip_b))), rm);                         \
    }

BINARY(add, add, 0)
BINARY(sub, add, SIGN_h)
BINARY(mul, mul, 0)
BINARY(div, div, 0)

uint64_t rvf_fsqrt_h(uint64_t a) { DYNAMIC(sqrt_h(unbox_h(a)), rvf_exact_sqrt(&format_h, a, current_rm())); }
uint64_t rvf_fsqrt_h_rm(uint64_t a, unsigned rm) { return rvf_exact_sqrt(&format_h, a, rm); }

#define FUSED(name, flip_a, flip_c)                                                                                  \
    uint64_t rvf_##name##_h(uint64_t a, uint64_t b, uint64_t c) {                                                    \
        DYNAMIC(fma_h((uint16_t)(unbox_h(a) ^ (flip_a)), unbox_h(b), (uint16_t)(unbox_h(c) ^ (flip_c))),             \
                rvf_##name##_h_rm(a, b, c, current_rm()));                                                           \
    }                                                                                                                \
    uint64_t rvf_##name##_h_rm(uint64_t a, uint64_t b, uint64_t c, unsigned rm) {                                    \
        uint64_t x = box_h((uint16_t)(unbox_h(a) ^ (flip_a))), z = box_h((uint16_t)(unbox_h(c) ^ (flip_c)));         \
        return rvf_exact_fma(&format_h, x, b, z, rm);                                                                \
    }

FUSED(fmadd, 0, 0)
FUSED(fmsub, 0, SIGN_h)
FUSED(fnmsub, SIGN_h, 0)
FUSED(fnmadd, SIGN_h, SIGN_h)

uint64_t rvf_fcvt_h_s(uint64_t a) {
    DYNAMIC(result_h(host_s(unbox_s(a))), rvf_exact_convert(&format_h, &format_s, a, current_rm()));
}
uint64_t rvf_fcvt_h_s_rm(uint64_t a, unsigned rm) { return rvf_exact_convert(&format_h, &format_s, a, rm); }
