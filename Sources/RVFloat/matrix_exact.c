// Matrix multiplication element by element with the exact core: the meaning of the wide kernels, and what they leave to be done.

#include "matrix.h"

const rvf_format *rvf_matrix_format(rvf_number number) {
    return number == RVF_HALF ? &format_h : number == RVF_BF16 ? &format_b : number == RVF_DOUBLE ? &format_d : &format_s;
}

// OCP 8-bit formats: an e5m2 is the upper byte of a half; e4m3 has bias 7, no infinity and one NaN.
static uint32_t single_of_e4m3(uint8_t a) {
    uint32_t sign = (uint32_t)(a & 0x80) << 24, magnitude = a & 0x7f;
    if (magnitude == 0x7f) return sign | NAN_s;
    if (magnitude >= 8) return sign | ((magnitude << 20) + ((127u - 7) << 23));
    if (magnitude == 0) return sign;
    int shift = __builtin_clz(magnitude) - 28;   // the leading one to bit 3
    return sign | (((uint32_t)(127 - 7 - shift) << 23) + ((magnitude << shift) << 20));
}

static uint32_t single_of(rvf_number from, const void *elements, size_t index) {
    uint16_t h;
    uint32_t s;
    switch (from) {
    case RVF_E5M2: return widen_h((uint16_t)(((const uint8_t *)elements)[index] << 8));
    case RVF_E4M3: return single_of_e4m3(((const uint8_t *)elements)[index]);
    case RVF_HALF: memcpy(&h, (const char *)elements + 2 * index, 2); return widen_h(h);
    case RVF_BF16: memcpy(&h, (const char *)elements + 2 * index, 2); return (uint32_t)h << 16;
    default: memcpy(&s, (const char *)elements + 4 * index, 4); return from == RVF_TF32 && (s & 0x7fffffff) <= 0x7f800000 ? s & ~0x1fffu : s;
    }
}

static uint64_t double_of(uint32_t a) {
    uint64_t sign = (uint64_t)(a & 0x80000000) << 32;
    uint32_t magnitude = a & 0x7fffffff;
    if (magnitude >= 0x7f800000) return sign | 0x7ff0000000000000 | (uint64_t)(magnitude & 0x7fffff) << 29;
    if (magnitude >= 0x00800000) return sign | (((uint64_t)magnitude << 29) + ((uint64_t)(1023 - 127) << 52));
    if (magnitude == 0) return sign;
    int shift = __builtin_clz(magnitude) - 8;   // the leading one to bit 23
    return sign | (((uint64_t)(1023 - 127 - shift) << 52) + ((uint64_t)(magnitude << shift) << 29));
}

/// The half that a single is exactly; only those come here.
static uint16_t half_of(uint32_t a) {
    uint32_t sign = a >> 16 & 0x8000, magnitude = a & 0x7fffffff;
    if (magnitude >= 0x7f800000) return (uint16_t)(sign | 0x7c00 | (magnitude >> 13 & 0x3ff));
    int exponent = (int)(magnitude >> 23) - 127 + 15;
    if (magnitude == 0) return (uint16_t)sign;
    if (exponent >= 1) return (uint16_t)(sign | (uint32_t)exponent << 10 | (magnitude >> 13 & 0x3ff));
    return (uint16_t)(sign | ((magnitude & 0x7fffff) | 0x800000) >> (14 - exponent));
}

uint64_t rvf_matrix_widen(rvf_number from, rvf_number to, const void *elements, size_t index) {
    if (from == RVF_DOUBLE) {
        uint64_t d;
        memcpy(&d, (const char *)elements + 8 * index, 8);
        return d;
    }
    uint32_t s = single_of(from, elements, index);
    switch (to) {
    case RVF_HALF: return half_of(s);
    case RVF_BF16: return s >> 16;
    case RVF_DOUBLE: return double_of(s);
    default: return s;
    }
}

static uint64_t box(const rvf_format *f, uint64_t bits) { return f->width == 64 ? bits : bits | ~(uint64_t)0 << f->width; }

// ---------------------------------------------------------------------------------------------------------------------
// The exact sum: a fixed-point number from 2^-2148, the last bit of a product of two doubles, up beyond any sum.

enum { LIMBS = 70, LAST_BIT = -2148 };
typedef struct exact_sum {
    uint64_t limb[LIMBS];
} exact_sum;

/// Adds ±significand · 2^exponent.
static void add_term(exact_sum *sum, bool sign, int exponent, unsigned __int128 significand) {
    int at = exponent - LAST_BIT, word = at / 64, shift = at % 64;
    uint64_t low = (uint64_t)significand, high = (uint64_t)(significand >> 64);
    uint64_t part[3] = {low << shift, shift ? low >> (64 - shift) | high << shift : high, shift ? high >> (64 - shift) : 0};
    unsigned __int128 carry = 0;
    for (int i = word; i < LIMBS; i++) {
        uint64_t x = i - word < 3 ? part[i - word] : 0;
        if (i - word >= 3 && !carry) break;
        if (sign) {
            unsigned __int128 r = (unsigned __int128)sum->limb[i] - x - (uint64_t)carry;
            sum->limb[i] = (uint64_t)r;
            carry = (uint64_t)(r >> 64) != 0;
        } else {
            unsigned __int128 r = (unsigned __int128)sum->limb[i] + x + (uint64_t)carry;
            sum->limb[i] = (uint64_t)r;
            carry = r >> 64;
        }
    }
}

/// A double as ±significand · 2^exponent, finite.
static uint64_t parts(uint64_t d, int *exponent) {
    int biased = (int)(d >> 52 & 0x7ff);
    *exponent = (biased ? biased : 1) - 1075;
    return (d & 0xfffffffffffff) | (biased ? (uint64_t)1 << 52 : 0);
}

static bool is_nan(uint64_t d) { return d << 1 > (uint64_t)0x7ff << 53; }
static bool is_signalling(uint64_t d) { return is_nan(d) && !(d >> 51 & 1); }
static bool is_infinite(uint64_t d) { return d << 1 == (uint64_t)0x7ff << 53; }

static uint64_t exact_cell(const rvf_matmul *job, rvf_number source, rvf_number result, unsigned rm, const char *a, const char *b, const char *c) {
    const rvf_format *f = rvf_matrix_format(result);
    exact_sum sum = {{0}};
    bool nan = false, invalid = false, up = false, down = false, all_negative = true, all_positive = true, all_zero = true;
    uint64_t z = rvf_matrix_widen(result, RVF_DOUBLE, c, 0);
    if (is_nan(z)) nan = true, invalid = is_signalling(z);
    else if (is_infinite(z)) z >> 63 ? (down = true) : (up = true);
    else {
        int exponent;
        uint64_t significand = parts(z, &exponent);
        if (significand) all_zero = false, add_term(&sum, z >> 63, exponent, significand);
        z >> 63 ? (all_positive = false) : (all_negative = false);
    }
    for (size_t k = 0; k < job->k; k++) {
        uint64_t x = rvf_matrix_widen(source, RVF_DOUBLE, a, k), y = rvf_matrix_widen(source, RVF_DOUBLE, b, k);
        bool sign = (x ^ y) >> 63;
        if (is_nan(x) || is_nan(y)) {
            nan = true;
            invalid |= is_signalling(x) || is_signalling(y);
        } else if (is_infinite(x) || is_infinite(y)) {
            if (!(x << 1) || !(y << 1)) nan = invalid = true;
            else if (sign) down = true;
            else up = true;
        } else {
            int p, q;
            unsigned __int128 product = (unsigned __int128)parts(x, &p) * parts(y, &q);
            if (product) all_zero = false, add_term(&sum, sign, p + q, product);
            sign ? (all_positive = false) : (all_negative = false);
        }
    }
    if (up && down) nan = invalid = true;
    if (invalid) raise_flags(NV);
    if (nan) return result == RVF_HALF ? NAN_h : result == RVF_BF16 ? NAN_b : result == RVF_DOUBLE ? NAN_d : NAN_s;
    uint64_t infinity = (((uint64_t)1 << (f->width - 1 - f->fraction)) - 1) << f->fraction, top = (uint64_t)1 << (f->width - 1);
    if (up || down) return infinity | (down ? top : 0);
    bool sign = sum.limb[LIMBS - 1] >> 63;
    if (sign) {
        uint64_t carry = 1;
        for (int i = 0; i < LIMBS; i++) {
            sum.limb[i] = ~sum.limb[i] + carry;
            carry = carry && sum.limb[i] == 0;
        }
    }
    int high = LIMBS - 1;
    while (high >= 0 && !sum.limb[high]) high--;
    // Zeros of one sign keep it; else the sum is -0 when rounding down and +0 otherwise.
    if (high < 0) {
        if (all_zero && all_negative) return top;
        return rm == RDN && !(all_zero && all_positive) ? top : 0;
    }
    int shift = __builtin_clzll(sum.limb[high]);
    uint64_t next = high > 0 ? sum.limb[high - 1] : 0, third = high > 1 ? sum.limb[high - 2] : 0;
    uint64_t first = shift ? sum.limb[high] << shift | next >> (64 - shift) : sum.limb[high];
    uint64_t second = shift ? next << shift | third >> (64 - shift) : next;
    bool rest = shift ? third << shift : third;
    for (int i = 0; i < high - 2; i++) rest |= sum.limb[i] != 0;
    return rvf_exact_round(f, sign, high * 64 + 63 - shift + LAST_BIT, first, second | rest, rm);
}

uint64_t rvf_matrix_cell(const rvf_matmul *job, rvf_number source, rvf_number result, rvf_order order, unsigned rm, size_t i, size_t j) {
    const char *a = (const char *)job->a + i * job->a_stride, *b = (const char *)job->b + j * job->b_stride;
    const char *c = (const char *)job->c + i * job->c_stride + j * bytes_of(result);
    if (order == RVF_EXACT_SUM) return exact_cell(job, source, result, rm, a, b, c);
    const rvf_format *f = rvf_matrix_format(result);
    uint64_t old = box(f, rvf_matrix_widen(result, result, c, 0)), sum = order == RVF_CHAIN_FROM_C ? old : box(f, 0);
    for (size_t k = 0; k < job->k; k++) {
        uint64_t x = box(f, rvf_matrix_widen(source, result, a, k)), y = box(f, rvf_matrix_widen(source, result, b, k));
        sum = rvf_exact_fma(f, x, y, sum, rm);
    }
    return order == RVF_CHAIN_FROM_C ? sum : rvf_exact_add(f, sum, old, rm);
}

// ---------------------------------------------------------------------------------------------------------------------
// Conversions of the 8-bit formats

uint32_t rvf_fcvt_s_e4m3(uint8_t a) { return single_of_e4m3(a); }

uint32_t rvf_fcvt_s_e5m2(uint8_t a) { return (uint32_t)rvf_fcvt_s_h(box_h((uint16_t)(a << 8))); }

/// Rounds to so many bits behind the point, with numbers down to 2^least in full and none above `most`.
static uint8_t narrow_8(uint32_t a, int fraction, int bias, uint8_t most, uint8_t beyond, uint8_t nan, bool saturate, unsigned rm) {
    uint8_t sign = (uint8_t)(a >> 24 & 0x80);
    uint32_t magnitude = a & 0x7fffffff;
    if (magnitude > 0x7f800000) {
        if (!(magnitude & 0x400000)) raise_flags(NV);
        return nan;
    }
    // An infinity is none of the numbers either, but exact.
    if (magnitude == 0x7f800000) return sign | (saturate ? most : beyond);
    if (magnitude == 0) return sign;
    int exponent = (int)(magnitude >> 23);
    uint64_t significand = (uint64_t)((magnitude & 0x7fffff) | (exponent ? 0x800000u : 0)) << 32;
    if (exponent == 0) exponent = 1;
    int biased = exponent - 127 + bias, drop = 32 + 23 - fraction;
    bool below = biased < 1;
    int shift = below ? 1 - biased : 0;
    // Rounded as if there was no least exponent: whether the result is tiny.
    uint64_t low = significand & (((uint64_t)1 << drop) - 1), half = (uint64_t)1 << (drop - 1);
    uint64_t kept = significand >> drop;
#define AWAY(low, odd) (rm == RNE ? (low) > half || ((low) == half && (odd)) : rm == RMM ? (low) >= half : rm == RUP ? (low) && !sign : rm == RDN ? (low) && sign : 0)
    bool tiny = below && !(biased == 0 && kept + AWAY(low, kept & 1) == (uint64_t)2 << fraction);
    if (shift > 60) significand = 1;
    else if (shift) significand = significand >> shift | ((significand & (((uint64_t)1 << shift) - 1)) != 0);
    if (below) biased = 1;
    low = significand & (((uint64_t)1 << drop) - 1);
    kept = significand >> drop;
    uint64_t value = ((uint64_t)(biased - 1) << fraction) + kept + AWAY(low, kept & 1);
#undef AWAY
    if (value > most) {
        raise_flags(OF | NX);
        return sign | (saturate ? most : beyond);
    }
    if (low) raise_flags(tiny ? UF | NX : NX);
    return (uint8_t)(sign | value);
}

uint8_t rvf_fcvt_e4m3_s(uint32_t a, bool saturate, unsigned rm) { return narrow_8(a, 3, 7, 0x7e, 0x7f, 0x7f, saturate, rm); }
uint8_t rvf_fcvt_e5m2_s(uint32_t a, bool saturate, unsigned rm) { return narrow_8(a, 2, 15, 0x7b, 0x7c, 0x7e, saturate, rm); }
