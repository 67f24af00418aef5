// memcpy: by bytes, by words of 64 bits, and by vectors of each LMUL, where the last group of bytes is either one more turn of a loop
// that sets vl each time (m1 to m8) or has its own code behind a loop over whole groups (m1-tail to m8-tail). n is in bytes.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 262144 };
static _Alignas(4096) uint8_t source[MOST + MARGIN], target[MOST + 3 * MARGIN];

static uint64_t bytes(void *to, const void *from, size_t n) {
    uint8_t *out = to;
    const uint8_t *in = from;
    for (const uint8_t *end = in + n; in != end; in++, out++)
        *out = *in;
    return 0;
}

static uint64_t words(void *to, const void *from, size_t n) {
    uint8_t *out = to;
    const uint8_t *in = from;
    if ((((uintptr_t)out | (uintptr_t)in) & 7) == 0) {
        for (; n >= 64; n -= 64, in += 64, out += 64) {
            const Word *a = (const Word *)in;
            Word *b = (Word *)out;
            Word w0 = a[0], w1 = a[1], w2 = a[2], w3 = a[3], w4 = a[4], w5 = a[5], w6 = a[6], w7 = a[7];
            b[0] = w0, b[1] = w1, b[2] = w2, b[3] = w3, b[4] = w4, b[5] = w5, b[6] = w6, b[7] = w7;
        }
        for (; n >= 8; n -= 8, in += 8, out += 8)
            *(Word *)out = *(const Word *)in;
    }
    return bytes(out, in, n);
}

#define VECTORS(LMUL)                                                                                                          \
    static uint64_t by_##LMUL(void *to, const void *from, size_t n) {                                                          \
        uint8_t *out = to;                                                                                                     \
        const uint8_t *in = from;                                                                                              \
        for (size_t vl; n > 0; n -= vl, in += vl, out += vl) {                                                                 \
            vl = __riscv_vsetvl_e8##LMUL(n);                                                                                   \
            __riscv_vse8_v_u8##LMUL(out, __riscv_vle8_v_u8##LMUL(in, vl), vl);                                                 \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }                                                                                                                          \
    static uint64_t tail_##LMUL(void *to, const void *from, size_t n) {                                                        \
        uint8_t *out = to;                                                                                                     \
        const uint8_t *in = from;                                                                                              \
        const size_t all = __riscv_vsetvlmax_e8##LMUL();                                                                       \
        for (; n >= all; n -= all, in += all, out += all)                                                                      \
            __riscv_vse8_v_u8##LMUL(out, __riscv_vle8_v_u8##LMUL(in, all), all);                                               \
        if (n > 0)                                                                                                             \
            __riscv_vse8_v_u8##LMUL(out, __riscv_vle8_v_u8##LMUL(in, n), n);                                                   \
        return 0;                                                                                                              \
    }
VECTORS(m1)
VECTORS(m2)
VECTORS(m4)
VECTORS(m8)

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)result;
    return different(to, from, n) + wrong_margins(to, n);
}

static const Variant variants[] = {
    {"bytes", bytes, NULL}, {"words", words, NULL},
    {"m1", by_m1, NULL}, {"m2", by_m2, NULL}, {"m4", by_m4, NULL}, {"m8", by_m8, NULL},
    {"m1-tail", tail_m1, NULL}, {"m2-tail", tail_m2, NULL}, {"m4-tail", tail_m4, NULL}, {"m8-tail", tail_m8, NULL},
    {0},
};

// Both arrays count: 24 KiB at 12288.
static const Family family = {
    .name = "memcpy", .to = target + MARGIN, .from = source, .element = 1, .sizes = {64, 256, 1024, 4096, 12288, MOST},
    .clear = clear_result, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 1);
    return measure(&family, argc, argv);
}
