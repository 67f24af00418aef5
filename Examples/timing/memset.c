// memset: by bytes, by words of 64 bits, and by vectors of each LMUL, where the last group of bytes is either one more turn of a loop
// that sets vl each time (m1 to m8) or has its own code behind a loop over whole groups (m1-tail to m8-tail). n is in bytes.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 262144 };
static _Alignas(4096) uint8_t target[MOST + 3 * MARGIN];
static uint8_t value[2] = {0x5B, 0x5B}; // for either offset

static uint64_t bytes(void *to, const void *from, size_t n) {
    uint8_t *out = to, byte = *(const uint8_t *)from;
    for (const uint8_t *end = out + n; out != end; out++)
        *out = byte;
    return 0;
}

static uint64_t words(void *to, const void *from, size_t n) {
    uint8_t *out = to;
    Word word = 0x0101010101010101 * (Word) * (const uint8_t *)from;
    if (((uintptr_t)out & 7) == 0) {
        for (; n >= 64; n -= 64, out += 64) {
            Word *b = (Word *)out;
            b[0] = word, b[1] = word, b[2] = word, b[3] = word, b[4] = word, b[5] = word, b[6] = word, b[7] = word;
        }
        for (; n >= 8; n -= 8, out += 8)
            *(Word *)out = word;
    }
    return bytes(out, from, n);
}

#define VECTORS(LMUL)                                                                                                          \
    static uint64_t by_##LMUL(void *to, const void *from, size_t n) {                                                          \
        uint8_t *out = to;                                                                                                     \
        const vuint8##LMUL##_t all = __riscv_vmv_v_x_u8##LMUL(*(const uint8_t *)from, __riscv_vsetvlmax_e8##LMUL());           \
        for (size_t vl; n > 0; n -= vl, out += vl) {                                                                           \
            vl = __riscv_vsetvl_e8##LMUL(n);                                                                                   \
            __riscv_vse8_v_u8##LMUL(out, all, vl);                                                                             \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }                                                                                                                          \
    static uint64_t tail_##LMUL(void *to, const void *from, size_t n) {                                                        \
        uint8_t *out = to;                                                                                                     \
        const size_t vl = __riscv_vsetvlmax_e8##LMUL();                                                                        \
        const vuint8##LMUL##_t all = __riscv_vmv_v_x_u8##LMUL(*(const uint8_t *)from, vl);                                     \
        for (; n >= vl; n -= vl, out += vl)                                                                                    \
            __riscv_vse8_v_u8##LMUL(out, all, vl);                                                                             \
        if (n > 0)                                                                                                             \
            __riscv_vse8_v_u8##LMUL(out, all, n);                                                                              \
        return 0;                                                                                                              \
    }
VECTORS(m1)
VECTORS(m2)
VECTORS(m4)
VECTORS(m8)

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)result;
    const uint8_t *out = to;
    // The first eight bytes, and then each word is like the one before.
    size_t count = wrong_margins(to, n) + different(out + 8, out, n - 8);
    for (size_t i = 0; i < 8; i++)
        count += out[i] != *(const uint8_t *)from;
    return count;
}

static const Variant variants[] = {
    {"bytes", bytes, NULL}, {"words", words, NULL},
    {"m1", by_m1, NULL}, {"m2", by_m2, NULL}, {"m4", by_m4, NULL}, {"m8", by_m8, NULL},
    {"m1-tail", tail_m1, NULL}, {"m2-tail", tail_m2, NULL}, {"m4-tail", tail_m4, NULL}, {"m8-tail", tail_m8, NULL},
    {0},
};

static const Family family = {
    .name = "memset", .to = target + MARGIN, .from = value, .element = 1, .sizes = {64, 256, 1024, 4096, 16384, MOST},
    .clear = clear_result, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) { return measure(&family, argc, argv); }
