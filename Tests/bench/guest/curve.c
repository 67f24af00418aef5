// One vector instruction over and over: what an element costs at a vector length of VL.
#include <riscv_vector.h>
#include <stdio.h>

#ifndef VL
#define VL 1
#endif
#ifndef REPEAT
#define REPEAT 1
#endif

int main(void) {
    static float x[4096], y[4096];
    for (int i = 0; i < 4096; i++) {
        x[i] = 1.f / (float)(i + 3);
        y[i] = (float)i;
    }
    size_t vl = __riscv_vsetvl_e32m8(VL);
    vfloat32m8_t a = __riscv_vle32_v_f32m8(x, vl), s = __riscv_vle32_v_f32m8(y, vl);
    for (long i = 0; i < REPEAT; i++) {
        s = __riscv_vfmacc_vf_f32m8(s, 0.7f, a, vl);
        s = __riscv_vfmacc_vf_f32m8(s, -0.3f, a, vl);
        s = __riscv_vfmacc_vf_f32m8(s, 0.3f, a, vl);
        s = __riscv_vfmacc_vf_f32m8(s, -0.7f, a, vl);
    }
    __riscv_vse32_v_f32m8(y, s, vl);
    printf("check %.9g\n", (double)y[VL - 1]);
    return vl != VL;
}
