// C = A·B in half precision, sums in half precision too (Zvfh). The reference is exact in double precision: the bound is what N roundings
// to 11 bits may lose.
#include "kernel.h"

#ifndef SIZE
#define SIZE 64
#endif
enum { N = SIZE };
_Static_assert(N % 4 == 0, "rows come in fours");

static _Float16 a[N][N], b[N][N], c[N][N];

static void hgemm(void) {
    for (size_t j = 0, vl; j < N; j += vl) {
        vl = __riscv_vsetvl_e16m4(N - j);
        for (size_t i = 0; i < N; i += 4) {
            vfloat16m4_t s0 = __riscv_vfmv_v_f_f16m4(0, vl), s1 = s0, s2 = s0, s3 = s0;
            for (size_t k = 0; k < N; k++) {
                vfloat16m4_t row = __riscv_vle16_v_f16m4(&b[k][j], vl);
                s0 = __riscv_vfmacc_vf_f16m4(s0, a[i][k], row, vl);
                s1 = __riscv_vfmacc_vf_f16m4(s1, a[i + 1][k], row, vl);
                s2 = __riscv_vfmacc_vf_f16m4(s2, a[i + 2][k], row, vl);
                s3 = __riscv_vfmacc_vf_f16m4(s3, a[i + 3][k], row, vl);
            }
            __riscv_vse16_v_f16m4(&c[i][j], s0, vl);
            __riscv_vse16_v_f16m4(&c[i + 1][j], s1, vl);
            __riscv_vse16_v_f16m4(&c[i + 2][j], s2, vl);
            __riscv_vse16_v_f16m4(&c[i + 3][j], s3, vl);
        }
    }
}

int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (_Float16)random_float();
            b[i][j] = (_Float16)random_float();
        }
    for (int i = 0; i < REPEAT; i++)
        hgemm();
    double worst = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double exact = 0, magnitude = 0;
            for (int k = 0; k < N; k++) {
                double product = (double)(float)a[i][k] * (double)(float)b[k][j];
                exact += product;
                magnitude += fabs(product);
            }
            double error = fabs((double)(float)c[i][j] - exact) / magnitude;
            if (!(error <= worst))
                worst = error;
        }
    int ok = worst <= N * 0x1p-11;
    printf("rvv hgemm: max error %.3e of sum |a||b|, checksum %016llx: %s\n", worst, (unsigned long long)checksum(c, sizeof c),
           ok ? "ok" : "WRONG");
    return !ok;
}
