// 2-D convolution, 3 x 3, several input and output channels, no padding, stride 1: LMUL = 4 along the width, four output
// channels in registers. Every element sums in the same order at every VLEN: so does the scalar reference, and bits agree.
#include "kernel.h"
#include <math.h>
#include <riscv_vector.h>
#include <stdio.h>

#ifndef WIDTH
#define WIDTH 83
#endif
#ifndef HEIGHT
#define HEIGHT 11
#endif
enum {
    TAPS = 3,
    INPUTS = 3,   // channels
    OUTPUTS = 8,
    TOGETHER = 4, // output channels at a time
    OUT_WIDTH = WIDTH - TAPS + 1,
    OUT_HEIGHT = HEIGHT - TAPS + 1,
};
_Static_assert(OUTPUTS % TOGETHER == 0, "whole register tiles only");

// out[o][y][x] = bias[o] + Σ in[c][y + v][x + u] · weight[o][c][v][u]; `height` and `width` are those of `in`.
void rvv_conv(size_t inputs, size_t outputs, size_t height, size_t width, const float *in, const float *weight, const float *bias,
              float *out) {
    size_t out_height = height - TAPS + 1, out_width = width - TAPS + 1, plane = out_height * out_width;
    size_t taps = inputs * TAPS * TAPS; // of one output channel
    for (size_t o = 0; o < outputs; o += TOGETHER)
        for (size_t y = 0; y < out_height; y++)
            for (size_t x = 0, vl; x < out_width; x += vl) {
                vl = __riscv_vsetvl_e32m4(out_width - x);
                const float *w = weight + o * taps;
                vfloat32m4_t s0 = __riscv_vfmv_v_f_f32m4(bias[o], vl), s1 = __riscv_vfmv_v_f_f32m4(bias[o + 1], vl);
                vfloat32m4_t s2 = __riscv_vfmv_v_f_f32m4(bias[o + 2], vl), s3 = __riscv_vfmv_v_f_f32m4(bias[o + 3], vl);
                for (size_t c = 0; c < inputs; c++)
                    for (size_t v = 0; v < TAPS; v++) {
                        const float *row = in + (c * height + y + v) * width + x;
                        for (size_t u = 0; u < TAPS; u++, w++) {
                            vfloat32m4_t pixels = __riscv_vle32_v_f32m4(row + u, vl);
                            s0 = __riscv_vfmacc_vf_f32m4(s0, w[0], pixels, vl);
                            s1 = __riscv_vfmacc_vf_f32m4(s1, w[taps], pixels, vl);
                            s2 = __riscv_vfmacc_vf_f32m4(s2, w[2 * taps], pixels, vl);
                            s3 = __riscv_vfmacc_vf_f32m4(s3, w[3 * taps], pixels, vl);
                        }
                    }
                float *to = out + o * plane + y * out_width + x;
                __riscv_vse32_v_f32m4(to, s0, vl);
                __riscv_vse32_v_f32m4(to + plane, s1, vl);
                __riscv_vse32_v_f32m4(to + 2 * plane, s2, vl);
                __riscv_vse32_v_f32m4(to + 3 * plane, s3, vl);
            }
}

#ifndef RVV_KERNEL_ONLY
static float in[INPUTS][HEIGHT][WIDTH], weight[OUTPUTS][INPUTS][TAPS][TAPS], bias[OUTPUTS];
static float out[OUTPUTS][OUT_HEIGHT][OUT_WIDTH];

static void fill(void) {
    uint64_t seed = 10;
    for (int c = 0; c < INPUTS; c++)
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                in[c][y][x] = random_value(&seed);
    for (int o = 0; o < OUTPUTS; o++) {
        bias[o] = random_value(&seed);
        for (int i = 0; i < INPUTS * TAPS * TAPS; i++)
            weight[o][0][0][i] = random_value(&seed);
    }
}

static void work(void) { rvv_conv(INPUTS, OUTPUTS, HEIGHT, WIDTH, in[0][0], weight[0][0][0], bias, out[0][0]); }

static uint64_t result(void) { return checksum(CHECKSUM_START, out, sizeof out); }

int main(void) {
    fill();
    repeat(work);
    double worst = 0, bound = sum_bound(INPUTS * TAPS * TAPS, 0x1p-24);
    int differ = 0; // from the same sum in the same order, one element at a time
    for (int o = 0; o < OUTPUTS; o++)
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++) {
                double exact = (double)bias[o], magnitude = fabs(exact);
                float sum = bias[o];
                for (int c = 0; c < INPUTS; c++)
                    for (int v = 0; v < TAPS; v++)
                        for (int u = 0; u < TAPS; u++) {
                            double product = (double)in[c][y + v][x + u] * (double)weight[o][c][v][u];
                            exact += product;
                            magnitude += fabs(product);
                            sum = fmaf(in[c][y + v][x + u], weight[o][c][v][u], sum);
                        }
                double error = fabs((double)out[o][y][x] - exact) / magnitude;
                if (!(error <= worst))
                    worst = error;
                differ += out[o][y][x] != sum;
            }
    int good = worst <= bound && differ == 0;
    printf("rvv conv %d x %d x %d to %d x %d x %d: %d differ, max error %.3e of sum |a||b| (bound %.3e), checksum %016lx: %s\n",
           INPUTS, HEIGHT, WIDTH, OUTPUTS, OUT_HEIGHT, OUT_WIDTH, differ, worst, bound, (unsigned long)result(),
           good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
#endif
