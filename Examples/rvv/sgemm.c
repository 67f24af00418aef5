// C = A·B in single precision: LMUL = 4, six rows of C in registers, one load of B for all six.
// Every element of C sums its products in the order of k, whatever VLEN is: so C is the same to the bit everywhere.
#include "kernel.h"
#include <math.h>
#include <riscv_vector.h>
#include <stdio.h>

#ifndef M
#define M 38
#endif
#ifndef N
#define N 203
#endif
#ifndef K
#define K 61
#endif
enum { ROWS = 6, PADDING = 5, LDC = N + PADDING }; // 6 groups of 4 registers for C, 2 for B

// c[6][vl] = a[6][depth] · b[depth][vl]; strides in elements.
static void six_rows(size_t depth, size_t vl, const float *a, size_t lda, const float *b, size_t ldb, float *c, size_t ldc) {
    vfloat32m4_t c0 = __riscv_vfmv_v_f_f32m4(0, vl), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0;
#pragma clang loop unroll_count(2)
    for (size_t k = 0; k < depth; k++) {
        vfloat32m4_t row = __riscv_vle32_v_f32m4(b + k * ldb, vl);
        c0 = __riscv_vfmacc_vf_f32m4(c0, a[k], row, vl);
        c1 = __riscv_vfmacc_vf_f32m4(c1, a[lda + k], row, vl);
        c2 = __riscv_vfmacc_vf_f32m4(c2, a[2 * lda + k], row, vl);
        c3 = __riscv_vfmacc_vf_f32m4(c3, a[3 * lda + k], row, vl);
        c4 = __riscv_vfmacc_vf_f32m4(c4, a[4 * lda + k], row, vl);
        c5 = __riscv_vfmacc_vf_f32m4(c5, a[5 * lda + k], row, vl);
    }
    __riscv_vse32_v_f32m4(c, c0, vl);
    __riscv_vse32_v_f32m4(c + ldc, c1, vl);
    __riscv_vse32_v_f32m4(c + 2 * ldc, c2, vl);
    __riscv_vse32_v_f32m4(c + 3 * ldc, c3, vl);
    __riscv_vse32_v_f32m4(c + 4 * ldc, c4, vl);
    __riscv_vse32_v_f32m4(c + 5 * ldc, c5, vl);
}

static void one_row(size_t depth, size_t vl, const float *a, const float *b, size_t ldb, float *c) {
    vfloat32m4_t sum = __riscv_vfmv_v_f_f32m4(0, vl);
    for (size_t k = 0; k < depth; k++)
        sum = __riscv_vfmacc_vf_f32m4(sum, a[k], __riscv_vle32_v_f32m4(b + k * ldb, vl), vl);
    __riscv_vse32_v_f32m4(c, sum, vl);
}

// c[m][n] = a[m][k] · b[k][n], row by row in memory with strides lda, ldb, ldc.
void rvv_sgemm(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, float *c, size_t ldc) {
    for (size_t j = 0, vl; j < n; j += vl) {
        vl = __riscv_vsetvl_e32m4(n - j);
        size_t i = 0;
        for (; i + ROWS <= m; i += ROWS)
            six_rows(k, vl, a + i * lda, lda, b + j, ldb, c + i * ldc + j, ldc);
        for (; i < m; i++)
            one_row(k, vl, a + i * lda, b + j, ldb, c + i * ldc + j);
    }
}

#ifndef RVV_KERNEL_ONLY
static float a[M][K], b[K][N], c[M][LDC];

static void fill(void) {
    uint64_t seed = 3;
    for (int i = 0; i < M; i++)
        for (int k = 0; k < K; k++)
            a[i][k] = random_value(&seed);
    for (int k = 0; k < K; k++)
        for (int j = 0; j < N; j++)
            b[k][j] = random_value(&seed);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < LDC; j++)
            c[i][j] = 1234;
}

static void work(void) { rvv_sgemm(M, N, K, a[0], K, b[0], N, c[0], LDC); }

static uint64_t result(void) { return checksum(CHECKSUM_START, c, sizeof c); }

int main(void) {
    fill();
    repeat(work);
    double worst = 0, bound = sum_bound(K, 0x1p-24);
    int beyond = 0; // elements written to the right of the matrix
    for (int i = 0; i < M; i++) {
        for (int j = 0; j < N; j++) {
            double exact = 0, magnitude = 0;
            for (int k = 0; k < K; k++) {
                double product = (double)a[i][k] * (double)b[k][j]; // exact: 24 + 24 bits
                exact += product;
                magnitude += fabs(product);
            }
            double error = fabs((double)c[i][j] - exact) / magnitude;
            if (!(error <= worst))
                worst = error;
        }
        for (int j = N; j < LDC; j++)
            beyond += c[i][j] != 1234;
    }
    int good = worst <= bound && beyond == 0;
    printf("rvv sgemm %d x %d x %d: max error %.3e of sum |a||b| (bound %.3e), checksum %016lx: %s\n", M, N, K, worst, bound,
           (unsigned long)result(), good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
#endif
