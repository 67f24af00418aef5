// The length of a string by fault-only-first loads, which may run over its end as far as memory goes.
#include "kernel.h"

#ifndef SIZE
#define SIZE 3000
#endif
enum { N = SIZE };

static char text[N + 1];

static size_t length(const char *string) {
    const char *here = string;
    for (;;) {
        size_t vl = __riscv_vsetvlmax_e8m8();
        vuint8m8_t bytes = __riscv_vle8ff_v_u8m8((const uint8_t *)here, &vl, vl);
        long end = __riscv_vfirst_m_b1(__riscv_vmseq_vx_u8m8_b1(bytes, 0, vl), vl);
        if (end >= 0)
            return (size_t)(here - string + end);
        here += vl;
    }
}

int main(void) {
    for (int i = 0; i < N; i++)
        text[i] = (char)(1 + random_bits() % 255);
    int ok = 1;
    size_t sum = 0;
    for (int i = 0; i < REPEAT; i++)
        sum += length(text + i % 8);
    ok &= sum > 0;
    for (size_t at = 0; at < N; at += 37) {
        char before = text[at];
        text[at] = 0;
        for (size_t start = at < 40 ? 0 : at - 40; start <= at; start++)
            ok &= length(text + start) == at - start;
        ok &= length(text) == at;
        text[at] = before;
    }
    return report_exact("rvv strlen", ok && length(text) == N, checksum(text, sizeof text));
}
