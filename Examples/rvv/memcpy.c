// memcpy with LMUL = 8: whole groups of bytes, the last one as short as it has to be. Exact.
#include "kernel.h"
#include <riscv_vector.h>
#include <stdio.h>

#ifndef BYTES
#define BYTES 8209
#endif
enum { MARGIN = 64 };

void *rvv_memcpy(void *restrict to, const void *restrict from, size_t count) {
    uint8_t *out = to;
    const uint8_t *in = from;
    for (size_t vl; count > 0; count -= vl, in += vl, out += vl) {
        vl = __riscv_vsetvl_e8m8(count);
        __riscv_vse8_v_u8m8(out, __riscv_vle8_v_u8m8(in, vl), vl);
    }
    return to;
}

static uint8_t source[BYTES + MARGIN], target[BYTES + 2 * MARGIN];

static void fill(void) {
    uint64_t seed = 9;
    for (size_t i = 0; i < sizeof source; i++)
        source[i] = (uint8_t)random_bits(&seed);
    for (size_t i = 0; i < sizeof target; i++)
        target[i] = 0xAA;
}

static void work(void) { rvv_memcpy(target + MARGIN, source, BYTES); }

static uint64_t result(void) { return checksum(CHECKSUM_START, target, sizeof target); }

// Copies, compares byte by byte, and looks at the bytes before and behind. Restores the target.
static int wrong_copy(size_t from, size_t to, size_t count) {
    uint8_t *out = target + MARGIN + to;
    int wrong = rvv_memcpy(out, source + from, count) != out;
    for (size_t i = 0; i < MARGIN; i++)
        wrong += out[-1 - (ptrdiff_t)i] != 0xAA || (to + count + i < BYTES + MARGIN && out[count + i] != 0xAA);
    for (size_t i = 0; i < count; i++) {
        wrong += out[i] != source[from + i];
        out[i] = 0xAA;
    }
    return wrong != 0;
}

int main(void) {
    fill();
    int copies = 0, wrong = 0;
    for (size_t count = 0; count <= 70; count++) {
        wrong += wrong_copy(count % 17, count % 13, count);
        copies++;
    }
    for (size_t from = 0; from < 8; from++)
        for (size_t to = 0; to < 8; to++) {
            wrong += wrong_copy(from, to, 120 + from * to);
            copies++;
        }
    // Lengths below and above a group of eight registers, whatever VLEN is up to 4096 (4 KiB a group).
    for (size_t count = 128; count <= BYTES; count = count * 2 + 1) {
        wrong += wrong_copy(3, 5, count);
        copies++;
    }
    repeat(work);
    for (size_t i = 0; i < BYTES; i++)
        wrong += target[MARGIN + i] != source[i];
    printf("rvv memcpy %d copies and %d bytes: %d wrong, checksum %016lx: %s\n", copies, BYTES, wrong, (unsigned long)result(),
           wrong ? "WRONG" : "ok");
    return wrong ? 1 : 0;
}
