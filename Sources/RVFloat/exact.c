// The exact core: every operation on unpacked numbers with wide integers, rounded once, in any mode and format. It serves where
// the host has no answer (RMM, half precision without F16C, fused operations without FMA, tininess on arm64) and never touches
// a floating-point register, so nothing of it can raise a flag by accident.

#include "internal.h"

typedef unsigned __int128 u128;

typedef enum { ZERO, FINITE, INFINITE, QUIET, SIGNALLING } kind;

/// A finite number is ±significand · 2^(exponent - 63) with bit 63 of the significand set.
typedef struct {
    kind kind;
    bool sign;
    int exponent;
    uint64_t significand;
} number;

static uint64_t infinity(const rvf_format *f) {
    return (((uint64_t)1 << (f->width - 1 - f->fraction)) - 1) << f->fraction;
}

static uint64_t boxed(const rvf_format *f, bool sign, uint64_t magnitude) {
    uint64_t box = f->width == 64 ? 0 : ~(uint64_t)0 << f->width;
    return box | (uint64_t)sign << (f->width - 1) | magnitude;
}

static uint64_t canonical_nan(const rvf_format *f) { return boxed(f, false, infinity(f) | (uint64_t)1 << (f->fraction - 1)); }

static number unpack(const rvf_format *f, uint64_t a) {
    if (f->width < 64 && a < ~(uint64_t)0 << f->width) return (number){QUIET, false, 0, 0};
    bool sign = a >> (f->width - 1) & 1;
    uint64_t magnitude = a & (((uint64_t)1 << (f->width - 1)) - 1), fraction = magnitude & (((uint64_t)1 << f->fraction) - 1);
    int biased = (int)(magnitude >> f->fraction);
    if (magnitude == 0) return (number){ZERO, sign, 0, 0};
    if (magnitude == infinity(f)) return (number){INFINITE, sign, 0, 0};
    if (magnitude > infinity(f)) return (number){fraction >> (f->fraction - 1) ? QUIET : SIGNALLING, sign, 0, 0};
    if (biased) fraction |= (uint64_t)1 << f->fraction;
    else biased = 1;
    int shift = __builtin_clzll(fraction);
    return (number){FINITE, sign, biased - f->bias - f->fraction + 63 - shift, fraction << shift};
}

/// Right shift that keeps "there was something below" in the last bit.
static u128 shift_right_sticky(u128 x, int n) {
    if (n <= 0) return x;
    if (n >= 128) return x != 0;
    return x >> n | ((x << (128 - n)) != 0);
}

static bool rounds_away(u128 significand, int drop, bool sign, unsigned rm) {
    u128 half = (u128)1 << (drop - 1), rest = significand & (half * 2 - 1);
    switch (rm) {
    case RNE: return rest > half || (rest == half && (significand >> drop & 1));
    case RMM: return rest >= half;
    case RUP: return rest != 0 && !sign;
    case RDN: return rest != 0 && sign;
    case ODD: return rest != 0 && !(significand >> drop & 1);
    default: return false;
    }
}

/// ±significand · 2^(exponent - 127), bit 127 set, in the format; the last bit may stand for anything nonzero below it.
static uint64_t round_to(const rvf_format *f, bool sign, int exponent, u128 significand, unsigned rm, unsigned *flags) {
    int biased = exponent + f->bias, drop = 127 - f->fraction;
    bool tiny = false;
    if (biased < 1) {
        // Tiny after rounding: not, if with an unbounded exponent rounding would have carried into the smallest normal number.
        bool carries = biased == 0 && significand >> drop == ((u128)2 << f->fraction) - 1 &&
                       rounds_away(significand, drop, sign, rm);
        tiny = !carries;
        significand = shift_right_sticky(significand, 1 - biased);
        biased = 1;   // the hidden bit is now clear, which makes the sum below a subnormal
    }
    bool inexact = (significand & (((u128)1 << drop) - 1)) != 0;
    uint64_t kept = (uint64_t)(significand >> drop) + rounds_away(significand, drop, sign, rm);
    uint64_t magnitude = ((uint64_t)(biased - 1) << f->fraction) + kept;   // the hidden bit and a carry count as one exponent
    if (magnitude >= infinity(f)) {
        *flags |= OF | NX;
        bool away = rm == RNE || rm == RMM || (rm == RUP && !sign) || (rm == RDN && sign);
        return boxed(f, sign, infinity(f) - !away);
    }
    if (inexact) *flags |= tiny ? UF | NX : NX;
    return boxed(f, sign, magnitude);
}

static uint64_t normalize_and_round(const rvf_format *f, bool sign, int exponent, u128 x, unsigned rm, unsigned *flags) {
    int shift = (uint64_t)(x >> 64) ? __builtin_clzll((uint64_t)(x >> 64)) : 64 + __builtin_clzll((uint64_t)x);
    return round_to(f, sign, exponent - shift, x << shift, rm, flags);
}

/// The one NaN there is as a result; NV if `invalid` or an operand signals.
static uint64_t nan_result(const rvf_format *f, bool invalid) {
    if (invalid) raise_flags(NV);
    return canonical_nan(f);
}

static uint64_t fma_numbers(const rvf_format *f, number a, number b, number c, unsigned rm) {
    bool zero_times_infinity = (a.kind == ZERO && b.kind == INFINITE) || (a.kind == INFINITE && b.kind == ZERO);
    if (a.kind >= QUIET || b.kind >= QUIET || c.kind >= QUIET || zero_times_infinity) {
        return nan_result(f, zero_times_infinity || a.kind == SIGNALLING || b.kind == SIGNALLING || c.kind == SIGNALLING);
    }
    bool sign = a.sign ^ b.sign;
    if (a.kind == INFINITE || b.kind == INFINITE) {
        if (c.kind == INFINITE && c.sign != sign) return nan_result(f, true);
        return boxed(f, sign, infinity(f));
    }
    if (c.kind == INFINITE) return boxed(f, c.sign, infinity(f));
    bool no_product = a.kind == ZERO || b.kind == ZERO;
    if (no_product && c.kind == ZERO) return boxed(f, sign == c.sign ? sign : rm == RDN, 0);

    // Both terms as ±x · 2^(exponent - 127) with bit 127 set. The product has at most 106 bits, so the 22 below it are clear:
    // what a shift loses is lost only where at most one leading bit cancels, and the sticky bit stays far below the rounding
    // point.
    unsigned flags = 0;
    uint64_t result;
    u128 x = (u128)a.significand * b.significand, y = (u128)c.significand << 64;
    int x_exponent = a.exponent + b.exponent + 1, y_exponent = c.exponent;
    if (!no_product && !(x >> 127)) x <<= 1, x_exponent--;
    if (no_product) {
        result = round_to(f, c.sign, y_exponent, y, rm, &flags);
    } else if (c.kind == ZERO) {
        result = round_to(f, sign, x_exponent, x, rm, &flags);
    } else {
        bool y_sign = c.sign;
        if (y_exponent > x_exponent || (y_exponent == x_exponent && y > x)) {
            u128 t = x; x = y; y = t;
            int e = x_exponent; x_exponent = y_exponent; y_exponent = e;
            y_sign = sign; sign = c.sign;
        }
        // One place of room for the carry: neither term uses bit 0.
        x >>= 1;
        y = shift_right_sticky(y, 1 + x_exponent - y_exponent);
        x = sign == y_sign ? x + y : x - y;
        if (x == 0) return boxed(f, rm == RDN, 0);
        result = normalize_and_round(f, sign, x_exponent + 1, x, rm, &flags);
    }
    raise_flags(flags);
    return result;
}

uint64_t rvf_exact_fma(const rvf_format *f, uint64_t a, uint64_t b, uint64_t c, unsigned rm) {
    return fma_numbers(f, unpack(f, a), unpack(f, b), unpack(f, c), rm);
}

uint64_t rvf_exact_add(const rvf_format *f, uint64_t a, uint64_t b, unsigned rm) {
    number one = {FINITE, false, 0, (uint64_t)1 << 63};
    return fma_numbers(f, unpack(f, a), one, unpack(f, b), rm);
}

uint64_t rvf_exact_mul(const rvf_format *f, uint64_t a, uint64_t b, unsigned rm) {
    number x = unpack(f, a), y = unpack(f, b), zero = {ZERO, x.sign ^ y.sign, 0, 0};   // of the product's sign: adds nothing
    return fma_numbers(f, x, y, zero, rm);
}

uint64_t rvf_exact_div(const rvf_format *f, uint64_t a, uint64_t b, unsigned rm) {
    number x = unpack(f, a), y = unpack(f, b);
    bool sign = x.sign ^ y.sign;
    if (x.kind >= QUIET || y.kind >= QUIET) return nan_result(f, x.kind == SIGNALLING || y.kind == SIGNALLING);
    if (x.kind == y.kind && x.kind != FINITE) return nan_result(f, true);
    if (x.kind == INFINITE) return boxed(f, sign, infinity(f));
    if (y.kind == ZERO) {
        raise_flags(DZ);
        return boxed(f, sign, infinity(f));
    }
    if (x.kind == ZERO || y.kind == INFINITE) return boxed(f, sign, 0);
    // Dividend of 127 bits by divisor of at most 53: the quotient has at least 73, and the remainder becomes its sticky bit.
    u128 dividend = (u128)x.significand << 63;
    uint64_t divisor = y.significand >> 11;
    u128 quotient = dividend / divisor;
    if (dividend % divisor) quotient |= 1;
    unsigned flags = 0;
    // quotient = (x.significand / y.significand) · 2^74, and the numbers are significand · 2^(exponent - 63).
    uint64_t result = normalize_and_round(f, sign, x.exponent - y.exponent + 127 - 74, quotient, rm, &flags);
    raise_flags(flags);
    return result;
}

uint64_t rvf_exact_sqrt(const rvf_format *f, uint64_t a, unsigned rm) {
    number x = unpack(f, a);
    if (x.kind >= QUIET) return nan_result(f, x.kind == SIGNALLING);
    if (x.kind == ZERO) return boxed(f, x.sign, 0);
    if (x.sign) return nan_result(f, true);
    if (x.kind == INFINITE) return boxed(f, false, infinity(f));
    // v = significand · 2^(odd - 63) lies in [1, 4), and the number is v · 2^(exponent - odd). Digit by digit, root becomes the
    // integer part of sqrt(v · 2^124), which is 63 bits of sqrt(v), and rest tells whether there is more.
    int odd = x.exponent & 1;
    u128 rest = (u128)x.significand << (61 + odd), root = 0;
    for (u128 bit = (u128)1 << 126; bit; bit >>= 2) {
        if (rest >= root + bit) {
            rest -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    unsigned flags = 0;
    uint64_t result = normalize_and_round(f, false, 127 - 63 + (x.exponent - odd) / 2, root << 1 | (rest != 0), rm, &flags);
    raise_flags(flags);
    return result;
}

uint64_t rvf_exact_convert(const rvf_format *to, const rvf_format *from, uint64_t a, unsigned rm) {
    number x = unpack(from, a);
    switch (x.kind) {
    case ZERO: return boxed(to, x.sign, 0);
    case INFINITE: return boxed(to, x.sign, infinity(to));
    case QUIET:
    case SIGNALLING: return nan_result(to, x.kind == SIGNALLING);
    case FINITE: break;
    }
    unsigned flags = 0;
    uint64_t result = round_to(to, x.sign, x.exponent, (u128)x.significand << 64, rm, &flags);
    raise_flags(flags);
    return result;
}

uint64_t rvf_exact_from_integer(const rvf_format *to, uint64_t x, bool is_signed, int width, unsigned rm) {
    if (width == 32) x = is_signed ? (uint64_t)(int64_t)(int32_t)x : (uint32_t)x;
    if (x == 0) return boxed(to, false, 0);
    bool sign = is_signed && x >> 63;
    if (sign) x = -x;
    unsigned flags = 0;
    uint64_t result = normalize_and_round(to, sign, 127, x, rm, &flags);
    raise_flags(flags);
    return result;
}

uint64_t rvf_exact_to_integer(const rvf_format *from, uint64_t a, bool is_signed, int width, unsigned rm) {
    number x = unpack(from, a);
    if (x.kind == ZERO) return 0;
    bool negative = x.sign && x.kind < QUIET;   // a NaN of either sign saturates upwards (F 20.7)
    u128 magnitude = (u128)1 << 64;             // out of every range
    bool inexact = false;
    if (x.kind == FINITE && x.exponent < 64) {
        // significand · 2^64 is the number times 2^(127 - exponent); what lies below 2^0 is rounded.
        int drop = 127 - x.exponent;
        u128 wide = shift_right_sticky((u128)x.significand << 64, drop - 64);
        inexact = (uint64_t)wide != 0;
        magnitude = (wide >> 64) + rounds_away(wide, 64, x.sign, rm);
    }
    uint64_t highest = ~(uint64_t)0 >> (64 - width + is_signed), lowest = is_signed ? highest + 1 : 0;
    if (magnitude > (negative ? lowest : highest)) {
        raise_flags(NV);
        magnitude = negative ? lowest : highest;
    } else if (inexact) {
        raise_flags(NX);
    }
    uint64_t result = negative ? -(uint64_t)magnitude : (uint64_t)magnitude;
    return width == 32 ? (uint64_t)(int64_t)(int32_t)result : result;
}

uint64_t rvf_exact_round(const rvf_format *to, bool sign, int exponent, uint64_t high, uint64_t low, unsigned rm) {
    unsigned flags = 0;
    uint64_t result = round_to(to, sign, exponent, (u128)high << 64 | low, rm, &flags);
    raise_flags(flags);
    return result;
}
