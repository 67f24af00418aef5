// Softmax over rows of different lengths, as attention has them: what lies behind a row's end is masked, not skipped, and gets 0.
#include "kernel.h"

#ifndef SIZE
#define SIZE 64
#endif
enum { ROWS = 32, N = SIZE };

static float in[ROWS][N], out[ROWS][N];
static uint32_t length[ROWS];

static void softmax(void) {
    size_t most = __riscv_vsetvlmax_e32m4();
    for (int row = 0; row < ROWS; row++) {
        vfloat32m4_t largest = __riscv_vfmv_v_f_f32m4(-INFINITY, most), sums = __riscv_vfmv_v_f_f32m4(0, most);
        for (size_t j = 0, vl; j < N; j += vl) {
            vl = __riscv_vsetvl_e32m4(N - j);
            vbool8_t inside = __riscv_vmsltu_vx_u32m4_b8(__riscv_vid_v_u32m4(vl), length[row] < j ? 0 : length[row] - (uint32_t)j, vl);
            vfloat32m4_t x = __riscv_vle32_v_f32m4(&in[row][j], vl);
            largest = __riscv_vfmax_vv_f32m4_tumu(inside, largest, largest, x, vl);
        }
        vfloat32m1_t first = __riscv_vfmv_s_f_f32m1(-INFINITY, 1);
        float top = __riscv_vfmv_f_s_f32m1_f32(__riscv_vfredmax_vs_f32m4_f32m1(largest, first, most));
        for (size_t j = 0, vl; j < N; j += vl) {
            vl = __riscv_vsetvl_e32m4(N - j);
            vbool8_t inside = __riscv_vmsltu_vx_u32m4_b8(__riscv_vid_v_u32m4(vl), length[row] < j ? 0 : length[row] - (uint32_t)j, vl);
            vfloat32m4_t x = __riscv_vfsub_vf_f32m4(__riscv_vle32_v_f32m4(&in[row][j], vl), top, vl);
            vfloat32m4_t e = __riscv_vmerge_vvm_f32m4(__riscv_vfmv_v_f_f32m4(0, vl), vector_exp(x, vl), inside, vl);
            sums = __riscv_vfadd_vv_f32m4_tu(sums, sums, e, vl);
            __riscv_vse32_v_f32m4(&out[row][j], e, vl);
        }
        float sum = __riscv_vfmv_f_s_f32m1_f32(__riscv_vfredusum_vs_f32m4_f32m1(sums, __riscv_vfmv_s_f_f32m1(0, 1), most));
        for (size_t j = 0, vl; j < N; j += vl) {
            vl = __riscv_vsetvl_e32m4(N - j);
            __riscv_vse32_v_f32m4(&out[row][j], __riscv_vfmul_vf_f32m4(__riscv_vle32_v_f32m4(&out[row][j], vl), 1 / sum, vl), vl);
        }
    }
}

int main(void) {
    for (int i = 0; i < ROWS; i++) {
        length[i] = 1 + random_bits() % N;
        for (int j = 0; j < N; j++)
            in[i][j] = 8 * random_float();
    }
    for (int i = 0; i < REPEAT; i++)
        softmax();
    double worst = 0;
    for (int i = 0; i < ROWS; i++) {
        double top = -INFINITY, sum = 0;
        for (uint32_t j = 0; j < length[i]; j++)
            top = in[i][j] > top ? in[i][j] : top;
        for (uint32_t j = 0; j < length[i]; j++)
            sum += exponential(in[i][j] - top);
        for (uint32_t j = 0; j < N; j++) {
            double exact = j < length[i] ? exponential(in[i][j] - top) / sum : 0;
            double error = exact > 0 ? fabs(out[i][j] - exact) / exact : fabs((double)out[i][j]);
            if (!(error <= worst))
                worst = error;
        }
    }
    return report("rvv softmax", worst, 1e-5);
}
