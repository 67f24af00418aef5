// Transposition of 32-bit elements: strided segment loads take eight columns at once into eight registers, each is then
// stored as (part of) a row; columns left over go one by one with strided loads. Exact.
#include "kernel.h"
#include <riscv_vector.h>
#include <stdio.h>

#ifndef ROWS
#define ROWS 117
#endif
#ifndef COLUMNS
#define COLUMNS 61
#endif
enum { TOGETHER = 8, PADDING = 5, STRIDE = ROWS + PADDING };

// out[j][i] = in[i][j], row by row in memory with strides ldi and ldo (elements).
void rvv_transpose(size_t rows, size_t columns, const uint32_t *in, size_t ldi, uint32_t *out, size_t ldo) {
    ptrdiff_t pitch = (ptrdiff_t)(ldi * sizeof *in);
    for (size_t i = 0, vl; i < rows; i += vl) {
        vl = __riscv_vsetvl_e32m1(rows - i);
        size_t j = 0;
        for (; j + TOGETHER <= columns; j += TOGETHER) {
            vuint32m1x8_t block = __riscv_vlsseg8e32_v_u32m1x8(in + i * ldi + j, pitch, vl);
            uint32_t *to = out + j * ldo + i;
            __riscv_vse32_v_u32m1(to, __riscv_vget_v_u32m1x8_u32m1(block, 0), vl);
            __riscv_vse32_v_u32m1(to + ldo, __riscv_vget_v_u32m1x8_u32m1(block, 1), vl);
            __riscv_vse32_v_u32m1(to + 2 * ldo, __riscv_vget_v_u32m1x8_u32m1(block, 2), vl);
            __riscv_vse32_v_u32m1(to + 3 * ldo, __riscv_vget_v_u32m1x8_u32m1(block, 3), vl);
            __riscv_vse32_v_u32m1(to + 4 * ldo, __riscv_vget_v_u32m1x8_u32m1(block, 4), vl);
            __riscv_vse32_v_u32m1(to + 5 * ldo, __riscv_vget_v_u32m1x8_u32m1(block, 5), vl);
            __riscv_vse32_v_u32m1(to + 6 * ldo, __riscv_vget_v_u32m1x8_u32m1(block, 6), vl);
            __riscv_vse32_v_u32m1(to + 7 * ldo, __riscv_vget_v_u32m1x8_u32m1(block, 7), vl);
        }
        for (; j < columns; j++)
            __riscv_vse32_v_u32m1(out + j * ldo + i, __riscv_vlse32_v_u32m1(in + i * ldi + j, pitch, vl), vl);
    }
}

static uint32_t in[ROWS][COLUMNS], out[COLUMNS][STRIDE];

static void fill(void) {
    uint64_t seed = 11;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            in[i][j] = random_bits(&seed);
    for (int j = 0; j < COLUMNS; j++)
        for (int i = 0; i < STRIDE; i++)
            out[j][i] = 1234;
}

static void work(void) { rvv_transpose(ROWS, COLUMNS, in[0], COLUMNS, out[0], STRIDE); }

static uint64_t result(void) { return checksum(CHECKSUM_START, out, sizeof out); }

int main(void) {
    fill();
    repeat(work);
    int wrong = 0;
    for (int j = 0; j < COLUMNS; j++)
        for (int i = 0; i < STRIDE; i++)
            wrong += out[j][i] != (i < ROWS ? in[i][j] : 1234);
    printf("rvv transpose %d x %d: %d elements differ, checksum %016lx: %s\n", ROWS, COLUMNS, wrong, (unsigned long)result(),
           wrong ? "WRONG" : "ok");
    return wrong ? 1 : 0;
}
