// What the matrix kernels share: C = A·Bᵀ on matrices of any size, for tiles of any shape.
//
// Before it is included: ELEMENT and RESULT, the types of A, B and of C. Version 0.6 (rvm.h) wants LOAD_A, LOAD_B, MULTIPLY and STORE_C,
// its instructions for these types; version 0.3 (with -DRVM03) LOAD, MULTIPLY, STORE, and TALL where B's tile has twice as many rows as
// A's: it then lies in a pair of registers, and C's tile has twice as many columns.
#ifndef RVSIM_EXAMPLES_RVM_GEMM_H
#define RVSIM_EXAMPLES_RVM_GEMM_H

#include "../include/rvm.h"
#include "../rvv/kernel.h"

static inline size_t least(size_t a, size_t b) { return a < b ? a : b; }

#ifndef RVM03
// c[m][n] = a[m][k] · b[n][k]ᵀ; strides in elements. Four accumulators: each tile that is loaded is multiplied twice. The edge of a matrix
// is no case of its own: tiles are then smaller, or have no rows.
static void rvm_gemm(size_t m, size_t n, size_t k, const ELEMENT *a, size_t lda, const ELEMENT *b, size_t ldb, RESULT *c, size_t ldc) {
    const size_t row = rvm_read(rvm_xtrlenb), rows = rvm_read(rvm_xtlenb) / row, depth = row / sizeof(ELEMENT);
    for (size_t i = 0; i < m; i += 2 * rows)
        for (size_t j = 0; j < n; j += 2 * rows) {
            const size_t m0 = least(rows, m - i), m1 = least(rows, m - i - m0), n0 = least(rows, n - j), n1 = least(rows, n - j - n0);
            const ELEMENT *a0 = a + i * lda, *a1 = a0 + m0 * lda, *b0 = b + j * ldb, *b1 = b0 + n0 * ldb;
            rvm_mzero4r(rvm_acc0);
            for (size_t p = 0; p < k; p += depth) {
                rvm_msettilek(least(depth, k - p));
                rvm_msettilem(m1);
                rvm_msettilen(n1);
                LOAD_A(rvm_tr1, a1 + p, lda * sizeof(ELEMENT));
                LOAD_B(rvm_tr3, b1 + p, ldb * sizeof(ELEMENT));
                MULTIPLY(rvm_acc3, rvm_tr3, rvm_tr1);
                rvm_msettilen(n0);
                LOAD_B(rvm_tr2, b0 + p, ldb * sizeof(ELEMENT));
                MULTIPLY(rvm_acc2, rvm_tr2, rvm_tr1);
                rvm_msettilem(m0);
                LOAD_A(rvm_tr0, a0 + p, lda * sizeof(ELEMENT));
                MULTIPLY(rvm_acc0, rvm_tr2, rvm_tr0);
                rvm_msettilen(n1);
                MULTIPLY(rvm_acc1, rvm_tr3, rvm_tr0);
            }
            RESULT *c0 = c + i * ldc + j, *c1 = c0 + m0 * ldc;
            rvm_msettilem(m0);
            rvm_msettilen(n0);
            STORE_C(rvm_acc0, c0, ldc * sizeof(RESULT));
            rvm_msettilen(n1);
            STORE_C(rvm_acc1, c0 + n0, ldc * sizeof(RESULT));
            rvm_msettilem(m1);
            STORE_C(rvm_acc3, c1 + n0, ldc * sizeof(RESULT));
            rvm_msettilen(n0);
            STORE_C(rvm_acc2, c1, ldc * sizeof(RESULT));
        }
    rvm_mrelease();
}
#else
// The same; K is counted in bytes here, and one size serves for the rows of all loads and stores.
static void rvm_gemm(size_t m, size_t n, size_t k, const ELEMENT *a, size_t lda, const ELEMENT *b, size_t ldb, RESULT *c, size_t ldc) {
    const size_t row = rvm_read(rvm03_xrlenb), rows = row / 4, depth = row / sizeof(ELEMENT);
    for (size_t i = 0; i < m; i += 2 * rows)
        for (size_t j = 0; j < n; j += 2 * rows) {
            const size_t m0 = least(rows, m - i), m1 = least(rows, m - i - m0), n0 = least(rows, n - j), n1 = least(rows, n - j - n0);
            const ELEMENT *a0 = a + i * lda, *a1 = a0 + m0 * lda, *b0 = b + j * ldb, *b1 = b0 + n0 * ldb;
            RESULT *c0 = c + i * ldc + j, *c1 = c0 + m0 * ldc;
            rvm03_mzero(4);
            rvm03_mzero(5);
            rvm03_mzero(6);
            rvm03_mzero(7);
            for (size_t p = 0; p < k; p += depth) {
                rvm03_mcfgk(least(depth, k - p) * sizeof(ELEMENT));
                rvm03_mcfgm(n0);
                LOAD(2, ldb * sizeof(ELEMENT), b0 + p);
                rvm03_mcfgm(n1);
                LOAD(3, ldb * sizeof(ELEMENT), b1 + p);
                rvm03_mcfgm(m0);
                LOAD(0, lda * sizeof(ELEMENT), a0 + p);
#ifdef TALL
                rvm03_mcfgn(n0 + n1);
                MULTIPLY(4, 2, 0);
                rvm03_mcfgm(m1);
                LOAD(1, lda * sizeof(ELEMENT), a1 + p);
                MULTIPLY(6, 2, 1);
#else
                rvm03_mcfgn(n0);
                MULTIPLY(4, 2, 0);
                rvm03_mcfgn(n1);
                MULTIPLY(5, 3, 0);
                rvm03_mcfgm(m1);
                LOAD(1, lda * sizeof(ELEMENT), a1 + p);
                MULTIPLY(7, 3, 1);
                rvm03_mcfgn(n0);
                MULTIPLY(6, 2, 1);
#endif
            }
            rvm03_mcfgm(m0);
#ifdef TALL
            rvm03_mcfgk((n0 + n1) * sizeof(RESULT));
            STORE(4, ldc * sizeof(RESULT), c0);
            rvm03_mcfgm(m1);
            STORE(6, ldc * sizeof(RESULT), c1);
#else
            rvm03_mcfgk(n0 * sizeof(RESULT));
            STORE(4, ldc * sizeof(RESULT), c0);
            rvm03_mcfgk(n1 * sizeof(RESULT));
            STORE(5, ldc * sizeof(RESULT), c0 + n0);
            rvm03_mcfgm(m1);
            STORE(7, ldc * sizeof(RESULT), c1 + n0);
            rvm03_mcfgk(n0 * sizeof(RESULT));
            STORE(6, ldc * sizeof(RESULT), c1);
#endif
        }
    rvm03_mrelease();
}
#endif

// Shapes with edges in every direction: less than a tile, a tile and a bit, several tiles and a bit; and one without products.
enum { MOST = 140 };
static const struct { size_t m, n, k; } shapes[] = {{1, 1, 1},    {3, 2, 129},   {17, 33, 70}, {16, 16, 64},
                                                    {38, 61, 45}, {65, 40, 130}, {9, 7, 0}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

#endif
