// C = A·B of bfloat16, summed in single precision (Zvfbfwma). Each product is exact, each sum rounds once, in the order of k.
#include "kernel.h"

#ifndef SIZE
#define SIZE 64
#endif
enum { N = SIZE };
_Static_assert(N % 4 == 0, "rows come in fours");

// Bits of bfloat16: the upper half of a single.
static uint16_t a[N][N], b[N][N];
static float c[N][N];

static float as_float(uint16_t bits) {
    union {
        uint32_t bits;
        float value;
    } r = {(uint32_t)bits << 16};
    return r.value;
}

#ifdef WITHOUT_BFLOAT
// For simulators without the extension: widened by shifts.
#define MULTIPLY_ADD(sum, factor, row, vl) __riscv_vfmacc_vf_f32m4(sum, as_float(factor), row, vl)
#define ROW vfloat32m4_t
#define LOAD(from, vl)                                                                                                   \
    __riscv_vreinterpret_v_u32m4_f32m4(                                                                                  \
        __riscv_vsll_vx_u32m4(__riscv_vzext_vf2_u32m4(__riscv_vle16_v_u16m2(from, vl), vl), 16, vl))
#else
#define MULTIPLY_ADD(sum, factor, row, vl) __riscv_vfwmaccbf16_vf_f32m4(sum, __builtin_bit_cast(__bf16, factor), row, vl)
#define ROW vbfloat16m2_t
#define LOAD(from, vl) __riscv_vreinterpret_v_u16m2_bf16m2(__riscv_vle16_v_u16m2(from, vl))
#endif

static void bgemm(void) {
    for (size_t j = 0, vl; j < N; j += vl) {
        vl = __riscv_vsetvl_e16m2(N - j);
        for (size_t i = 0; i < N; i += 4) {
            vfloat32m4_t s0 = __riscv_vfmv_v_f_f32m4(0, vl), s1 = s0, s2 = s0, s3 = s0;
            for (size_t k = 0; k < N; k++) {
                ROW row = LOAD(&b[k][j], vl);
                s0 = MULTIPLY_ADD(s0, a[i][k], row, vl);
                s1 = MULTIPLY_ADD(s1, a[i + 1][k], row, vl);
                s2 = MULTIPLY_ADD(s2, a[i + 2][k], row, vl);
                s3 = MULTIPLY_ADD(s3, a[i + 3][k], row, vl);
            }
            __riscv_vse32_v_f32m4(&c[i][j], s0, vl);
            __riscv_vse32_v_f32m4(&c[i + 1][j], s1, vl);
            __riscv_vse32_v_f32m4(&c[i + 2][j], s2, vl);
            __riscv_vse32_v_f32m4(&c[i + 3][j], s3, vl);
        }
    }
}

int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            // Sign, exponents around 1, all fractions.
            a[i][j] = (uint16_t)(random_bits() & 0x81ff) + 0x3e00;
            b[i][j] = (uint16_t)(random_bits() & 0x81ff) + 0x3e00;
        }
    for (int i = 0; i < REPEAT; i++)
        bgemm();
    int ok = 1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            float sum = 0;
            for (int k = 0; k < N; k++)
                sum = fmaf(as_float(a[i][k]), as_float(b[k][j]), sum);
            ok &= sum == c[i][j];
        }
    return report_exact("rvv bgemm", ok, checksum(c, sizeof c));
}
