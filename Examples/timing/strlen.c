// strlen: by bytes, by words of 64 bits, and by vectors of each LMUL, which either load as far as memory goes (m1 to m8, fault-only-first
// loads of VLMAX bytes) or go to a multiple of VLMAX first and read whole groups from there, none of which crosses a page
// (m1-aligned to m8-aligned, ordinary loads). n is the length.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 262144, PAGE = 4096 };
static _Alignas(PAGE) uint8_t source[MOST + PAGE];

static uint64_t bytes(void *to, const void *from, size_t n) {
    (void)to, (void)n;
    const uint8_t *byte = from;
    while (*byte)
        byte++;
    return (uint64_t)(byte - (const uint8_t *)from);
}

// The lowest high bit that is set in (w - 0x01…) & ~w & 0x80… belongs to the first byte that is zero.
static uint64_t words(void *to, const void *from, size_t n) {
    (void)to, (void)n;
    const uint8_t *byte = from;
    for (; (uintptr_t)byte & 7; byte++)
        if (*byte == 0)
            return (uint64_t)(byte - (const uint8_t *)from);
    for (;; byte += 8) {
        Word word = *(const Word *)byte;
        if ((word - 0x0101010101010101) & ~word & 0x8080808080808080)
            break;
    }
    while (*byte)
        byte++;
    return (uint64_t)(byte - (const uint8_t *)from);
}

#define VECTORS(LMUL, RATIO)                                                                                                   \
    static uint64_t by_##LMUL(void *to, const void *from, size_t n) {                                                          \
        (void)to, (void)n;                                                                                                     \
        const uint8_t *byte = from;                                                                                            \
        for (size_t all = __riscv_vsetvlmax_e8##LMUL(), read;; byte += read) {                                                 \
            vuint8##LMUL##_t data = __riscv_vle8ff_v_u8##LMUL(byte, &read, all);                                               \
            long end = __riscv_vfirst_m_b##RATIO(__riscv_vmseq_vx_u8##LMUL##_b##RATIO(data, 0, read), read);                   \
            if (end >= 0)                                                                                                      \
                return (uint64_t)(byte + end - (const uint8_t *)from);                                                         \
        }                                                                                                                      \
    }                                                                                                                          \
    static uint64_t aligned_##LMUL(void *to, const void *from, size_t n) {                                                     \
        (void)to, (void)n;                                                                                                     \
        const uint8_t *byte = from;                                                                                            \
        const size_t all = __riscv_vsetvl_e8##LMUL(PAGE);                                                                      \
        for (size_t vl = all - ((uintptr_t)byte & (all - 1));; byte += vl, vl = all) {                                         \
            vuint8##LMUL##_t data = __riscv_vle8_v_u8##LMUL(byte, vl);                                                         \
            long end = __riscv_vfirst_m_b##RATIO(__riscv_vmseq_vx_u8##LMUL##_b##RATIO(data, 0, vl), vl);                       \
            if (end >= 0)                                                                                                      \
                return (uint64_t)(byte + end - (const uint8_t *)from);                                                         \
        }                                                                                                                      \
    }
VECTORS(m1, 8)
VECTORS(m2, 4)
VECTORS(m4, 2)
VECTORS(m8, 1)

static uint64_t expected;

// The string ends behind n bytes, and nowhere before.
static void reference(void *from, size_t n) {
    static uint8_t *end = source;
    const uint8_t *byte = from;
    *end = 'x';
    end = (uint8_t *)from + n;
    *end = 0;
    for (expected = 0; byte[expected];)
        expected++;
}

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)to, (void)from;
    return result != expected || result != n;
}

static const Variant variants[] = {
    {"bytes", bytes, NULL}, {"words", words, NULL},
    {"m1", by_m1, NULL}, {"m2", by_m2, NULL}, {"m4", by_m4, NULL}, {"m8", by_m8, NULL},
    {"m1-aligned", aligned_m1, NULL}, {"m2-aligned", aligned_m2, NULL}, {"m4-aligned", aligned_m4, NULL},
    {"m8-aligned", aligned_m8, NULL},
    {0},
};

static const Family family = {
    .name = "strlen", .from = source, .to = source, .element = 1, .sizes = {64, 256, 1024, 4096, 16384, MOST},
    .reference = reference, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 3);
    for (size_t i = 0; i < sizeof source; i++)
        source[i] |= 1;
    return measure(&family, argc, argv);
}
