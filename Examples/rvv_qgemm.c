// C = A·B with int8 inputs and int32 sums, by widening twice: two products of 16 bits are added in 16 bits, the pair to 32.
// Weights (B) are -127…127, as symmetric quantisation makes them, activations (A) the whole of int8: so the largest pair is
// 2 · 128 · 127 = 32512 and fits. Exact: C equals the scalar reference.
#include "rvv.h"
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
enum { ROWS = 6, PADDING = 5, LDC = N + PADDING };
#define WORK ((uint64_t)M * N * K) // multiply-adds

// sum + a0·b0 + a1·b1
static inline vint32m4_t add_pair(vint32m4_t sum, int8_t a0, vint8m1_t b0, int8_t a1, vint8m1_t b1, size_t vl) {
    vint16m2_t pair = __riscv_vwmul_vx_i16m2(b0, a0, vl);
    pair = __riscv_vwmacc_vx_i16m2(pair, a1, b1, vl);
    return __riscv_vwadd_wv_i32m4(sum, pair, vl);
}

static inline vint32m4_t add_one(vint32m4_t sum, int8_t a, vint8m1_t b, size_t vl) {
    return __riscv_vwadd_wv_i32m4(sum, __riscv_vwmul_vx_i16m2(b, a, vl), vl);
}

// c[6][vl] = a[6][depth] · b[depth][vl]; strides in elements. Six groups of four registers hold the sums.
static void six_rows(size_t depth, size_t vl, const int8_t *a, size_t lda, const int8_t *b, size_t ldb, int32_t *c, size_t ldc) {
    vint32m4_t c0 = __riscv_vmv_v_x_i32m4(0, vl), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0;
    size_t k = 0;
#pragma clang loop unroll_count(2)
    for (; k + 2 <= depth; k += 2) {
        vint8m1_t b0 = __riscv_vle8_v_i8m1(b + k * ldb, vl), b1 = __riscv_vle8_v_i8m1(b + (k + 1) * ldb, vl);
        c0 = add_pair(c0, a[k], b0, a[k + 1], b1, vl);
        c1 = add_pair(c1, a[lda + k], b0, a[lda + k + 1], b1, vl);
        c2 = add_pair(c2, a[2 * lda + k], b0, a[2 * lda + k + 1], b1, vl);
        c3 = add_pair(c3, a[3 * lda + k], b0, a[3 * lda + k + 1], b1, vl);
        c4 = add_pair(c4, a[4 * lda + k], b0, a[4 * lda + k + 1], b1, vl);
        c5 = add_pair(c5, a[5 * lda + k], b0, a[5 * lda + k + 1], b1, vl);
    }
    if (k < depth) {
        vint8m1_t last = __riscv_vle8_v_i8m1(b + k * ldb, vl);
        c0 = add_one(c0, a[k], last, vl);
        c1 = add_one(c1, a[lda + k], last, vl);
        c2 = add_one(c2, a[2 * lda + k], last, vl);
        c3 = add_one(c3, a[3 * lda + k], last, vl);
        c4 = add_one(c4, a[4 * lda + k], last, vl);
        c5 = add_one(c5, a[5 * lda + k], last, vl);
    }
    __riscv_vse32_v_i32m4(c, c0, vl);
    __riscv_vse32_v_i32m4(c + ldc, c1, vl);
    __riscv_vse32_v_i32m4(c + 2 * ldc, c2, vl);
    __riscv_vse32_v_i32m4(c + 3 * ldc, c3, vl);
    __riscv_vse32_v_i32m4(c + 4 * ldc, c4, vl);
    __riscv_vse32_v_i32m4(c + 5 * ldc, c5, vl);
}

static void one_row(size_t depth, size_t vl, const int8_t *a, const int8_t *b, size_t ldb, int32_t *c) {
    vint32m4_t sum = __riscv_vmv_v_x_i32m4(0, vl);
    for (size_t k = 0; k < depth; k++)
        sum = add_one(sum, a[k], __riscv_vle8_v_i8m1(b + k * ldb, vl), vl);
    __riscv_vse32_v_i32m4(c, sum, vl);
}

// c[m][n] = a[m][k] · b[k][n], row by row in memory with strides lda, ldb, ldc.
void rvv_qgemm(size_t m, size_t n, size_t k, const int8_t *a, size_t lda, const int8_t *b, size_t ldb, int32_t *c, size_t ldc) {
    for (size_t j = 0, vl; j < n; j += vl) {
        vl = __riscv_vsetvl_e32m4(n - j);
        size_t i = 0;
        for (; i + ROWS <= m; i += ROWS)
            six_rows(k, vl, a + i * lda, lda, b + j, ldb, c + i * ldc + j, ldc);
        for (; i < m; i++)
            one_row(k, vl, a + i * lda, b + j, ldb, c + i * ldc + j);
    }
}

static int8_t a[M][K], b[K][N];
static int32_t c[M][LDC];

static void fill(void) {
    uint64_t seed = 4;
    for (int i = 0; i < M; i++)
        for (int k = 0; k < K; k++)
            a[i][k] = (int8_t)random_bits(&seed);
    for (int k = 0; k < K; k++)
        for (int j = 0; j < N; j++)
            b[k][j] = (int8_t)(random_bits(&seed) % 255 - 127);
    // The largest pairs there are, of both signs.
    a[0][0] = a[0][1] = -128;
    b[0][0] = b[1][0] = 127;
    b[0][1] = b[1][1] = -127;
    for (int i = 0; i < M; i++)
        for (int j = 0; j < LDC; j++)
            c[i][j] = 1234;
}

static void work(void) { rvv_qgemm(M, N, K, a[0], K, b[0], N, c[0], LDC); }

static uint64_t result(void) { return checksum(CHECKSUM_START, c, sizeof c); }

int main(void) {
    fill();
    work();
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
    printf("rvv_qgemm %d x %d x %d: %d elements differ, checksum %016lx: %s\n", M, N, K, wrong, (unsigned long)result(),
           wrong ? "WRONG" : "ok");
    return wrong ? 1 : 0;
}
