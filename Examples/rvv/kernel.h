// What the vector kernels share: numbers that are the same everywhere, comparison with a reference, exponentials.
#ifndef RVSIM_EXAMPLES_KERNEL_H
#define RVSIM_EXAMPLES_KERNEL_H

#include <math.h>
#include <riscv_vector.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// How often the kernel runs, for measuring.
#ifndef REPEAT
#define REPEAT 1
#endif

static uint64_t kernel_seed = 1;

static inline uint32_t random_bits(void) {
    kernel_seed = kernel_seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(kernel_seed >> 32);
}

// Uniform in [-1, 1), with all 24 bits in use: sums of products round.
static inline float random_float(void) { return (float)((int32_t)random_bits() >> 8) * 0x1p-23f; }

static inline uint64_t checksum(const void *data, size_t size) {
    const unsigned char *bytes = data;
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * UINT64_C(1099511628211);
    return sum;
}

// Prints a line that does not depend on VLEN; the exit status.
static inline int report(const char *what, double worst, double bound) {
    int ok = worst <= bound; // a NaN is not
    printf("%s: %s %g: %s\n", what, ok ? "error at most" : "error above", bound, ok ? "ok" : "WRONG");
    return !ok;
}

static inline int report_exact(const char *what, int ok, uint64_t sum) {
    printf("%s: checksum %016llx: %s\n", what, (unsigned long long)sum, ok ? "ok" : "WRONG");
    return !ok;
}

// e^x for references: x = n·ln 2 + r, a Taylor series in r, then n doublings.
static inline double exponential(double x) {
    if (x < -700)
        return 0;
    int n = (int)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    double r = x - n * 0.6931471805599453, term = 1, sum = 1;
    for (int i = 1; i < 18; i++)
        sum += term *= r / i;
    union {
        uint64_t bits;
        double value;
    } scale = {(uint64_t)(1023 + n) << 52};
    return sum * scale.value;
}

// e^x of singles to about 2 ulp, x cut to [-87, 88].
static inline vfloat32m4_t vector_exp(vfloat32m4_t x, size_t vl) {
    x = __riscv_vfmin_vf_f32m4(__riscv_vfmax_vf_f32m4(x, -87, vl), 88, vl);
    vint32m4_t n = __riscv_vfcvt_x_f_v_i32m4(__riscv_vfmul_vf_f32m4(x, 1.44269504f, vl), vl);
    vfloat32m4_t f = __riscv_vfcvt_f_x_v_f32m4(n, vl);
    // ln 2 in two parts, the first with few bits: its product with n is exact.
    vfloat32m4_t r = __riscv_vfnmsac_vf_f32m4(x, 0.693359375f, f, vl);
    r = __riscv_vfnmsac_vf_f32m4(r, -2.12194440e-4f, f, vl);
    vfloat32m4_t p = __riscv_vfmv_v_f_f32m4(1.f / 720, vl);
    const float coefficients[] = {1.f / 120, 1.f / 24, 1.f / 6, 0.5f, 1, 1};
    for (int i = 0; i < 6; i++)
        p = __riscv_vfmadd_vv_f32m4(p, r, __riscv_vfmv_v_f_f32m4(coefficients[i], vl), vl);
    vint32m4_t scale = __riscv_vsll_vx_i32m4(__riscv_vadd_vx_i32m4(n, 127, vl), 23, vl);
    return __riscv_vfmul_vv_f32m4(p, __riscv_vreinterpret_v_i32m4_f32m4(scale), vl);
}

#endif
