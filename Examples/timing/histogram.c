// How often each byte occurs: scalar with one table; with four tables, so that two equal neighbours do not wait for each other; the same
// by words of 64 bits; and by vectors with a table for each lane (4 or 8), so that no two lanes meet: indexed load, add, indexed store.
// Clearing and adding up the tables belongs to the time. n is in bytes.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 262144, VALUES = 256, BYTES = VALUES * sizeof(uint32_t), LANES = 8 };
static _Alignas(4096) uint8_t source[MOST + MARGIN];
static _Alignas(64) uint8_t target[BYTES + 3 * MARGIN];
static _Alignas(4096) uint32_t tables[LANES * VALUES];
static uint32_t expected[VALUES];

static void clear_tables(size_t count) {
    uint32_t *entry = tables;
    for (size_t rest = count * VALUES, vl; rest > 0; rest -= vl, entry += vl) {
        vl = __riscv_vsetvl_e32m8(rest);
        __riscv_vse32_v_u32m8(entry, __riscv_vmv_v_x_u32m8(0, vl), vl);
    }
}

static void add_tables(uint32_t *out, size_t count) {
    for (size_t i = 0, vl; i < VALUES; i += vl) {
        vl = __riscv_vsetvl_e32m4(VALUES - i);
        vuint32m4_t sum = __riscv_vle32_v_u32m4(tables + i, vl);
        for (size_t table = 1; table < count; table++)
            sum = __riscv_vadd_vv_u32m4(sum, __riscv_vle32_v_u32m4(tables + table * VALUES + i, vl), vl);
        __riscv_vse32_v_u32m4(out + i, sum, vl);
    }
}

static uint64_t scalar(void *to, const void *from, size_t n) {
    uint32_t *count = to;
    const uint8_t *in = from;
    for (size_t i = 0; i < VALUES; i++)
        count[i] = 0;
    while (n--)
        count[*in++]++;
    return 0;
}

static uint64_t four_tables(void *to, const void *from, size_t n) {
    const uint8_t *in = from;
    clear_tables(4);
    for (; n >= 4; n -= 4, in += 4) {
        uint8_t a = in[0], b = in[1], c = in[2], d = in[3];
        tables[a]++;
        tables[b + VALUES]++;
        tables[c + 2 * VALUES]++;
        tables[d + 3 * VALUES]++;
    }
    while (n--)
        tables[*in++]++;
    add_tables(to, 4);
    return 0;
}

static uint64_t four_tables_words(void *to, const void *from, size_t n) {
    const uint8_t *in = from;
    clear_tables(4);
    for (; n > 0 && ((uintptr_t)in & 7); n--)
        tables[*in++]++;
    for (; n >= 8; n -= 8, in += 8) {
        Word word = *(const Word *)in;
        for (int i = 0; i < 8; i++, word >>= 8)
            tables[(word & 255) + (size_t)(i % 4 * VALUES)]++;
    }
    while (n--)
        tables[*in++]++;
    add_tables(to, 4);
    return 0;
}

// Lane i has entries i · 256 on. Which byte a lane gets does not matter.
static inline __attribute__((always_inline)) uint64_t by_lanes(uint32_t *to, const uint8_t *in, size_t n, size_t lanes) {
    clear_tables(lanes);
    const size_t all = __riscv_vsetvl_e32m2(lanes);
    const vuint32m2_t own = __riscv_vsll_vx_u32m2(__riscv_vid_v_u32m2(all), 10, all);
    for (size_t vl; n > 0; n -= vl, in += vl) {
        vl = n < all ? n : all;
        vuint32m2_t byte = __riscv_vzext_vf4_u32m2(__riscv_vle8_v_u8mf2(in, vl), vl);
        vuint32m2_t entry = __riscv_vadd_vv_u32m2(__riscv_vsll_vx_u32m2(byte, 2, vl), own, vl);
        vuint32m2_t count = __riscv_vluxei32_v_u32m2(tables, entry, vl);
        __riscv_vsuxei32_v_u32m2(tables, entry, __riscv_vadd_vx_u32m2(count, 1, vl), vl);
    }
    add_tables(to, lanes);
    return 0;
}

static uint64_t lanes_4(void *to, const void *from, size_t n) { return by_lanes(to, from, n, 4); }
static uint64_t lanes_8(void *to, const void *from, size_t n) { return by_lanes(to, from, n, 8); }

static void reference(void *from, size_t n) {
    const uint8_t *in = from;
    memset(expected, 0, sizeof expected);
    for (size_t i = 0; i < n; i++)
        expected[in[i]]++;
}

static void clear(void *to, size_t n) {
    (void)n;
    clear_result(to, BYTES);
}

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)from, (void)n, (void)result;
    return different(to, expected, BYTES) + wrong_margins(to, BYTES);
}

static const Variant variants[] = {
    {"scalar", scalar, NULL}, {"4-tables", four_tables, NULL}, {"4-tables-words", four_tables_words, NULL},
    {"4-lanes", lanes_4, NULL}, {"8-lanes", lanes_8, NULL},
    {0},
};

static const Family family = {
    .name = "histogram", .to = target + MARGIN, .from = source, .element = 4, .sizes = {64, 256, 1024, 4096, 16384, MOST},
    .reference = reference, .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 7);
    return measure(&family, argc, argv);
}
