// A matrix transposed in strips of four columns: one segment load takes them apart, four stores write rows.
#include "kernel.h"

#ifndef SIZE
#define SIZE 60
#endif
enum { ROWS = SIZE, COLUMNS = SIZE + 4 };
_Static_assert(COLUMNS % 4 == 0, "columns come in fours");

static uint32_t in[ROWS][COLUMNS], out[COLUMNS][ROWS];

static void transpose(void) {
    for (size_t x = 0; x < COLUMNS; x += 4)
        for (size_t y = 0, vl; y < ROWS; y += vl) {
            vl = __riscv_vsetvl_e32m2(ROWS - y);
            vuint32m2x4_t four = __riscv_vlsseg4e32_v_u32m2x4(&in[y][x], sizeof in[0], vl);
            __riscv_vse32_v_u32m2(&out[x][y], __riscv_vget_v_u32m2x4_u32m2(four, 0), vl);
            __riscv_vse32_v_u32m2(&out[x + 1][y], __riscv_vget_v_u32m2x4_u32m2(four, 1), vl);
            __riscv_vse32_v_u32m2(&out[x + 2][y], __riscv_vget_v_u32m2x4_u32m2(four, 2), vl);
            __riscv_vse32_v_u32m2(&out[x + 3][y], __riscv_vget_v_u32m2x4_u32m2(four, 3), vl);
        }
}

int main(void) {
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLUMNS; x++)
            in[y][x] = random_bits();
    for (int i = 0; i < REPEAT; i++)
        transpose();
    int ok = 1;
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLUMNS; x++)
            ok &= out[x][y] == in[y][x];
    return report_exact("rvv transpose", ok, checksum(out, sizeof out));
}
