// A 3 x 3 convolution over several channels, rows of the output along the vectors.
#include "kernel.h"

#ifndef SIZE
#define SIZE 40
#endif
enum { CHANNELS = 3, FILTERS = 4, N = SIZE, OUT = N - 2 };

static float in[CHANNELS][N][N], weights[FILTERS][CHANNELS][3][3], out[FILTERS][OUT][OUT];

static void convolve(void) {
    for (int f = 0; f < FILTERS; f++)
        for (int y = 0; y < OUT; y++)
            for (size_t x = 0, vl; x < OUT; x += vl) {
                vl = __riscv_vsetvl_e32m4(OUT - x);
                vfloat32m4_t sum = __riscv_vfmv_v_f_f32m4(0, vl);
                for (int c = 0; c < CHANNELS; c++)
                    for (int ky = 0; ky < 3; ky++)
                        for (int kx = 0; kx < 3; kx++)
                            sum = __riscv_vfmacc_vf_f32m4(sum, weights[f][c][ky][kx],
                                                          __riscv_vle32_v_f32m4(&in[c][y + ky][x + (size_t)kx], vl), vl);
                __riscv_vse32_v_f32m4(&out[f][y][x], __riscv_vfmax_vf_f32m4(sum, 0, vl), vl);
            }
}

int main(void) {
    for (int c = 0; c < CHANNELS; c++)
        for (int y = 0; y < N; y++)
            for (int x = 0; x < N; x++)
                in[c][y][x] = random_float();
    for (int f = 0; f < FILTERS; f++)
        for (int c = 0; c < CHANNELS; c++)
            for (int i = 0; i < 9; i++)
                weights[f][c][i / 3][i % 3] = random_float();
    for (int i = 0; i < REPEAT; i++)
        convolve();
    int ok = 1;
    for (int f = 0; f < FILTERS; f++)
        for (int y = 0; y < OUT; y++)
            for (int x = 0; x < OUT; x++) {
                float sum = 0;
                for (int c = 0; c < CHANNELS; c++)
                    for (int i = 0; i < 9; i++)
                        sum = fmaf(weights[f][c][i / 3][i % 3], in[c][y + i / 3][x + i % 3], sum);
                ok &= (sum > 0 ? sum : 0) == out[f][y][x];
            }
    return report_exact("rvv conv", ok, checksum(out, sizeof out));
}
