// vfrec7 and vfrsqrt7: estimates of 1/x and 1/sqrt(x) to 7 bits. "V", sections 13.9 and 13.10.

#include "internal.h"

/// Entry i: the seven bits behind the point of 2/x in the middle of the interval of x that i stands for, to nearest. For the reciprocal i
/// is the 7 bits behind the point of x in [1, 2). For the root it is the 6 bits of x in [2, 4), then those of x in [1, 2).
static const uint8_t reciprocal[128] = {
    127, 125, 123, 121, 119, 117, 116, 114, 112, 110, 109, 107, 105, 104, 102, 100, 99, 97, 96, 94, 93, 91, 90, 88, 87, 85, 84, 83, 81, 80, 79, 77,
    76, 75, 74, 72, 71, 70, 69, 68, 66, 65, 64, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43,
    42, 41, 40, 40, 39, 38, 37, 36, 35, 35, 34, 33, 32, 31, 31, 30, 29, 28, 28, 27, 26, 25, 25, 24, 23, 23, 22, 21, 21, 20, 19, 19,
    18, 17, 17, 16, 15, 15, 14, 14, 13, 12, 12, 11, 11, 10, 9, 9, 8, 8, 7, 7, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0,
};
static const uint8_t reciprocal_root[128] = {
    52, 51, 50, 48, 47, 46, 44, 43, 42, 41, 40, 39, 38, 36, 35, 34, 33, 32, 31, 30, 30, 29, 28, 27, 26, 25, 24, 23, 23, 22, 21, 20,
    19, 19, 18, 17, 16, 16, 15, 14, 14, 13, 12, 12, 11, 10, 10, 9, 9, 8, 7, 7, 6, 6, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0,
    127, 125, 123, 121, 119, 118, 116, 114, 113, 111, 109, 108, 106, 105, 103, 102, 100, 99, 97, 96, 95, 93, 92, 91, 90, 88, 87, 86, 85, 84, 83, 82,
    80, 79, 78, 77, 76, 75, 74, 73, 72, 71, 70, 70, 69, 68, 67, 66, 65, 64, 63, 63, 62, 61, 60, 59, 59, 58, 57, 56, 56, 55, 54, 53,
};

/// A number's parts, a subnormal's as if the exponent went on downwards.
typedef struct {
    bool sign;
    bool is_nan, is_signalling, is_infinite, is_zero;
    int exponent;         ///< biased; 0 and below for subnormals
    uint64_t fraction;    ///< behind the point
} parts;

static parts split(const rvf_format *f, uint64_t a) {
    if (f->width < 64 && a < ~(uint64_t)0 << f->width) return (parts){.is_nan = true};
    int highest = (1 << (f->width - 1 - f->fraction)) - 1;
    parts p = {.sign = a >> (f->width - 1) & 1, .exponent = (int)(a >> f->fraction) & highest,
               .fraction = a & (((uint64_t)1 << f->fraction) - 1)};
    if (p.exponent == highest) {
        p.is_nan = p.fraction != 0;
        p.is_signalling = p.is_nan && !(p.fraction >> (f->fraction - 1));
        p.is_infinite = !p.is_nan;
    } else if (p.exponent == 0) {
        p.is_zero = p.fraction == 0;
        if (!p.is_zero) {
            // The leading one goes to the place of the hidden bit.
            int shift = __builtin_clzll(p.fraction) - (63 - f->fraction);
            p.exponent = 1 - shift;
            p.fraction = p.fraction << shift & (((uint64_t)1 << f->fraction) - 1);
        }
    }
    return p;
}

static uint64_t join(const rvf_format *f, bool sign, uint64_t magnitude) {
    return (f->width == 64 ? 0 : ~(uint64_t)0 << f->width) | (uint64_t)sign << (f->width - 1) | magnitude;
}

static uint64_t infinite(const rvf_format *f) { return (((uint64_t)1 << (f->width - 1 - f->fraction)) - 1) << f->fraction; }

static uint64_t not_a_number(const rvf_format *f, bool invalid) {
    if (invalid) raise_flags(NV);
    return join(f, false, infinite(f) | (uint64_t)1 << (f->fraction - 1));
}

static uint64_t estimate_root(const rvf_format *f, uint64_t a) {
    parts p = split(f, a);
    if (p.is_nan) return not_a_number(f, p.is_signalling);
    if (p.is_zero) {
        raise_flags(DZ);
        return join(f, p.sign, infinite(f));
    }
    if (p.sign) return not_a_number(f, true);
    if (p.is_infinite) return join(f, false, 0);
    unsigned index = (unsigned)(p.exponent & 1) << 6 | (unsigned)(p.fraction >> (f->fraction - 6));
    // An odd bias: an even biased exponent is an odd power of two. The sum is positive, so halving rounds down.
    int exponent = (3 * f->bias - 1 - p.exponent) / 2;
    return join(f, false, (uint64_t)exponent << f->fraction | (uint64_t)reciprocal_root[index] << (f->fraction - 7));
}

static uint64_t estimate_reciprocal(const rvf_format *f, uint64_t a, unsigned rm) {
    parts p = split(f, a);
    if (p.is_nan) return not_a_number(f, p.is_signalling);
    if (p.is_infinite) return join(f, p.sign, 0);
    if (p.is_zero) {
        raise_flags(DZ);
        return join(f, p.sign, infinite(f));
    }
    int exponent = 2 * f->bias - 1 - p.exponent;
    if (p.exponent < -1) {
        raise_flags(OF | NX);
        bool finite = rm == RTZ || (rm == RDN && !p.sign) || (rm == RUP && p.sign);
        return join(f, p.sign, infinite(f) - finite);
    }
    uint64_t fraction = (uint64_t)reciprocal[p.fraction >> (f->fraction - 7)] << (f->fraction - 7);
    if (exponent < 1) {
        fraction = (fraction | (uint64_t)1 << f->fraction) >> (1 - exponent);
        exponent = 0;
    }
    return join(f, p.sign, (uint64_t)exponent << f->fraction | fraction);
}

#define ESTIMATES(f)                                                                                                \
    uint64_t rvf_frsqrt7_##f(uint64_t a) { return estimate_root(&format_##f, a); }                                  \
    uint64_t rvf_frec7_##f(uint64_t a) { return estimate_reciprocal(&format_##f, a, current_rm()); }                \
    uint64_t rvf_frec7_##f##_rm(uint64_t a, unsigned rm) { return estimate_reciprocal(&format_##f, a, rm); }

ESTIMATES(h)
ESTIMATES(s)
ESTIMATES(d)
