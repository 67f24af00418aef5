// Layer normalisation of rows: a pass for the mean, one for the variance, one for the result.
#include "kernel.h"

#ifndef SIZE
#define SIZE 200
#endif
enum { ROWS = 16, N = SIZE };

static float in[ROWS][N], out[ROWS][N], gain[N], bias[N];

static float total(vfloat32m4_t sums, size_t most) {
    return __riscv_vfmv_f_s_f32m1_f32(__riscv_vfredusum_vs_f32m4_f32m1(sums, __riscv_vfmv_s_f_f32m1(0, 1), most));
}

static void layernorm(void) {
    size_t most = __riscv_vsetvlmax_e32m4();
    for (int row = 0; row < ROWS; row++) {
        vfloat32m4_t sums = __riscv_vfmv_v_f_f32m4(0, most);
        for (size_t j = 0, vl; j < N; j += vl) {
            vl = __riscv_vsetvl_e32m4(N - j);
            sums = __riscv_vfadd_vv_f32m4_tu(sums, sums, __riscv_vle32_v_f32m4(&in[row][j], vl), vl);
        }
        float mean = total(sums, most) / N;
        sums = __riscv_vfmv_v_f_f32m4(0, most);
        for (size_t j = 0, vl; j < N; j += vl) {
            vl = __riscv_vsetvl_e32m4(N - j);
            vfloat32m4_t x = __riscv_vfsub_vf_f32m4(__riscv_vle32_v_f32m4(&in[row][j], vl), mean, vl);
            sums = __riscv_vfmacc_vv_f32m4_tu(sums, x, x, vl);
        }
        float scale = 1 / sqrtf(total(sums, most) / N + 1e-5f);
        for (size_t j = 0, vl; j < N; j += vl) {
            vl = __riscv_vsetvl_e32m4(N - j);
            vfloat32m4_t x = __riscv_vfsub_vf_f32m4(__riscv_vle32_v_f32m4(&in[row][j], vl), mean, vl);
            x = __riscv_vfmul_vf_f32m4(x, scale, vl);
            x = __riscv_vfmadd_vv_f32m4(x, __riscv_vle32_v_f32m4(&gain[j], vl), __riscv_vle32_v_f32m4(&bias[j], vl), vl);
            __riscv_vse32_v_f32m4(&out[row][j], x, vl);
        }
    }
}

int main(void) {
    for (int j = 0; j < N; j++) {
        gain[j] = 1 + random_float() / 4;
        bias[j] = random_float();
    }
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < N; j++)
            in[i][j] = 3 + 2 * random_float();
    for (int i = 0; i < REPEAT; i++)
        layernorm();
    double worst = 0;
    for (int i = 0; i < ROWS; i++) {
        double mean = 0, variance = 0;
        for (int j = 0; j < N; j++)
            mean += in[i][j];
        mean /= N;
        for (int j = 0; j < N; j++)
            variance += (in[i][j] - mean) * (in[i][j] - mean);
        for (int j = 0; j < N; j++) {
            double exact = (in[i][j] - mean) / sqrt(variance / N + 1e-5) * gain[j] + bias[j];
            double error = fabs(out[i][j] - exact);
            if (!(error <= worst))
                worst = error;
        }
    }
    return report("rvv layernorm", worst, 1e-5);
}
