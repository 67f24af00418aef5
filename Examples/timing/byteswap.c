// Elements of 32 bits with their bytes in reverse: scalar; by vrgather over bytes; by shifts and masks; by planes, one byte of each
// element at a time with strided loads and stores; by segment loads and stores with the four planes in reverse; and by one
// instruction where there is Zvbb (compile with zvbb in -march). n is in elements.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 65536 };
static _Alignas(4096) uint32_t source[MOST + MARGIN], target[MOST + MARGIN];
static _Alignas(4096) uint32_t expected[MOST];

static uint64_t scalar(void *to, const void *from, size_t n) {
    uint32_t *out = to;
    const uint32_t *in = from;
    for (const uint32_t *end = in + n; in != end; in++, out++)
        *out = __builtin_bswap32(*in);
    return 0;
}

// Indices are bytes: no more than 256 at a time.
#define GATHER(LMUL)                                                                                                           \
    static uint64_t gather_##LMUL(void *to, const void *from, size_t n) {                                                      \
        uint8_t *out = to;                                                                                                     \
        const uint8_t *in = from;                                                                                              \
        const size_t all = __riscv_vsetvl_e8##LMUL(256);                                                                       \
        const vuint8##LMUL##_t index = __riscv_vxor_vx_u8##LMUL(__riscv_vid_v_u8##LMUL(all), 3, all);                          \
        size_t rest = 4 * n;                                                                                                   \
        for (size_t vl; rest > 0; rest -= vl, in += vl, out += vl) {                                                           \
            vl = rest < all ? rest : all;                                                                                      \
            __riscv_vse8_v_u8##LMUL(out, __riscv_vrgather_vv_u8##LMUL(__riscv_vle8_v_u8##LMUL(in, vl), index, vl), vl);        \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
GATHER(m1)
GATHER(m2)
GATHER(m4)

#define SHIFTS(LMUL)                                                                                                           \
    static uint64_t shifts_##LMUL(void *to, const void *from, size_t n) {                                                      \
        uint32_t *out = to;                                                                                                    \
        const uint32_t *in = from;                                                                                             \
        for (size_t vl; n > 0; n -= vl, in += vl, out += vl) {                                                                 \
            vl = __riscv_vsetvl_e32##LMUL(n);                                                                                  \
            vuint32##LMUL##_t x = __riscv_vle32_v_u32##LMUL(in, vl);                                                           \
            vuint32##LMUL##_t outer = __riscv_vor(__riscv_vsll(x, 24, vl), __riscv_vsrl(x, 24, vl), vl);                       \
            vuint32##LMUL##_t third = __riscv_vsll(__riscv_vand(x, 0xFF00, vl), 8, vl);                                        \
            vuint32##LMUL##_t second = __riscv_vand(__riscv_vsrl(x, 8, vl), 0xFF00, vl);                                       \
            __riscv_vse32(out, __riscv_vor(outer, __riscv_vor(third, second, vl), vl), vl);                                    \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
SHIFTS(m1)
SHIFTS(m2)
SHIFTS(m4)

static uint64_t strided(void *to, const void *from, size_t n) {
    uint8_t *out = to;
    const uint8_t *in = from;
    for (size_t vl; n > 0; n -= vl, in += 4 * vl, out += 4 * vl) {
        vl = __riscv_vsetvl_e8m1(n);
        for (int plane = 0; plane < 4; plane++)
            __riscv_vsse8_v_u8m1(out + 3 - plane, 4, __riscv_vlse8_v_u8m1(in + plane, 4, vl), vl);
    }
    return 0;
}

#define SEGMENTS(LMUL)                                                                                                         \
    static uint64_t segments_##LMUL(void *to, const void *from, size_t n) {                                                    \
        uint8_t *out = to;                                                                                                     \
        const uint8_t *in = from;                                                                                              \
        for (size_t vl; n > 0; n -= vl, in += 4 * vl, out += 4 * vl) {                                                         \
            vl = __riscv_vsetvl_e8##LMUL(n);                                                                                   \
            vuint8##LMUL##x4_t x = __riscv_vlseg4e8_v_u8##LMUL##x4(in, vl);                                                    \
            __riscv_vsseg4e8(out, __riscv_vcreate_v_u8##LMUL##x4(__riscv_vget_u8##LMUL(x, 3), __riscv_vget_u8##LMUL(x, 2),     \
                                                                 __riscv_vget_u8##LMUL(x, 1), __riscv_vget_u8##LMUL(x, 0)),    \
                             vl);                                                                                              \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
SEGMENTS(m1)
SEGMENTS(m2)

#ifdef __riscv_zvbb
#define REVERSE(LMUL)                                                                                                          \
    static uint64_t rev8_##LMUL(void *to, const void *from, size_t n) {                                                        \
        uint32_t *out = to;                                                                                                    \
        const uint32_t *in = from;                                                                                             \
        for (size_t vl; n > 0; n -= vl, in += vl, out += vl) {                                                                 \
            vl = __riscv_vsetvl_e32##LMUL(n);                                                                                  \
            __riscv_vse32_v_u32##LMUL(out, __riscv_vrev8_v_u32##LMUL(__riscv_vle32_v_u32##LMUL(in, vl), vl), vl);              \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
REVERSE(m1)
REVERSE(m4)
REVERSE(m8)
#endif

static void reference(void *from, size_t n) {
    const uint32_t *in = from;
    for (size_t i = 0; i < n; i++)
        expected[i] = in[i] << 24 | (in[i] & 0xFF00) << 8 | (in[i] >> 8 & 0xFF00) | in[i] >> 24;
}

static void clear(void *to, size_t n) { clear_result(to, 4 * n); }

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)from, (void)result;
    return different(to, expected, 4 * n) + wrong_margins(to, 4 * n);
}

static const Variant variants[] = {
    {"scalar", scalar, NULL},
    {"gather-m1", gather_m1, NULL}, {"gather-m2", gather_m2, NULL}, {"gather-m4", gather_m4, NULL},
    {"shifts-m1", shifts_m1, NULL}, {"shifts-m2", shifts_m2, NULL}, {"shifts-m4", shifts_m4, NULL},
    {"strided-m1", strided, NULL}, {"segments-m1", segments_m1, NULL}, {"segments-m2", segments_m2, NULL},
#ifdef __riscv_zvbb
    {"rev8-m1", rev8_m1, NULL}, {"rev8-m4", rev8_m4, NULL}, {"rev8-m8", rev8_m8, NULL},
#endif
    {0},
};

// Both arrays count: 24 KiB at 3072.
static const Family family = {
    .name = "byteswap32", .to = target + MARGIN / 4, .from = source, .element = 4, .sizes = {64, 256, 1024, 3072, MOST},
    .reference = reference, .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 5);
    return measure(&family, argc, argv);
}
