// Softmax over the rows of a matrix, with a mask: attention scores of sequences of different lengths, with holes. Masked-off
// columns take no part and become zero. The sum is ordered (vfredosum), so the result is the same at every VLEN.
#include "reference.h"
#include "kernel.h"
#include "functions.h"
#include <stdio.h>

#ifndef ROWS
#define ROWS 12
#endif
#ifndef COLUMNS
#define COLUMNS 331
#endif
enum { PADDING = 5, STRIDE = COLUMNS + PADDING };

// out[i] = e^x[i] / Σ e^x[k] over the columns whose byte in `keep` is not 0; at least one must be kept.
void rvv_softmax(size_t columns, const float *x, const uint8_t *keep, float *out) {
    vfloat32m1_t most = __riscv_vfmv_s_f_f32m1(-INFINITY, 1), total = __riscv_vfmv_s_f_f32m1(0, 1);
    for (size_t j = 0, vl; j < columns; j += vl) {
        vl = __riscv_vsetvl_e32m4(columns - j);
        vbool8_t kept = __riscv_vmsne_vx_u8m1_b8(__riscv_vle8_v_u8m1(keep + j, vl), 0, vl);
        most = __riscv_vfredmax_vs_f32m4_f32m1_m(kept, __riscv_vle32_v_f32m4_m(kept, x + j, vl), most, vl);
    }
    float greatest = __riscv_vfmv_f_s_f32m1_f32(most);
    for (size_t j = 0, vl; j < columns; j += vl) {
        vl = __riscv_vsetvl_e32m4(columns - j);
        vbool8_t kept = __riscv_vmsne_vx_u8m1_b8(__riscv_vle8_v_u8m1(keep + j, vl), 0, vl);
        vfloat32m4_t zero = __riscv_vfmv_v_f_f32m4(0, vl);
        vfloat32m4_t below = __riscv_vfsub_vf_f32m4_mu(kept, zero, __riscv_vle32_v_f32m4_mu(kept, zero, x + j, vl), greatest, vl);
        vfloat32m4_t power = __riscv_vmerge_vvm_f32m4(zero, rvv_exp(below, vl), kept, vl);
        total = __riscv_vfredosum_vs_f32m4_f32m1_m(kept, power, total, vl);
        __riscv_vse32_v_f32m4(out + j, power, vl);
    }
    float scale = 1 / __riscv_vfmv_f_s_f32m1_f32(total);
    for (size_t j = 0, vl; j < columns; j += vl) {
        vl = __riscv_vsetvl_e32m4(columns - j);
        __riscv_vse32_v_f32m4(out + j, __riscv_vfmul_vf_f32m4(__riscv_vle32_v_f32m4(out + j, vl), scale, vl), vl);
    }
}

static float x[ROWS][COLUMNS], out[ROWS][STRIDE];
static uint8_t keep[ROWS][COLUMNS];

static void fill(void) {
    uint64_t seed = 7;
    for (int i = 0; i < ROWS; i++) {
        int length = i == 0 ? COLUMNS : 1 + (int)(random_bits(&seed) % COLUMNS);
        for (int j = 0; j < COLUMNS; j++) {
            x[i][j] = 8 * random_value(&seed);
            keep[i][j] = j == 0 || (j < length && random_bits(&seed) % 8 != 0);
            if (!keep[i][j])
                x[i][j] = NAN; // what is masked off must not matter
        }
        for (int j = 0; j < STRIDE; j++)
            out[i][j] = 1234;
    }
}

static void work(void) {
    for (int i = 0; i < ROWS; i++)
        rvv_softmax(COLUMNS, x[i], keep[i], out[i]);
}

static uint64_t result(void) { return checksum(CHECKSUM_START, out, sizeof out); }

int main(void) {
    fill();
    repeat(work);
    // Relative: x - max rounds by 2^-21 at 16, e^x by 2^-22, the sum once per column, then a division and a product.
    double worst = 0, bound = 0x1p-20 + 0x1p-21 + sum_bound(COLUMNS + 2, 0x1p-24);
    int wrong = 0;
    for (int i = 0; i < ROWS; i++) {
        double total = 0;
        for (int j = 0; j < COLUMNS; j++)
            total += keep[i][j] ? reference_exp((double)x[i][j]) : 0;
        for (int j = 0; j < COLUMNS; j++) {
            if (!keep[i][j]) {
                wrong += out[i][j] != 0;
                continue;
            }
            double exact = reference_exp((double)x[i][j]) / total, error = fabs((double)out[i][j] - exact) / exact;
            if (!(error <= worst))
                worst = error;
        }
        for (int j = COLUMNS; j < STRIDE; j++)
            wrong += out[i][j] != 1234;
    }
    int good = worst <= bound && wrong == 0;
    printf("rvv softmax %d x %d: max relative error %.3e (bound %.3e), checksum %016lx: %s\n", ROWS, COLUMNS, worst, bound,
           (unsigned long)result(), good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
