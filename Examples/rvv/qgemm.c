// C = A·B with int8 inputs and int32 sums: a row of B is widened to 16 bits once, for three rows of A; vwmacc then multiplies
// and adds to 32 bits, in the largest groups there are. Exact for all inputs: C equals the scalar reference.
#include "kernel.h"
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
enum { ROWS = 3, PADDING = 5, LDC = N + PADDING };

static inline vint16m4_t load_row(const int8_t *from, size_t vl) {
    return __riscv_vsext_vf2_i16m4(__riscv_vle8_v_i8m2(from, vl), vl);
}

// c[3][vl] = a[3][depth] · b[depth][vl]; strides in elements. Three groups of eight registers hold the sums.
static void three_rows(size_t depth, size_t vl, const int8_t *a, size_t lda, const int8_t *b, size_t ldb, int32_t *c, size_t ldc) {
    vint32m8_t c0 = __riscv_vmv_v_x_i32m8(0, vl), c1 = c0, c2 = c0;
#pragma clang loop unroll_count(2)
    for (size_t k = 0; k < depth; k++) {
        vint16m4_t row = load_row(b + k * ldb, vl);
        c0 = __riscv_vwmacc_vx_i32m8(c0, a[k], row, vl);
        c1 = __riscv_vwmacc_vx_i32m8(c1, a[lda + k], row, vl);
        c2 = __riscv_vwmacc_vx_i32m8(c2, a[2 * lda + k], row, vl);
    }
    __riscv_vse32_v_i32m8(c, c0, vl);
    __riscv_vse32_v_i32m8(c + ldc, c1, vl);
    __riscv_vse32_v_i32m8(c + 2 * ldc, c2, vl);
}

static void one_row(size_t depth, size_t vl, const int8_t *a, const int8_t *b, size_t ldb, int32_t *c) {
    vint32m8_t sum = __riscv_vmv_v_x_i32m8(0, vl);
    for (size_t k = 0; k < depth; k++)
        sum = __riscv_vwmacc_vx_i32m8(sum, a[k], load_row(b + k * ldb, vl), vl);
    __riscv_vse32_v_i32m8(c, sum, vl);
}

// c[m][n] = a[m][k] · b[k][n], row by row in memory with strides lda, ldb, ldc.
void rvv_qgemm(size_t m, size_t n, size_t k, const int8_t *a, size_t lda, const int8_t *b, size_t ldb, int32_t *c, size_t ldc) {
    for (size_t j = 0, vl; j < n; j += vl) {
        vl = __riscv_vsetvl_e32m8(n - j);
        size_t i = 0;
        for (; i + ROWS <= m; i += ROWS)
            three_rows(k, vl, a + i * lda, lda, b + j, ldb, c + i * ldc + j, ldc);
        for (; i < m; i++)
            one_row(k, vl, a + i * lda, b + j, ldb, c + i * ldc + j);
    }
}

#ifndef RVV_KERNEL_ONLY
static int8_t a[M][K], b[K][N];
static int32_t c[M][LDC];

static void fill(void) {
    uint64_t seed = 4;
    for (int i = 0; i < M; i++)
        for (int k = 0; k < K; k++)
            a[i][k] = (int8_t)random_bits(&seed);
    for (int k = 0; k < K; k++)
        for (int j = 0; j < N; j++)
            b[k][j] = (int8_t)random_bits(&seed);
    a[0][0] = b[0][0] = -128; // the largest product there is
    for (int i = 0; i < M; i++)
        for (int j = 0; j < LDC; j++)
            c[i][j] = 1234;
}

static void work(void) { rvv_qgemm(M, N, K, a[0], K, b[0], N, c[0], LDC); }

static uint64_t result(void) { return checksum(CHECKSUM_START, c, sizeof c); }

int main(void) {
    fill();
    repeat(work);
    int wrong = 0;
    for (int i = 0; i < M; i++)
        for (int j = 0; j < LDC; j++) {
            int32_t sum = 1234; // to the right of the matrix nothing is written
            if (j < N) {
                sum = 0;
                for (int k = 0; k < K; k++)
                    sum += a[i][k] * b[k][j];
            }
            wrong += c[i][j] != sum;
        }
    printf("rvv qgemm %d x %d x %d: %d elements differ, checksum %016lx: %s\n", M, N, K, wrong, (unsigned long)result(),
           wrong ? "WRONG" : "ok");
    return wrong ? 1 : 0;
}
#endif
