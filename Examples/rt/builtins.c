// What clang calls behind the source's back and the toolchain has no riscv64 library for: block operations, and
// conversions to and from the 16-bit formats when neither Zfh(min) nor Zfbfmin is enabled. Round to nearest even; like the
// instructions, conversions give the canonical NaN, but they raise no flags.
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    unsigned char *out = to;
    const unsigned char *in = from;
    if ((((uintptr_t)out | (uintptr_t)in) & 7) == 0) {
        for (; count >= 8; count -= 8, out += 8, in += 8)
            *(uint64_t *)__builtin_assume_aligned(out, 8) = *(const uint64_t *)__builtin_assume_aligned(in, 8);
    }
    while (count--)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    unsigned char *out = to;
    const unsigned char *in = from;
    if ((uintptr_t)out - (uintptr_t)in >= count) {
        while (count--)
            *out++ = *in++;
    } else {
        while (count--)
            out[count] = in[count];
    }
    return to;
}

void *memset(void *to, int value, size_t count) {
    unsigned char *out = to;
    uint64_t word = 0x0101010101010101 * (uint64_t)(unsigned char)value;
    for (; count && ((uintptr_t)out & 7); count--)
        *out++ = (unsigned char)value;
    for (; count >= 8; count -= 8, out += 8)
        *(uint64_t *)__builtin_assume_aligned(out, 8) = word;
    while (count--)
        *out++ = (unsigned char)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t count) {
    const unsigned char *a = left, *b = right;
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

typedef struct {
    int exponent_bits;
    int mantissa_bits; // stored, without the hidden one
} Layout;

static const Layout half = {5, 10}, brain = {8, 7}, single = {8, 23}, wide = {11, 52};

static uint64_t ones(int count) { return (UINT64_C(1) << count) - 1; }

// To a narrower format, rounding once.
static inline __attribute__((always_inline)) uint16_t narrow(uint64_t bits, Layout from, Layout to) {
    uint16_t sign = (uint16_t)((bits >> (from.exponent_bits + from.mantissa_bits) & 1) << 15);
    int exponent = (int)(bits >> from.mantissa_bits & ones(from.exponent_bits));
    uint64_t mantissa = bits & ones(from.mantissa_bits);
    uint16_t infinity = (uint16_t)(ones(to.exponent_bits) << to.mantissa_bits);
    if (exponent == (int)ones(from.exponent_bits)) {
        if (mantissa)
            return (uint16_t)(infinity | 1 << (to.mantissa_bits - 1));
        return sign | infinity;
    }
    if (exponent)
        mantissa |= UINT64_C(1) << from.mantissa_bits;
    else
        exponent = 1;
    // The exponent in the new bias; below 1 the result is subnormal and loses more bits.
    exponent += (int)(ones(to.exponent_bits) >> 1) - (int)(ones(from.exponent_bits) >> 1);
    int shift = from.mantissa_bits - to.mantissa_bits;
    if (exponent < 1) {
        shift += 1 - exponent;
        exponent = 1;
    }
    if (shift > from.mantissa_bits + 2)
        shift = from.mantissa_bits + 2; // all that is left of it is less than half
    uint64_t kept = mantissa >> shift, lost = mantissa & ones(shift), midpoint = UINT64_C(1) << (shift - 1);
    if (lost > midpoint || (lost == midpoint && (kept & 1)))
        kept++;
    // The hidden one adds 1 to the exponent field, and so does a carry out of the mantissa.
    uint64_t result = kept + ((uint64_t)(exponent - 1) << to.mantissa_bits);
    return sign | (uint16_t)(result < infinity ? result : infinity);
}

// To a wider format: always exact.
static inline __attribute__((always_inline)) uint64_t widen(uint16_t bits, Layout from, Layout to) {
    uint64_t sign = (uint64_t)(bits >> 15) << (to.exponent_bits + to.mantissa_bits);
    int exponent = (int)(bits >> from.mantissa_bits & ones(from.exponent_bits));
    uint64_t mantissa = bits & ones(from.mantissa_bits);
    int shift = to.mantissa_bits - from.mantissa_bits;
    if (exponent == (int)ones(from.exponent_bits)) {
        uint64_t infinity = ones(to.exponent_bits) << to.mantissa_bits;
        return mantissa ? infinity | UINT64_C(1) << (to.mantissa_bits - 1) : sign | infinity;
    }
    int rebias = (int)(ones(to.exponent_bits) >> 1) - (int)(ones(from.exponent_bits) >> 1);
    if (exponent == 0) {
        if (mantissa == 0)
            return sign;
        if (rebias == 0)
            return sign | mantissa << shift;
        for (exponent = 1; !(mantissa >> from.mantissa_bits); exponent--)
            mantissa <<= 1;
        mantissa &= ones(from.mantissa_bits);
    }
    return sign | (uint64_t)(exponent + rebias) << to.mantissa_bits | mantissa << shift;
}

static uint32_t float_bits(float value) { return __builtin_bit_cast(uint32_t, value); }
static uint64_t double_bits(double value) { return __builtin_bit_cast(uint64_t, value); }
static _Float16 to_half(uint16_t bits) { return __builtin_bit_cast(_Float16, bits); }
static __bf16 to_brain(uint16_t bits) { return __builtin_bit_cast(__bf16, bits); }

_Float16 __truncsfhf2(float value) { return to_half(narrow(float_bits(value), single, half)); }
_Float16 __truncdfhf2(double value) { return to_half(narrow(double_bits(value), wide, half)); }
__bf16 __truncsfbf2(float value) { return to_brain(narrow(float_bits(value), single, brain)); }
__bf16 __truncdfbf2(double value) { return to_brain(narrow(double_bits(value), wide, brain)); }

float __extendhfsf2(_Float16 value) {
    return __builtin_bit_cast(float, (uint32_t)widen(__builtin_bit_cast(uint16_t, value), half, single));
}

double __extendhfdf2(_Float16 value) {
    return __builtin_bit_cast(double, widen(__builtin_bit_cast(uint16_t, value), half, wide));
}

float __extendbfsf2(__bf16 value) {
    return __builtin_bit_cast(float, (uint32_t)widen(__builtin_bit_cast(uint16_t, value), brain, single));
}
