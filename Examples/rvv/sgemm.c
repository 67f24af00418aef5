// C = A·B in single precision: four rows of C at a time stay in registers (LMUL 4 each), a column strip as wide as the vectors are.
// Every element is one chain of fused products in the order of k, so the bits do not depend on VLEN.
#include "kernel.h"

#ifndef SIZE
#define SIZE 64
#endif
enum { N = SIZE };
_Static_assert(N % 4 == 0, "rows come in fours");

static float a[N][N], b[N][N], c[N][N];

static void sgemm(void) {
    for (size_t j = 0, vl; j < N; j += vl) {
        vl = __riscv_vsetvl_e32m4(N - j);
        for (size_t i = 0; i < N; i += 4) {
            vfloat32m4_t s0 = __riscv_vfmv_v_f_f32m4(0, vl), s1 = s0, s2 = s0, s3 = s0;
            for (size_t k = 0; k < N; k++) {
                vfloat32m4_t row = __riscv_vle32_v_f32m4(&b[k][j], vl);
                s0 = __riscv_vfmacc_vf_f32m4(s0, a[i][k], row, vl);
                s1 = __riscv_vfmacc_vf_f32m4(s1, a[i + 1][k], row, vl);
                s2 = __riscv_vfmacc_vf_f32m4(s2, a[i + 2][k], row, vl);
                s3 = __riscv_vfmacc_vf_f32m4(s3, a[i + 3][k], row, vl);
            }
            __riscv_vse32_v_f32m4(&c[i][j], s0, vl);
            __riscv_vse32_v_f32m4(&c[i + 1][j], s1, vl);
            __riscv_vse32_v_f32m4(&c[i + 2][j], s2, vl);
            __riscv_vse32_v_f32m4(&c[i + 3][j], s3, vl);
        }
    }
}

int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = random_float();
            b[i][j] = random_float();
        }
    for (int i = 0; i < REPEAT; i++)
        sgemm();
    int ok = 1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            float sum = 0;
            for (int k = 0; k < N; k++)
                sum = fmaf(a[i][k], b[k][j], sum);
            ok &= sum == c[i][j];
        }
    return report_exact("rvv sgemm", ok, checksum(c, sizeof c));
}
