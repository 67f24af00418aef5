// C = A·B in single precision, blocked for the cache and for registers, checked against a reference in double precision.
// Exit status 0: within the error bound.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifndef SIZE
#define SIZE 128
#endif

enum {
    N = SIZE,
    BLOCK = 64, // columns of B and rows of A that stay in the cache
    ROWS = 4,   // rows and columns of C that stay in registers
    COLUMNS = 4,
};
_Static_assert(N % ROWS == 0 && N % COLUMNS == 0 && BLOCK % COLUMNS == 0, "whole register tiles only");

static float a[N][N], b[N][N], c[N][N];

// c[ROWS][COLUMNS] += a[ROWS][depth] · b[depth][COLUMNS]
static void tile(size_t depth, const float *left, const float *right, float *out) {
    float sum[ROWS][COLUMNS];
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            sum[i][j] = out[i * N + j];
    for (size_t k = 0; k < depth; k++)
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < COLUMNS; j++)
                sum[i][j] = fmaf(left[(size_t)i * N + k], right[k * N + (size_t)j], sum[i][j]);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            out[i * N + j] = sum[i][j];
}

static int least(int x, int y) { return x < y ? x : y; }

void sgemm(void) {
    memset(c, 0, sizeof c);
    for (int k = 0; k < N; k += BLOCK) {
        size_t depth = (size_t)least(BLOCK, N - k);
        for (int j = 0; j < N; j += BLOCK)
            for (int i = 0; i < N; i += ROWS)
                for (int column = j; column < least(j + BLOCK, N); column += COLUMNS)
                    tile(depth, &a[i][k], &b[k][column], &c[i][column]);
    }
}

// Uniform in [-1, 1), the same numbers everywhere.
static float random_value(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (float)(int32_t)(*state >> 32) * 0x1p-31f;
}

int main(void) {
    uint64_t seed = 1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = random_value(&seed);
            b[i][j] = random_value(&seed);
        }
    sgemm();

    double worst = 0;
    uint64_t checksum = UINT64_C(14695981039346656037);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double exact = 0, magnitude = 0;
            for (int k = 0; k < N; k++) {
                double product = (double)a[i][k] * (double)b[k][j]; // exact: 24 + 24 bits
                exact += product;
                magnitude += fabs(product);
            }
            double error = fabs((double)c[i][j] - exact) / magnitude;
            if (!(error <= worst))
                worst = error;
            uint32_t bits;
            memcpy(&bits, &c[i][j], sizeof bits);
            checksum = (checksum ^ bits) * UINT64_C(1099511628211);
        }
    double bound = N * 0x1p-24; // one rounding per step of the sum
    printf("sgemm %d x %d x %d: max error %.3e of sum |a||b| (bound %.3e), checksum %016lx: %s\n", N, N, N, worst, bound,
           (unsigned long)checksum, worst <= bound ? "ok" : "WRONG");
    return worst <= bound ? 0 : 1;
}
