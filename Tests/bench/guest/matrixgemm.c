// A kernel of Examples/rvm (KERNEL names its file) on square matrices of SIZE, as often as the argument says.
#define main example_main
#include KERNEL
#undef main
#include <stdio.h>
#include <stdlib.h>

#ifndef FROM
#define FROM(x) ((ELEMENT)(127 * (x)))
#endif

static ELEMENT left[SIZE * SIZE], right[SIZE * SIZE];
static RESULT result[SIZE * SIZE];

int main(int argc, char **argv) {
    uint64_t seed = 22;
    for (size_t i = 0; i < SIZE * SIZE; i++)
        left[i] = FROM(random_value(&seed)), right[i] = FROM(random_value(&seed));
    for (long i = argc > 1 ? atol(argv[1]) : 1; i > 0; i--)
        rvm_gemm(SIZE, SIZE, SIZE, left, SIZE, right, SIZE, result, SIZE);
    printf("%016lx\n", (unsigned long)checksum(CHECKSUM_START, result, sizeof result));
    (void)example_main;
    return 0;
}
