// The judgement of a floating-point kernel. The specification leaves order and rounding of sums open, so it is twofold: on small whole
// numbers all sums are exact, and C equals the reference and the vector kernel; on numbers that round its error is within the bound of any
// order.
//
// Before it is included: gemm.h with what it wants; VECTOR, the vector kernel; NAME; UNIT, the rounding error of a sum; FROM and TO, which
// turn numbers into elements and back; RESULT_TO, the same of results.
#ifndef RVSIM_EXAMPLES_RVM_FLOAT_H
#define RVSIM_EXAMPLES_RVM_FLOAT_H

// Whether the checksum takes in what rounds: it then depends on the shape of the tiles and the order of sums.
#ifndef ROUNDED
#define ROUNDED 0
#endif

#include <math.h>
#include <stdio.h>

static ELEMENT a[MOST * MOST], b[MOST * MOST], bt[MOST * MOST];
static RESULT c[MOST * MOST], vector[MOST * MOST];

int main(void) {
    uint64_t seed = 15, sum = CHECKSUM_START;
    int wrong = 0, differ = 0, beyond = 0;
    for (int s = 0; s < SHAPES; s++)
        for (int rounds = 0; rounds < 2; rounds++) {
            const size_t m = shapes[s].m, n = shapes[s].n, k = shapes[s].k, ldc = n + 3;
            // Whole numbers from -2 to 2, whose sums are below 2048, or from [-1, 1).
            for (size_t i = 0; i < m * k; i++)
                a[i] = FROM(rounds ? random_value(&seed) : (float)((int)(random_bits(&seed) % 5) - 2));
            for (size_t p = 0; p < k; p++)
                for (size_t j = 0; j < n; j++)
                    b[p * n + j] = bt[j * k + p] = FROM(rounds ? random_value(&seed) : (float)((int)(random_bits(&seed) % 5) - 2));
            for (size_t i = 0; i < m * ldc; i++)
                c[i] = vector[i] = 123;
            rvm_gemm(m, n, k, a, k, bt, k, c, ldc);
            VECTOR(m, n, k, a, k, b, n, vector, ldc);
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < ldc; j++) {
                    const double own = (double)c[i * ldc + j];
                    double exact = 123, magnitude = 0;
                    if (j < n) {
                        exact = 0;
                        for (size_t p = 0; p < k; p++) {
                            const double product = (double)TO(a[i * k + p]) * (double)TO(bt[j * k + p]);
                            exact += product;
                            magnitude += fabs(product);
                        }
                    }
                    // A rounding for each product, and for each sum of a tile.
                    if (rounds)
                        beyond += !(fabs(own - exact) <= magnitude * sum_bound(2 * k, UNIT));
                    else
                        wrong += own != exact, differ += own != (double)vector[i * ldc + j];
                }
            if (!rounds || ROUNDED)
                sum = checksum(sum, c, m * ldc * sizeof c[0]);
        }
    const int good = wrong == 0 && differ == 0 && beyond == 0;
    printf("rvm " VERSION " " NAME ", %d shapes: %d exact sums differ from the reference, %d from the vector kernel, "
           "%d of the others beyond the bound, checksum %016lx: %s\n",
           SHAPES, wrong, differ, beyond, (unsigned long)sum, good ? "ok" : "WRONG");
    return good ? 0 : 1;
}

#endif
