// C = A·Bᵀ with int8 inputs and int32 sums on matrix registers: exact, so equal to the scalar reference and to the vector kernel, whatever
// the shape of the tiles is.
#define RVV_KERNEL_ONLY
#include "../rvv/qgemm.c"

#define ELEMENT int8_t
#define RESULT int32_t
#ifndef RVM03
#define VERSION "0.6"
#define LOAD_A rvm_mlae8
#define LOAD_B rvm_mlbe8
#define MULTIPLY rvm_mmacc_w_b
#define STORE_C rvm_msce32
#else
#define VERSION "0.3"
#define LOAD rvm03_mldb
#define MULTIPLY rvm03_mmaqa_b
#define STORE rvm03_mstw
#endif
#include "gemm.h"

static int8_t a[MOST * MOST], b[MOST * MOST], bt[MOST * MOST];
static int32_t c[MOST * MOST], vector[MOST * MOST];

int main(void) {
    uint64_t seed = 14, sum = CHECKSUM_START;
    int wrong = 0, differ = 0;
    for (int s = 0; s < SHAPES; s++) {
        const size_t m = shapes[s].m, n = shapes[s].n, k = shapes[s].k, ldc = n + 3;
        for (size_t i = 0; i < m * k; i++)
            a[i] = i % 13 ? (int8_t)random_bits(&seed) : -128;
        for (size_t p = 0; p < k; p++)
            for (size_t j = 0; j < n; j++)
                b[p * n + j] = bt[j * k + p] = (p + j) % 17 ? (int8_t)random_bits(&seed) : -128;
        for (size_t i = 0; i < m * ldc; i++)
            c[i] = vector[i] = 1234;
        rvm_gemm(m, n, k, a, k, bt, k, c, ldc);
        rvv_qgemm(m, n, k, a, k, b, n, vector, ldc);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < ldc; j++) {
                int32_t expected = 1234; // to the right of the matrix nothing is written
                if (j < n) {
                    expected = 0;
                    for (size_t p = 0; p < k; p++)
                        expected += a[i * k + p] * bt[j * k + p];
                }
                wrong += c[i * ldc + j] != expected;
                differ += c[i * ldc + j] != vector[i * ldc + j];
            }
        sum = checksum(sum, c, m * ldc * sizeof c[0]);
    }
    const int good = wrong == 0 && differ == 0;
    printf("rvm " VERSION " qgemm, %d shapes: %d elements differ from the reference, %d from the vector kernel, checksum %016lx: %s\n",
           SHAPES, wrong, differ, (unsigned long)sum, good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
