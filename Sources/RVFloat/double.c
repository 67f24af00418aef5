// Double precision with operands where the host's arithmetic wants them: the run loop's own forms of the commonest operations.
//
// They are `rvf_fadd_d` and its kin but for the type. Moving a value from an integer register to a vector register and back costs more
// than the sum itself, and stands in every dependent chain.

#include "element.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

static double from_bits(uint64_t bits) {
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

#define CANONICAL(r) (RVF_RARE((r) != (r)) ? from_bits(0x7ff8000000000000u) : (r))

double rvf_double_add(double a, double b) {
    double r = a + b;
    return CANONICAL(r);
}

double rvf_double_sub(double a, double b) {
    double r = a - b;
    return CANONICAL(r);
}

double rvf_double_mul(double a, double b) {
    double r = a * b;
    return CANONICAL(r);
}

double rvf_double_div(double a, double b) {
    double r = a / b;
    return CANONICAL(r);
}

// Fused operations: where the result is a NaN, or the host has no such instruction, the form in bits decides; what it raises is what
// this one has raised already.
#if defined(__x86_64__)
#define WITH_FMA __attribute__((target("fma")))
#define HAS_FMA rvf_host_has_fma
#else
#define WITH_FMA
#define HAS_FMA 1
#endif

#define FUSED(name, x, y, z)                                                                                         \
    WITH_FMA static double name##_host(double a, double b, double c) {                                               \
        double r = __builtin_fma(x, y, z);                                                                           \
        return RVF_RARE(r != r) ? from_bits(rvf_f##name##_d(to_bits(a), to_bits(b), to_bits(c))) : r;                \
    }                                                                                                                \
    double rvf_double_##name(double a, double b, double c) {                                                         \
        if (HAS_FMA) return name##_host(a, b, c);                                                                    \
        return from_bits(rvf_f##name##_d(to_bits(a), to_bits(b), to_bits(c)));                                       \
    }

FUSED(madd, a, b, c)
FUSED(msub, a, b, -c)
FUSED(nmsub, -a, b, c)
FUSED(nmadd, -a, b, -c)
