// Layer normalisation: every row to mean 0 and variance 1, then scaled and shifted by column. Sums are ordered and in double
// precision (vfwredosum), so the result is the same at every VLEN.
#include "kernel.h"
#include <math.h>
#include <riscv_vector.h>
#include <stdio.h>

#ifndef ROWS
#define ROWS 12
#endif
#ifndef COLUMNS
#define COLUMNS 331
#endif
enum { PADDING = 5, STRIDE = COLUMNS + PADDING };
#define EPSILON 1e-5f

// out = (x - mean) / √(variance + ε) · gain + shift
void rvv_layernorm(size_t columns, const float *x, const float *gain, const float *shift, float *out) {
    vfloat64m1_t total = __riscv_vfmv_s_f_f64m1(0, 1);
    for (size_t j = 0, vl; j < columns; j += vl) {
        vl = __riscv_vsetvl_e32m4(columns - j);
        total = __riscv_vfwredosum_vs_f32m4_f64m1(__riscv_vle32_v_f32m4(x + j, vl), total, vl);
    }
    float mean = (float)(__riscv_vfmv_f_s_f64m1_f64(total) / (double)columns);
    total = __riscv_vfmv_s_f_f64m1(0, 1);
    for (size_t j = 0, vl; j < columns; j += vl) {
        vl = __riscv_vsetvl_e32m4(columns - j);
        vfloat32m4_t away = __riscv_vfsub_vf_f32m4(__riscv_vle32_v_f32m4(x + j, vl), mean, vl);
        total = __riscv_vfwredosum_vs_f32m4_f64m1(__riscv_vfmul_vv_f32m4(away, away, vl), total, vl);
    }
    float variance = (float)(__riscv_vfmv_f_s_f64m1_f64(total) / (double)columns);
    float scale = 1 / sqrtf(variance + EPSILON);
    for (size_t j = 0, vl; j < columns; j += vl) {
        vl = __riscv_vsetvl_e32m4(columns - j);
        vfloat32m4_t away = __riscv_vfsub_vf_f32m4(__riscv_vle32_v_f32m4(x + j, vl), mean, vl);
        vfloat32m4_t unit = __riscv_vfmul_vf_f32m4(away, scale, vl);
        unit = __riscv_vfmadd_vv_f32m4(unit, __riscv_vle32_v_f32m4(gain + j, vl), __riscv_vle32_v_f32m4(shift + j, vl), vl);
        __riscv_vse32_v_f32m4(out + j, unit, vl);
    }
}

static float x[ROWS][COLUMNS], gain[COLUMNS], shift[COLUMNS], out[ROWS][STRIDE];

static void fill(void) {
    uint64_t seed = 8;
    for (int j = 0; j < COLUMNS; j++) {
        gain[j] = 1 + 0.25f * random_value(&seed);
        shift[j] = 0.25f * random_value(&seed);
    }
    for (int i = 0; i < ROWS; i++) {
        float centre = 4 * random_value(&seed);
        for (int j = 0; j < COLUMNS; j++)
            x[i][j] = centre + 3 * random_value(&seed);
        for (int j = 0; j < STRIDE; j++)
            out[i][j] = 1234;
    }
}

static void work(void) {
    for (int i = 0; i < ROWS; i++)
        rvv_layernorm(COLUMNS, x[i], gain, shift, out[i]);
}

static uint64_t result(void) { return checksum(CHECKSUM_START, out, sizeof out); }

int main(void) {
    fill();
    repeat(work);
    // Absolute. |x| < 7 and |mean| < 5 round by 2^-22, x - mean by 2^-22 more, and the scale is below 1 (the deviation is
    // 3/√3); after it, values below 2.5 round six times by 2^-23 at most: (2 + 6) · 2^-22 times gain.
    double worst = 0, bound = 10 * 0x1p-22;
    int beyond = 0;
    for (int i = 0; i < ROWS; i++) {
        double mean = 0, variance = 0;
        for (int j = 0; j < COLUMNS; j++)
            mean += (double)x[i][j] / COLUMNS;
        for (int j = 0; j < COLUMNS; j++)
            variance += ((double)x[i][j] - mean) * ((double)x[i][j] - mean) / COLUMNS;
        for (int j = 0; j < COLUMNS; j++) {
            double unit = ((double)x[i][j] - mean) / sqrt(variance + (double)EPSILON);
            double error = fabs((double)out[i][j] - (unit * (double)gain[j] + (double)shift[j]));
            if (!(error <= worst))
                worst = error;
        }
        for (int j = COLUMNS; j < STRIDE; j++)
            beyond += out[i][j] != 1234;
    }
    int good = worst <= bound && beyond == 0;
    printf("rvv layernorm %d x %d: max error %.3e (bound %.3e), checksum %016lx: %s\n", ROWS, COLUMNS, worst, bound,
           (unsigned long)result(), good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
