// A first kernel: C = A·Bᵀ with int8 inputs and int32 sums on matrix registers of version 0.6, one tile of C at a time. Any size of
// matrices, any shape of tiles; needs no more than rvm.h, and gcc compiles it too. How to multiply each tile that is loaded more often than
// once: gemm.h.
#include "../include/rvm.h"

#include <stdint.h>
#include <stdio.h>

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

// c[m][n] = a[m][k] · b[n][k]ᵀ
static void gemm(size_t m, size_t n, size_t k, const int8_t *a, const int8_t *b, int32_t *c) {
    const size_t depth = rvm_read(rvm_xtrlenb), rows = rvm_read(rvm_xtlenb) / depth;
    for (size_t i = 0; i < m; i += rows) {
        rvm_msettilem(least(rows, m - i));
        for (size_t j = 0; j < n; j += rows) {
            rvm_msettilen(least(rows, n - j));
            rvm_mzero(rvm_acc0);
            for (size_t p = 0; p < k; p += depth) {
                rvm_msettilek(least(depth, k - p));
                rvm_mlae8(rvm_tr0, a + i * k + p, k);
                rvm_mlbe8(rvm_tr1, b + j * k + p, k);
                rvm_mmacc_w_b(rvm_acc0, rvm_tr1, rvm_tr0);
            }
            rvm_msce32(rvm_acc0, c + i * n + j, n * sizeof *c);
        }
    }
    rvm_mrelease();
}

enum { MOST = 70 * 130 };
static const size_t shapes[][3] = {{1, 1, 1}, {3, 2, 129}, {4, 4, 16}, {17, 33, 70}, {16, 16, 64}, {65, 40, 130}};

int main(void) {
    static int8_t a[MOST], b[MOST];
    static int32_t c[MOST];
    uint32_t random = 1, sum = 0;
    int wrong = 0;
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        const size_t m = shapes[s][0], n = shapes[s][1], k = shapes[s][2];
        for (size_t i = 0; i < MOST; i++) {
            random = random * 1664525 + 1013904223;
            a[i] = (int8_t)(random >> 24);
            b[i] = (int8_t)(random >> 16);
            c[i] = 1234;
        }
        gemm(m, n, k, a, b, c);
        for (size_t i = 0; i < MOST; i++) {
            int32_t expected = i < m * n ? 0 : 1234;
            for (size_t p = 0; i < m * n && p < k; p++)
                expected += a[i / n * k + p] * b[i % n * k + p];
            wrong += c[i] != expected;
            sum = sum * 31 + (uint32_t)c[i];
        }
    }
    printf("rvm 0.6 first, 6 shapes: %d elements differ from the reference, checksum %08x: %s\n", wrong, (unsigned)sum,
           wrong ? "WRONG" : "ok");
    return wrong != 0;
}
