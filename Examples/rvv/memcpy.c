// Bytes from here to there, at every alignment, LMUL 8.
#include "kernel.h"

#ifndef SIZE
#define SIZE 5000
#endif
enum { N = SIZE };

static unsigned char from[N + 64], to[N + 64], expected[N + 64];

static void copy(unsigned char *out, const unsigned char *in, size_t count) {
    for (size_t vl; count > 0; count -= vl, in += vl, out += vl) {
        vl = __riscv_vsetvl_e8m8(count);
        __riscv_vse8_v_u8m8(out, __riscv_vle8_v_u8m8(in, vl), vl);
    }
}

int main(void) {
    for (int i = 0; i < N + 64; i++)
        from[i] = (unsigned char)random_bits();
    int ok = 1;
    for (int i = 0; i < REPEAT; i++)
        copy(to, from, N);
    for (size_t shift = 0; shift < 32; shift++) {
        for (int i = 0; i < N + 64; i++)
            to[i] = expected[i] = (unsigned char)i;
        for (int i = 0; i < N; i++)
            expected[shift / 2 + (size_t)i] = from[shift + (size_t)i];
        copy(to + shift / 2, from + shift, N);
        for (int i = 0; i < N + 64; i++)
            ok &= to[i] == expected[i];
    }
    return report_exact("rvv memcpy", ok, checksum(to, sizeof to));
}
