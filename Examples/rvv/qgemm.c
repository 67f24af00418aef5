// C = A·B of bytes, summed in 32 bits: a row of B becomes 16 bits wide once, and serves four rows of C.
#include "kernel.h"

#ifndef SIZE
#define SIZE 64
#endif
enum { N = SIZE };
_Static_assert(N % 4 == 0, "rows come in fours");

static int8_t a[N][N], b[N][N];
static int32_t c[N][N];

static void qgemm(void) {
    for (size_t j = 0, vl; j < N; j += vl) {
        vl = __riscv_vsetvl_e16m2(N - j);
        for (size_t i = 0; i < N; i += 4) {
            vint32m4_t s0 = __riscv_vmv_v_x_i32m4(0, vl), s1 = s0, s2 = s0, s3 = s0;
            for (size_t k = 0; k < N; k++) {
                vint16m2_t row = __riscv_vsext_vf2_i16m2(__riscv_vle8_v_i8m1(&b[k][j], vl), vl);
                s0 = __riscv_vwmacc_vx_i32m4(s0, a[i][k], row, vl);
                s1 = __riscv_vwmacc_vx_i32m4(s1, a[i + 1][k], row, vl);
                s2 = __riscv_vwmacc_vx_i32m4(s2, a[i + 2][k], row, vl);
                s3 = __riscv_vwmacc_vx_i32m4(s3, a[i + 3][k], row, vl);
            }
            __riscv_vse32_v_i32m4(&c[i][j], s0, vl);
            __riscv_vse32_v_i32m4(&c[i + 1][j], s1, vl);
            __riscv_vse32_v_i32m4(&c[i + 2][j], s2, vl);
            __riscv_vse32_v_i32m4(&c[i + 3][j], s3, vl);
        }
    }
}

int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (int8_t)random_bits();
            b[i][j] = (int8_t)random_bits();
        }
    for (int i = 0; i < REPEAT; i++)
        qgemm();
    int ok = 1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int32_t sum = 0;
            for (int k = 0; k < N; k++)
                sum += a[i][k] * b[k][j];
            ok &= sum == c[i][j];
        }
    return report_exact("rvv qgemm", ok, checksum(c, sizeof c));
}
