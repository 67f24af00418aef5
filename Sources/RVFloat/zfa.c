// What Zfa adds beside comparisons: constants, rounding to integral values, the modular conversion.

#include "element.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

// ---------------------------------------------------------------------------------------------------------------------
// Constants. In half precision entry 1 is its own smallest normal number, 2 and 3 are subnormal, and 29 has no place but
// infinity.

static const uint16_t constants_h[32] = {
    0xbc00, 0x0400, 0x0100, 0x0200, 0x1c00, 0x2000, 0x2c00, 0x3000,
    0x3400, 0x3500, 0x3600, 0x3700, 0x3800, 0x3900, 0x3a00, 0x3b00,
    0x3c00, 0x3d00, 0x3e00, 0x3f00, 0x4000, 0x4100, 0x4200, 0x4400,
    0x4800, 0x4c00, 0x5800, 0x5c00, 0x7800, 0x7c00, 0x7c00, 0x7e00,
};
static const float constants_s[32] = {
    -1.0f, 0x1p-126f, 0x1p-16f, 0x1p-15f, 0x1p-8f, 0x1p-7f, 0.0625f, 0.125f, 0.25f, 0.3125f, 0.375f, 0.4375f, 0.5f, 0.625f, 0.75f,
    0.875f, 1.0f, 1.25f, 1.5f, 1.75f, 2.0f, 2.5f, 3.0f, 4.0f, 8.0f, 16.0f, 128.0f, 256.0f, 0x1p15f, 0x1p16f,
    __builtin_inff(), __builtin_nanf(""),
};

uint64_t rvf_fli_s(unsigned index) { return box_s(bits_s(constants_s[index & 31])); }
uint64_t rvf_fli_h(unsigned index) { return box_h(constants_h[index & 31]); }
uint64_t rvf_fli_d(unsigned index) {
    index &= 31;
    return index == 1 ? 0x0010000000000000 : bits_d((double)constants_s[index]);   // the smallest normal number
}

// ---------------------------------------------------------------------------------------------------------------------
// To an integral value, on integers: the fraction's bits are cut off at the point and the magnitude may go up by one unit there.

#define ROUND_TO_INTEGRAL(f, bits_t)                                                                                 \
    static inline uint64_t integral_##f(uint64_t boxed, unsigned rm, bool raise_inexact) {                           \
        bits_t a = unbox_##f(boxed), sign = (bits_t)((bits_t)1 << (format_##f.width - 1));                           \
        bits_t magnitude = (bits_t)(a & ~sign), one = (bits_t)((bits_t)format_##f.bias << format_##f.fraction);      \
        bool negative = a & sign;                                                                                    \
        if (is_nan_##f(a)) {                                                                                         \
            if (is_signalling_##f(a)) raise_flags(NV);                                                               \
            return box_##f((bits_t)NAN_##f);                                                                         \
        }                                                                                                            \
        int exponent = (int)(magnitude >> format_##f.fraction) - format_##f.bias, point = format_##f.fraction - exponent; \
        if (exponent >= format_##f.fraction || magnitude == 0) return box_##f(a);                                    \
        bool up = (rm == RUP && !negative) || (rm == RDN && negative);                                               \
        bits_t r;                                                                                                    \
        if (exponent < 0) {                                                                                          \
            bits_t half = (bits_t)(one - ((bits_t)1 << format_##f.fraction));                                        \
            if ((rm == RNE && magnitude > half) || (rm == RMM && magnitude >= half)) up = true;                      \
            r = up ? one : 0;                                                                                        \
        } else {                                                                                                     \
            bits_t unit = (bits_t)((bits_t)1 << point), rest = (bits_t)(magnitude & (unit - 1));                     \
            bool odd = magnitude & unit;   /* of 1.x that is the lowest bit of the bias: set, as it should be */  \
            r = (bits_t)(magnitude - rest);                                                                          \
            if (rest == 0) return box_##f(a);                                                                        \
            if (rm == RNE) up = rest > unit / 2 || (rest == unit / 2 && odd);                                        \
            if (rm == RMM) up = rest >= unit / 2;                                                                    \
            if (up) r = (bits_t)(r + unit);                                                                          \
        }                                                                                                            \
        if (raise_inexact) raise_flags(NX);                                                                          \
        return box_##f((bits_t)(r | (a & sign)));                                                                    \
    }                                                                                                                \
    uint64_t rvf_fround_##f(uint64_t a) { return integral_##f(a, current_rm(), false); }                             \
    uint64_t rvf_fround_##f##_rm(uint64_t a, unsigned rm) { return integral_##f(a, rm, false); }                     \
    uint64_t rvf_froundnx_##f(uint64_t a) { return integral_##f(a, current_rm(), true); }                            \
    uint64_t rvf_froundnx_##f##_rm(uint64_t a, unsigned rm) { return integral_##f(a, rm, true); }

ROUND_TO_INTEGRAL(h, uint16_t)
ROUND_TO_INTEGRAL(s, uint32_t)
ROUND_TO_INTEGRAL(d, uint64_t)

// ---------------------------------------------------------------------------------------------------------------------

uint64_t rvf_fcvtmod_w_d(uint64_t a) {
    uint64_t saturated = rvf_fcvt_w_d_rm(a, RTZ);   // the flags are the same, in range the value is too
    uint64_t magnitude = a & INT64_MAX, significand = (magnitude & 0xfffffffffffff) | 0x10000000000000;
    int exponent = (int)(magnitude >> 52) - 1023;
    if (exponent < 31) return saturated;
    if (exponent > 52 + 31) return 0;   // a multiple of 2^32, infinity, NaN
    uint64_t integer = exponent > 52 ? significand << (exponent - 52) : significand >> (52 - exponent);
    return (uint64_t)(int64_t)(int32_t)(uint32_t)(a >> 63 ? -integer : integer);
}
