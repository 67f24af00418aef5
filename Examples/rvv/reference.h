// The same functions, one double at a time, for judging the vector ones: errors of a few 10^-16, no C library needed.
#ifndef RVSIM_EXAMPLES_REFERENCE_H
#define RVSIM_EXAMPLES_REFERENCE_H

#include <math.h>
#include <stdint.h>

// e^x for |x| ≤ 700.
static inline double reference_exp(double x) {
    double scaled = x * 1.4426950408889634;
    int64_t n = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    double r = x - (double)n * 0x1.62e42fee00000p-1 - (double)n * 0x1.a39ef35793c76p-33;
    double term = 1, sum = 1;
    for (int i = 1; i < 18; i++) {
        term *= r / i;
        sum += term;
    }
    return sum * __builtin_bit_cast(double, (uint64_t)(n + 1023) << 52);
}

// erf x = 2/√π · e^-x² · Σ 2^n x^(2n+1) / (1·3·5···(2n+1)): no term is negative, nothing cancels.
static inline double reference_erf(double x) {
    double size = fabs(x);
    if (size > 6)
        return x < 0 ? -1 : 1; // 1 - erf 6 = 2·10^-17
    double term = x, sum = x;
    for (int n = 1; fabs(term) > 1e-17 * fabs(sum); n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
    }
    return 1.1283791670955126 * reference_exp(-x * x) * sum;
}

static inline double reference_tanh(double x) {
    double power = reference_exp(-2 * fabs(x)), size = (1 - power) / (1 + power);
    return x < 0 ? -size : size;
}

#endif
