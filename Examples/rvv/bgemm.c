// C = A·B with bfloat16 inputs and single-precision sums: vfwmaccbf16 (Zvfbfwma), LMUL = 4 for the sums, six rows of C in
// registers. A product of two bfloat16 is exact in single precision, so only the sums round.
//
// -DWITHOUT_BFLOAT does the same without Zvfbfwma: a bfloat16 is the upper half of a float, so a zero-extension and a shift widen it
// exactly. The results are the same bits. For machines (and emulators) that have V alone.
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
enum { ROWS = 6, PADDING = 5, LDC = N + PADDING };

typedef uint16_t bf16; // the bits

static float widen(bf16 bits) { return __builtin_bit_cast(float, (uint32_t)bits << 16); }

#ifdef WITHOUT_BFLOAT
typedef vfloat32m4_t Row;

static inline Row load_row(const bf16 *from, size_t vl) {
    vuint32m4_t wide = __riscv_vzext_vf2_u32m4(__riscv_vle16_v_u16m2(from, vl), vl);
    return __riscv_vreinterpret_v_u32m4_f32m4(__riscv_vsll_vx_u32m4(wide, 16, vl));
}

static inline vfloat32m4_t add_product(vfloat32m4_t sum, bf16 a, Row b, size_t vl) {
    return __riscv_vfmacc_vf_f32m4(sum, widen(a), b, vl);
}
#else
typedef vbfloat16m2_t Row;

static inline Row load_row(const bf16 *from, size_t vl) { return __riscv_vle16_v_bf16m2((const __bf16 *)from, vl); }

static inline vfloat32m4_t add_product(vfloat32m4_t sum, bf16 a, Row b, size_t vl) {
    return __riscv_vfwmaccbf16_vf_f32m4(sum, __builtin_bit_cast(__bf16, a), b, vl);
}
#endif

// c[6][vl] = a[6][depth] · b[depth][vl]; strides in elements.
static void six_rows(size_t depth, size_t vl, const bf16 *a, size_t lda, const bf16 *b, size_t ldb, float *c, size_t ldc) {
    vfloat32m4_t c0 = __riscv_vfmv_v_f_f32m4(0, vl), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0;
#pragma clang loop unroll_count(4)
    for (size_t k = 0; k < depth; k++) {
        Row row = load_row(b + k * ldb, vl);
        c0 = add_product(c0, a[k], row, vl);
        c1 = add_product(c1, a[lda + k], row, vl);
        c2 = add_product(c2, a[2 * lda + k], row, vl);
        c3 = add_product(c3, a[3 * lda + k], row, vl);
        c4 = add_product(c4, a[4 * lda + k], row, vl);
        c5 = add_product(c5, a[5 * lda + k], row, vl);
    }
    __riscv_vse32_v_f32m4(c, c0, vl);
    __riscv_vse32_v_f32m4(c + ldc, c1, vl);
    __riscv_vse32_v_f32m4(c + 2 * ldc, c2, vl);
    __riscv_vse32_v_f32m4(c + 3 * ldc, c3, vl);
    __riscv_vse32_v_f32m4(c + 4 * ldc, c4, vl);
    __riscv_vse32_v_f32m4(c + 5 * ldc, c5, vl);
}

static void one_row(size_t depth, size_t vl, const bf16 *a, const bf16 *b, size_t ldb, float *c) {
    vfloat32m4_t sum = __riscv_vfmv_v_f_f32m4(0, vl);
    for (size_t k = 0; k < depth; k++)
        sum = add_product(sum, a[k], load_row(b + k * ldb, vl), vl);
    __riscv_vse32_v_f32m4(c, sum, vl);
}

// c[m][n] = a[m][k] · b[k][n], row by row in memory with strides lda, ldb, ldc.
void rvv_bgemm(size_t m, size_t n, size_t k, const bf16 *a, size_t lda, const bf16 *b, size_t ldb, float *c, size_t ldc) {
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
static bf16 a[M][K], b[K][N];
static float c[M][LDC];

// Cut off, not rounded: any bfloat16 will do.
static bf16 random_bf16(uint64_t *seed) { return (bf16)(__builtin_bit_cast(uint32_t, random_value(seed)) >> 16); }

static void fill(void) {
    uint64_t seed = 6;
    for (int i = 0; i < M; i++)
        for (int k = 0; k < K; k++)
            a[i][k] = random_bf16(&seed);
    for (int k = 0; k < K; k++)
        for (int j = 0; j < N; j++)
            b[k][j] = random_bf16(&seed);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < LDC; j++)
            c[i][j] = 1234;
}

static void work(void) { rvv_bgemm(M, N, K, a[0], K, b[0], N, c[0], LDC); }

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
                double product = (double)widen(a[i][k]) * (double)widen(b[k][j]);
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
    printf("rvv bgemm %d x %d x %d: max error %.3e of sum |a||b| (bound %.3e), checksum %016lx: %s\n", M, N, K, worst, bound,
           (unsigned long)result(), good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
#endif
