// Elementary functions on vectors of float, LMUL = 4. Each element's result depends on that element alone.
#ifndef RVSIM_EXAMPLES_FUNCTIONS_H
#define RVSIM_EXAMPLES_FUNCTIONS_H

#include <math.h>
#include <riscv_vector.h>
#include <stddef.h>

// sum·x + c, the step of Horner's rule.
static inline vfloat32m4_t rvv_horner(vfloat32m4_t sum, vfloat32m4_t x, float c, size_t vl) {
    return __riscv_vfmadd_vv_f32m4(sum, x, __riscv_vfmv_v_f_f32m4(c, vl), vl);
}

// e^x, relative error below 2^-22; 0 below -87.33 (no subnormal results), infinity above 88.72; NaN stays NaN.
// x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r by Taylor to r^7 (the first term left out is below 2^-27); 2^n in two factors,
// because n reaches 128.
static inline vfloat32m4_t rvv_exp(vfloat32m4_t x, size_t vl) {
    vbool8_t under = __riscv_vmflt_vf_f32m4_b8(x, -87.33654f, vl), over = __riscv_vmfgt_vf_f32m4_b8(x, 88.72283f, vl);
    vbool8_t nan = __riscv_vmfne_vv_f32m4_b8(x, x, vl);
    vfloat32m4_t inside = __riscv_vfmin_vf_f32m4(__riscv_vfmax_vf_f32m4(x, -88, vl), 89, vl);
    vint32m4_t n = __riscv_vfcvt_x_f_v_i32m4(__riscv_vfmul_vf_f32m4(inside, 0x1.715476p0f, vl), vl);
    vfloat32m4_t whole = __riscv_vfcvt_f_x_v_f32m4(n, vl);
    // ln 2 in two parts; the first has few enough bits that n times it is exact.
    vfloat32m4_t r = __riscv_vfnmsac_vf_f32m4(inside, 0x1.62e400p-1f, whole, vl);
    r = __riscv_vfnmsac_vf_f32m4(r, 0x1.7f7d1cp-20f, whole, vl);
    vfloat32m4_t sum = __riscv_vfmv_v_f_f32m4(1.0f / 5040, vl);
    sum = rvv_horner(sum, r, 1.0f / 720, vl);
    sum = rvv_horner(sum, r, 1.0f / 120, vl);
    sum = rvv_horner(sum, r, 1.0f / 24, vl);
    sum = rvv_horner(sum, r, 1.0f / 6, vl);
    sum = rvv_horner(sum, r, 0.5f, vl);
    sum = rvv_horner(sum, r, 1, vl);
    sum = rvv_horner(sum, r, 1, vl);
    // 2^n = 2^(n/2) · 2^(n - n/2), each built as an exponent field.
    vint32m4_t half = __riscv_vsra_vx_i32m4(n, 1, vl), rest = __riscv_vsub_vv_i32m4(n, half, vl);
    half = __riscv_vsll_vx_i32m4(__riscv_vadd_vx_i32m4(half, 127, vl), 23, vl);
    rest = __riscv_vsll_vx_i32m4(__riscv_vadd_vx_i32m4(rest, 127, vl), 23, vl);
    sum = __riscv_vfmul_vv_f32m4(sum, __riscv_vreinterpret_v_i32m4_f32m4(half), vl);
    sum = __riscv_vfmul_vv_f32m4(sum, __riscv_vreinterpret_v_i32m4_f32m4(rest), vl);
    sum = __riscv_vfmerge_vfm_f32m4(sum, 0, under, vl);
    sum = __riscv_vfmerge_vfm_f32m4(sum, INFINITY, over, vl);
    return __riscv_vmerge_vvm_f32m4(sum, x, nan, vl);
}

// erf x, absolute error below 5·10^-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
static inline vfloat32m4_t rvv_erf(vfloat32m4_t x, size_t vl) {
    vfloat32m4_t size = __riscv_vfabs_v_f32m4(x, vl);
    vfloat32m4_t t = __riscv_vfadd_vf_f32m4(__riscv_vfmul_vf_f32m4(size, 0.3275911f, vl), 1, vl);
    t = __riscv_vfrdiv_vf_f32m4(t, 1, vl);
    vfloat32m4_t sum = __riscv_vfmv_v_f_f32m4(1.061405429f, vl);
    sum = rvv_horner(sum, t, -1.453152027f, vl);
    sum = rvv_horner(sum, t, 1.421413741f, vl);
    sum = rvv_horner(sum, t, -0.284496736f, vl);
    sum = rvv_horner(sum, t, 0.254829592f, vl);
    sum = __riscv_vfmul_vv_f32m4(sum, t, vl);
    vfloat32m4_t bell = rvv_exp(__riscv_vfneg_v_f32m4(__riscv_vfmul_vv_f32m4(x, x, vl), vl), vl);
    sum = __riscv_vfrsub_vf_f32m4(__riscv_vfmul_vv_f32m4(sum, bell, vl), 1, vl);
    return __riscv_vfsgnj_vv_f32m4(sum, x, vl);
}

// tanh x = ±(1 - 2 / (e^2|x| + 1)), absolute error below 2·10^-7.
static inline vfloat32m4_t rvv_tanh(vfloat32m4_t x, size_t vl) {
    vfloat32m4_t size = __riscv_vfabs_v_f32m4(x, vl);
    vfloat32m4_t power = rvv_exp(__riscv_vfadd_vv_f32m4(size, size, vl), vl);
    vfloat32m4_t rest = __riscv_vfrdiv_vf_f32m4(__riscv_vfadd_vf_f32m4(power, 1, vl), 2, vl);
    return __riscv_vfsgnj_vv_f32m4(__riscv_vfrsub_vf_f32m4(rest, 1, vl), x, vl);
}

#endif
