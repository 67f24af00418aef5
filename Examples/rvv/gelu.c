// GELU by its usual approximation: x / (1 + e^(-2u)) with u = 0.79788456·(x + 0.044715·x³).
#include "kernel.h"

#ifndef SIZE
#define SIZE 2000
#endif
enum { N = SIZE };

static float in[N], out[N];

static void gelu(void) {
    for (size_t i = 0, vl; i < N; i += vl) {
        vl = __riscv_vsetvl_e32m4(N - i);
        vfloat32m4_t x = __riscv_vle32_v_f32m4(&in[i], vl), square = __riscv_vfmul_vv_f32m4(x, x, vl);
        vfloat32m4_t inner = __riscv_vfadd_vf_f32m4(__riscv_vfmul_vf_f32m4(square, 0.044715f, vl), 1, vl);
        vfloat32m4_t u = __riscv_vfmul_vv_f32m4(__riscv_vfmul_vf_f32m4(x, -2 * 0.7978845608f, vl), inner, vl);
        vfloat32m4_t below = __riscv_vfadd_vf_f32m4(vector_exp(u, vl), 1, vl);
        __riscv_vse32_v_f32m4(&out[i], __riscv_vfdiv_vv_f32m4(x, below, vl), vl);
    }
}

int main(void) {
    for (int i = 0; i < N; i++)
        in[i] = 6 * random_float();
    for (int i = 0; i < REPEAT; i++)
        gelu();
    double worst = 0;
    for (int i = 0; i < N; i++) {
        double x = in[i], u = 0.7978845608028654 * (x + 0.044715 * x * x * x);
        double exact = x / (1 + exponential(-2 * u)), error = fabs(out[i] - exact);
        if (!(error <= worst))
            worst = error;
    }
    return report("rvv gelu", worst, 2e-6);
}
