// How many characters are in a text in UTF-8: the bytes that do not continue one (10xxxxxx), which as signed numbers are above -65. By
// bytes; by vectors of each LMUL that count the bits of a mask for each group (m1 to m8, vcpop.m); and by vectors that add under the
// mask, to one counter of 8 bits a lane, and add the counters before one may overflow (m1-lanes to m8-lanes). n is in bytes.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 262144, LAST_CONTINUATION = -65 };
static _Alignas(4096) int8_t source[MOST + MARGIN];
static uint64_t expected;

static uint64_t bytes(void *to, const void *from, size_t n) {
    (void)to;
    const int8_t *in = from;
    uint64_t count = 0;
    while (n--)
        count += *in++ > LAST_CONTINUATION;
    return count;
}

// A sum of 16 bits over all lanes bounds the turns between two sums, too: for each LMUL up to VLEN 32768.
#define VECTORS(LMUL, RATIO)                                                                                                   \
    static uint64_t by_##LMUL(void *to, const void *from, size_t n) {                                                          \
        (void)to;                                                                                                              \
        const int8_t *in = from;                                                                                               \
        uint64_t count = 0;                                                                                                    \
        for (size_t vl; n > 0; n -= vl, in += vl) {                                                                            \
            vl = __riscv_vsetvl_e8##LMUL(n);                                                                                   \
            vint8##LMUL##_t data = __riscv_vle8_v_i8##LMUL(in, vl);                                                            \
            count += __riscv_vcpop_m_b##RATIO(__riscv_vmsgt_vx_i8##LMUL##_b##RATIO(data, LAST_CONTINUATION, vl), vl);          \
        }                                                                                                                      \
        return count;                                                                                                          \
    }                                                                                                                          \
    static uint64_t lanes_##LMUL(void *to, const void *from, size_t n) {                                                       \
        const int8_t *in = from;                                                                                               \
        const size_t all = __riscv_vsetvlmax_e8##LMUL(), most = 65535 / all < 255 ? 65535 / all : 255;                         \
        uint64_t count = 0;                                                                                                    \
        while (n >= all) {                                                                                                     \
            vuint8##LMUL##_t lanes = __riscv_vmv_v_x_u8##LMUL(0, all);                                                         \
            for (size_t turn = 0; turn < most && n >= all; turn++, n -= all, in += all) {                                      \
                vint8##LMUL##_t data = __riscv_vle8_v_i8##LMUL(in, all);                                                       \
                vbool##RATIO##_t begins = __riscv_vmsgt_vx_i8##LMUL##_b##RATIO(data, LAST_CONTINUATION, all);                  \
                lanes = __riscv_vadd_vx_u8##LMUL##_mu(begins, lanes, lanes, 1, all);                                           \
            }                                                                                                                  \
            vuint16m1_t sum = __riscv_vwredsumu_vs_u8##LMUL##_u16m1(lanes, __riscv_vmv_v_x_u16m1(0, 1), all);                  \
            count += __riscv_vmv_x_s_u16m1_u16(sum);                                                                           \
        }                                                                                                                      \
        return count + by_##LMUL(to, in, n);                                                                                   \
    }
VECTORS(m1, 8)
VECTORS(m2, 4)
VECTORS(m4, 2)
VECTORS(m8, 1)

static void reference(void *from, size_t n) {
    const uint8_t *in = from;
    expected = 0;
    for (size_t i = 0; i < n; i++)
        expected += (in[i] & 0xC0) != 0x80;
}

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)to, (void)from, (void)n;
    return result != expected;
}

static const Variant variants[] = {
    {"bytes", bytes, NULL},
    {"m1", by_m1, NULL}, {"m2", by_m2, NULL}, {"m4", by_m4, NULL}, {"m8", by_m8, NULL},
    {"m1-lanes", lanes_m1, NULL}, {"m2-lanes", lanes_m2, NULL}, {"m4-lanes", lanes_m4, NULL}, {"m8-lanes", lanes_m8, NULL},
    {0},
};

static const Family family = {
    .name = "utf8", .from = source, .to = source, .element = 1, .sizes = {64, 256, 1024, 4096, 16384, MOST},
    .reference = reference, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 4);
    return measure(&family, argc, argv);
}
