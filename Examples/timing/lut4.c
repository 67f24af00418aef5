// A table of 16 bytes, looked up by the low four bits of each byte: scalar; by vrgather.vv at each LMUL, whose table is a whole group;
// by vrgather.vv of single registers between loads and stores of groups (m4-parts, m8-parts); and by indexed loads. n is in bytes.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 262144 };
static _Alignas(4096) uint8_t source[MOST + MARGIN], target[MOST + 3 * MARGIN];
static _Alignas(4096) uint8_t expected[MOST];
// As long as the longest register that is supported (VLEN 65536), so that whole ones may be loaded.
static _Alignas(64) uint8_t table[8192] = {0x9E, 0x37, 0x79, 0xB9, 0x7F, 0x4A, 0x7C, 0x15, 0xF3, 0x9C, 0xC0, 0x60, 0x5C, 0xED, 0xC8, 0x34};

static uint64_t scalar(void *to, const void *from, size_t n) {
    uint8_t *out = to;
    const uint8_t *in = from;
    for (const uint8_t *end = in + n; in != end; in++, out++)
        *out = table[*in & 15];
    return 0;
}

// VLEN is at least 128: the table fits in one register.
#define GATHER(LMUL)                                                                                                           \
    static uint64_t gather_##LMUL(void *to, const void *from, size_t n) {                                                      \
        uint8_t *out = to;                                                                                                     \
        const uint8_t *in = from;                                                                                              \
        const vuint8##LMUL##_t values = __riscv_vle8_v_u8##LMUL(table, 16);                                                    \
        for (size_t vl; n > 0; n -= vl, in += vl, out += vl) {                                                                 \
            vl = __riscv_vsetvl_e8##LMUL(n);                                                                                   \
            vuint8##LMUL##_t index = __riscv_vand_vx_u8##LMUL(__riscv_vle8_v_u8##LMUL(in, vl), 15, vl);                        \
            __riscv_vse8_v_u8##LMUL(out, __riscv_vrgather_vv_u8##LMUL(values, index, vl), vl);                                 \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
GATHER(m1)
GATHER(m2)
GATHER(m4)
GATHER(m8)

// The registers of a group, one by one.
#define PART(LMUL, I) __riscv_vrgather_vv_u8m1(values, __riscv_vget_v_u8##LMUL##_u8m1(index, I), part)
#define PARTS_m4 PART(m4, 0), PART(m4, 1), PART(m4, 2), PART(m4, 3)
#define PARTS_m8 PART(m8, 0), PART(m8, 1), PART(m8, 2), PART(m8, 3), PART(m8, 4), PART(m8, 5), PART(m8, 6), PART(m8, 7)
#define PARTS(LMUL)                                                                                                            \
    static uint64_t parts_##LMUL(void *to, const void *from, size_t n) {                                                       \
        uint8_t *out = to;                                                                                                     \
        const uint8_t *in = from;                                                                                              \
        const size_t part = __riscv_vsetvlmax_e8m1();                                                                          \
        const vuint8m1_t values = __riscv_vle8_v_u8m1(table, part);                                                            \
        for (size_t vl; n > 0; n -= vl, in += vl, out += vl) {                                                                 \
            vl = __riscv_vsetvl_e8##LMUL(n);                                                                                   \
            vuint8##LMUL##_t index = __riscv_vand_vx_u8##LMUL(__riscv_vle8_v_u8##LMUL(in, vl), 15, vl);                        \
            __riscv_vse8_v_u8##LMUL(out, __riscv_vcreate_v_u8m1_u8##LMUL(PARTS_##LMUL), vl);                                   \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
PARTS(m4)
PARTS(m8)

#define INDEXED(LMUL)                                                                                                          \
    static uint64_t indexed_##LMUL(void *to, const void *from, size_t n) {                                                     \
        uint8_t *out = to;                                                                                                     \
        const uint8_t *in = from;                                                                                              \
        for (size_t vl; n > 0; n -= vl, in += vl, out += vl) {                                                                 \
            vl = __riscv_vsetvl_e8##LMUL(n);                                                                                   \
            vuint8##LMUL##_t index = __riscv_vand_vx_u8##LMUL(__riscv_vle8_v_u8##LMUL(in, vl), 15, vl);                        \
            __riscv_vse8_v_u8##LMUL(out, __riscv_vluxei8_v_u8##LMUL(table, index, vl), vl);                                    \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
INDEXED(m1)
INDEXED(m4)

static void reference(void *from, size_t n) {
    const uint8_t *in = from;
    for (size_t i = 0; i < n; i++)
        expected[i] = table[in[i] % 16];
}

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)from, (void)result;
    return different(to, expected, n) + wrong_margins(to, n);
}

static const Variant variants[] = {
    {"scalar", scalar, NULL},
    {"gather-m1", gather_m1, NULL}, {"gather-m2", gather_m2, NULL}, {"gather-m4", gather_m4, NULL}, {"gather-m8", gather_m8, NULL},
    {"m4-parts", parts_m4, NULL}, {"m8-parts", parts_m8, NULL},
    {"indexed-m1", indexed_m1, NULL}, {"indexed-m4", indexed_m4, NULL},
    {0},
};

// Both arrays count: 24 KiB at 12288.
static const Family family = {
    .name = "lut4", .to = target + MARGIN, .from = source, .element = 1, .sizes = {64, 256, 1024, 4096, 12288, MOST},
    .reference = reference, .clear = clear_result, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 6);
    return measure(&family, argc, argv);
}
