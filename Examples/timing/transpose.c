// Transposition of a square matrix of 32-bit elements: scalar; row by row with strided stores; column by column with strided loads; eight
// columns by strided segment loads, or eight rows by strided segment stores; and blocks of 4 x 4 by merges and slides in registers.
// Rows are 16 elements longer than needed, so that columns do not meet in one set of a cache. n is in elements.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 256, PADDING = 16, LONGEST = MOST + PADDING, TOGETHER = 8 };
static _Alignas(4096) uint32_t source[MOST * LONGEST + MARGIN], target[MOST * LONGEST + MARGIN];

// out[j][i] = in[i][j] for rows and columns from (i, j) on.
static void elements(uint32_t *out, const uint32_t *in, size_t n, size_t i, size_t j) {
    const size_t pitch = n + PADDING;
    for (; i < n && j < n; i++)
        for (size_t k = j; k < n; k++)
            out[k * pitch + i] = in[i * pitch + k];
}

static uint64_t scalar(void *to, const void *from, size_t n) {
    elements(to, from, n, 0, 0);
    return 0;
}

static uint64_t strided_store(void *to, const void *from, size_t n) {
    const size_t pitch = n + PADDING;
    uint32_t *out = to;
    const uint32_t *in = from;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0, vl; j < n; j += vl) {
            vl = __riscv_vsetvl_e32m4(n - j);
            __riscv_vsse32_v_u32m4(out + j * pitch + i, (ptrdiff_t)(4 * pitch), __riscv_vle32_v_u32m4(in + i * pitch + j, vl), vl);
        }
    return 0;
}

static uint64_t strided_load(void *to, const void *from, size_t n) {
    const size_t pitch = n + PADDING;
    uint32_t *out = to;
    const uint32_t *in = from;
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0, vl; i < n; i += vl) {
            vl = __riscv_vsetvl_e32m4(n - i);
            __riscv_vse32_v_u32m4(out + j * pitch + i, __riscv_vlse32_v_u32m4(in + i * pitch + j, (ptrdiff_t)(4 * pitch), vl), vl);
        }
    return 0;
}

// Eight columns into eight registers, each then stored as (part of) a row.
static uint64_t segment_load(void *to, const void *from, size_t n) {
    const size_t pitch = n + PADDING, most = n / TOGETHER * TOGETHER;
    const uint32_t *in = from;
    for (size_t i = 0, vl; i < n; i += vl) {
        vl = __riscv_vsetvl_e32m1(n - i);
        for (size_t j = 0; j < most; j += TOGETHER) {
            vuint32m1x8_t block = __riscv_vlsseg8e32_v_u32m1x8(in + i * pitch + j, (ptrdiff_t)(4 * pitch), vl);
            uint32_t *out = (uint32_t *)to + j * pitch + i;
            __riscv_vse32(out, __riscv_vget_u32m1(block, 0), vl);
            __riscv_vse32(out + pitch, __riscv_vget_u32m1(block, 1), vl);
            __riscv_vse32(out + 2 * pitch, __riscv_vget_u32m1(block, 2), vl);
            __riscv_vse32(out + 3 * pitch, __riscv_vget_u32m1(block, 3), vl);
            __riscv_vse32(out + 4 * pitch, __riscv_vget_u32m1(block, 4), vl);
            __riscv_vse32(out + 5 * pitch, __riscv_vget_u32m1(block, 5), vl);
            __riscv_vse32(out + 6 * pitch, __riscv_vget_u32m1(block, 6), vl);
            __riscv_vse32(out + 7 * pitch, __riscv_vget_u32m1(block, 7), vl);
        }
    }
    elements(to, from, n, 0, most);
    return 0;
}

// Eight rows into eight registers, stored as eight columns.
static uint64_t segment_store(void *to, const void *from, size_t n) {
    const size_t pitch = n + PADDING, most = n / TOGETHER * TOGETHER;
    for (size_t i = 0; i < most; i += TOGETHER)
        for (size_t j = 0, vl; j < n; j += vl) {
            const uint32_t *in = (const uint32_t *)from + i * pitch + j;
            vl = __riscv_vsetvl_e32m1(n - j);
            vuint32m1x8_t block = __riscv_vcreate_v_u32m1x8(
                __riscv_vle32_v_u32m1(in, vl), __riscv_vle32_v_u32m1(in + pitch, vl), __riscv_vle32_v_u32m1(in + 2 * pitch, vl),
                __riscv_vle32_v_u32m1(in + 3 * pitch, vl), __riscv_vle32_v_u32m1(in + 4 * pitch, vl),
                __riscv_vle32_v_u32m1(in + 5 * pitch, vl), __riscv_vle32_v_u32m1(in + 6 * pitch, vl),
                __riscv_vle32_v_u32m1(in + 7 * pitch, vl));
            __riscv_vssseg8e32((uint32_t *)to + j * pitch + i, (ptrdiff_t)(4 * pitch), block, vl);
        }
    elements(to, from, n, most, 0);
    return 0;
}

// Exchanges the upper right and the lower left part of a pair of rows: `odd` are the lanes whose number has the bit `by`.
#define EXCHANGE(a, b, by, odd)                                                                                                \
    do {                                                                                                                       \
        vuint32m1_t moved = __riscv_vslidedown(a, by, 4);                                                                      \
        a = __riscv_vslideup_mu(odd, a, b, by, 4);                                                                             \
        b = __riscv_vmerge(moved, b, odd, 4);                                                                                  \
    } while (0)

// Whatever VLEN is, of each register only four elements are used.
static uint64_t blocks(void *to, const void *from, size_t n) {
    const size_t pitch = n + PADDING, most = n / 4 * 4;
    const vuint32m1_t lane = __riscv_vid_v_u32m1(4);
    const vbool32_t odd = __riscv_vmsne(__riscv_vand(lane, 1, 4), 0, 4), upper = __riscv_vmsgtu(lane, 1, 4);
    for (size_t i = 0; i < most; i += 4)
        for (size_t j = 0; j < most; j += 4) {
            const uint32_t *in = (const uint32_t *)from + i * pitch + j;
            uint32_t *out = (uint32_t *)to + j * pitch + i;
            vuint32m1_t a = __riscv_vle32_v_u32m1(in, 4), b = __riscv_vle32_v_u32m1(in + pitch, 4);
            vuint32m1_t c = __riscv_vle32_v_u32m1(in + 2 * pitch, 4), d = __riscv_vle32_v_u32m1(in + 3 * pitch, 4);
            EXCHANGE(a, b, 1, odd);
            EXCHANGE(c, d, 1, odd);
            EXCHANGE(a, c, 2, upper);
            EXCHANGE(b, d, 2, upper);
            __riscv_vse32(out, a, 4);
            __riscv_vse32(out + pitch, b, 4);
            __riscv_vse32(out + 2 * pitch, c, 4);
            __riscv_vse32(out + 3 * pitch, d, 4);
        }
    elements(to, from, n, 0, most);
    for (size_t i = most; i < n; i++)
        for (size_t j = 0; j < most; j++)
            ((uint32_t *)to)[j * pitch + i] = ((const uint32_t *)from)[i * pitch + j];
    return 0;
}

static void clear(void *to, size_t n) { clear_result(to, 4 * n * (n + PADDING)); }

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)result;
    const size_t pitch = n + PADDING;
    size_t count = wrong_margins(to, 4 * n * pitch);
    const uint32_t *out = to, *in = from;
    for (size_t j = 0; j < n; j++, out += pitch) {
        for (size_t i = 0; i < n; i++)
            count += out[i] != in[i * pitch + j];
        for (size_t i = n; i < pitch; i++)
            count += out[i] != 0x01010101U * MARGIN_BYTE;
    }
    return count;
}

static const Variant variants[] = {
    {"scalar", scalar, NULL}, {"strided-store", strided_store, NULL}, {"strided-load", strided_load, NULL},
    {"segment-load", segment_load, NULL}, {"segment-store", segment_store, NULL}, {"blocks", blocks, NULL},
    {0},
};

// Both matrices with the ends of their rows: 24 KiB for 48 x 48.
static const Family family = {
    .name = "transpose", .to = target + MARGIN / 4, .from = source, .element = 4, .square = true, .sizes = {8, 16, 32, 48, MOST},
    .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 8);
    return measure(&family, argc, argv);
}
