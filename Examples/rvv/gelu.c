// GELU in both forms that networks use: x·Φ(x) by the error function, and its approximation by tanh.
#include "reference.h"
#include "kernel.h"
#include "functions.h"
#include <stdio.h>

#ifndef COUNT
#define COUNT 1531
#endif
enum { PADDING = 5 };
#define SQRT_HALF 0.70710678118654752
#define SQRT_2_PI 0.79788456080286536

// out = x/2 · (1 + erf(x/√2))
void rvv_gelu(size_t count, const float *x, float *out) {
    for (size_t i = 0, vl; i < count; i += vl) {
        vl = __riscv_vsetvl_e32m4(count - i);
        vfloat32m4_t value = __riscv_vle32_v_f32m4(x + i, vl);
        vfloat32m4_t part = rvv_erf(__riscv_vfmul_vf_f32m4(value, (float)SQRT_HALF, vl), vl);
        value = __riscv_vfmul_vf_f32m4(value, 0.5f, vl);
        __riscv_vse32_v_f32m4(out + i, __riscv_vfmacc_vv_f32m4(value, value, part, vl), vl);
    }
}

// out = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))
void rvv_gelu_tanh(size_t count, const float *x, float *out) {
    for (size_t i = 0, vl; i < count; i += vl) {
        vl = __riscv_vsetvl_e32m4(count - i);
        vfloat32m4_t value = __riscv_vle32_v_f32m4(x + i, vl), square = __riscv_vfmul_vv_f32m4(value, value, vl);
        vfloat32m4_t inner = __riscv_vfadd_vf_f32m4(__riscv_vfmul_vf_f32m4(square, 0.044715f, vl), 1, vl);
        inner = __riscv_vfmul_vv_f32m4(__riscv_vfmul_vf_f32m4(value, (float)SQRT_2_PI, vl), inner, vl);
        vfloat32m4_t part = rvv_tanh(inner, vl);
        value = __riscv_vfmul_vf_f32m4(value, 0.5f, vl);
        __riscv_vse32_v_f32m4(out + i, __riscv_vfmacc_vv_f32m4(value, value, part, vl), vl);
    }
}

static float x[COUNT], out[2][COUNT + PADDING];

// Evenly from -6 to 6, a little off so that the steps round.
static void fill(void) {
    for (int i = 0; i < COUNT; i++)
        x[i] = -6 + 12 * ((float)i + 0.3f) / COUNT;
    for (int i = 0; i < COUNT + PADDING; i++)
        out[0][i] = out[1][i] = 1234;
}

static void work(void) {
    rvv_gelu(COUNT, x, out[0]);
    rvv_gelu_tanh(COUNT, x, out[1]);
}

static uint64_t result(void) { return checksum(CHECKSUM_START, out, sizeof out); }

int main(void) {
    fill();
    repeat(work);
    double worst[2] = {0}, bound = 4e-7; // of |x|: half of erf's or tanh's error, the argument's rounding, the last product
    int beyond = 0;
    for (int i = 0; i < COUNT; i++) {
        double value = (double)x[i];
        double exact[2] = {value / 2 * (1 + reference_erf(value * SQRT_HALF)),
                           value / 2 * (1 + reference_tanh(SQRT_2_PI * (value + 0.044715 * value * value * value)))};
        for (int form = 0; form < 2; form++) {
            double error = fabs((double)out[form][i] - exact[form]) / fabs(value);
            if (!(error <= worst[form]))
                worst[form] = error;
        }
    }
    for (int i = COUNT; i < COUNT + PADDING; i++)
        beyond += (out[0][i] != 1234) + (out[1][i] != 1234);
    int good = worst[0] <= bound && worst[1] <= bound && beyond == 0;
    printf("rvv gelu %d: max error of |x| %.3e by erf, %.3e by tanh (bound %.3e), checksum %016lx: %s\n", COUNT, worst[0],
           worst[1], bound, (unsigned long)result(), good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
