// Multiplications of whole tiles, as many as the second argument says, in the form that the first one names; data that round.
#include "../../../Examples/include/rvm.h"
#include "../../../Examples/rvv/kernel.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPEAT_FORM(instruction, bits)                                                                                             \
    if (strcmp(form, #instruction) == 0) {                                                                                         \
        rvm_msettilek(row * 8 / (bits));                                                                                           \
        for (long i = 0; i < count; i += 4) {                                                                                      \
            rvm_##instruction(rvm_acc0, rvm_tr2, rvm_tr0);                                                                         \
            rvm_##instruction(rvm_acc1, rvm_tr3, rvm_tr0);                                                                         \
            rvm_##instruction(rvm_acc2, rvm_tr2, rvm_tr1);                                                                         \
            rvm_##instruction(rvm_acc3, rvm_tr3, rvm_tr1);                                                                         \
        }                                                                                                                          \
        width = bits;                                                                                                              \
    }

static uint8_t data[1 << 16];

int main(int argc, char **argv) {
    const char *form = argc > 1 ? argv[1] : "";
    const long count = argc > 2 ? atol(argv[2]) : 0;
    const size_t row = rvm_read(rvm_xtrlenb), rows = rvm_read(rvm_xtlenb) / row;
    // Numbers in [-1, 1) of the form's format, or any integers.
    uint64_t seed = 21;
    const int is_half = strstr(form, "_h") != NULL, is_bfloat = strstr(form, "_bf16") != NULL && strstr(form, "_e") == NULL;
    for (size_t i = 0; i < sizeof data; i += 4) {
        float x = random_value(&seed);
        uint32_t bits;
        memcpy(&bits, &x, 4);
        if (is_bfloat || strstr(form, "_e"))
            bits = strstr(form, "_e") ? random_bits(&seed) & 0xb7b7b7b7 : (bits >> 16) * 0x10001u;
        else if (is_half && strstr(form, "_e") == NULL)
            bits = (0x3000 | (random_bits(&seed) & 0x8bff)) * 0x10001u;
        else if (strstr(form, "mmacc"))
            bits = random_bits(&seed);
        memcpy(data + i, &bits, 4);
    }
    rvm_mlme8(rvm_tr0, data);
    rvm_mlme8(rvm_tr1, data + rows * row);
    rvm_mlme8(rvm_tr2, data + 2 * rows * row);
    rvm_mlme8(rvm_tr3, data + 3 * rows * row);
    rvm_mzero4r(rvm_acc0);
    rvm_msettilem(rows);
    rvm_msettilen(rows);
    int width = 0;
    REPEAT_FORM(mmacc_w_b, 8)
    REPEAT_FORM(mfmacc_s, 32)
    REPEAT_FORM(mfmacc_s_h, 16)
    REPEAT_FORM(mfmacc_s_bf16, 16)
    REPEAT_FORM(mfmacc_s_tf32, 32)
    REPEAT_FORM(mfmacc_s_e4, 8)
    REPEAT_FORM(mfmacc_s_e5, 8)
    REPEAT_FORM(mfmacc_h, 16)
    REPEAT_FORM(mfmacc_h_e4, 8)
    REPEAT_FORM(mfmacc_bf16_e4, 8)
    if (width == 0)
        return 1;
    printf("%lu\n", (unsigned long)(rows * rows * (row * 8 / (size_t)width)));
    return 0;
}
