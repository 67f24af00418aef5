#pragma once

// What the files of matrix multiplication share: transposition of packed rows, exact conversions to wider formats, the scratch.

#include "RVFloatMatrix.h"
#include "vector.h"

/// Columns of C that are done at a time.
enum { BLOCK = 16 };

/// Room to work in: A widened, B widened and packed for a block of columns.
typedef struct matrix_scratch {
    void *a, *rows, *packed;
} matrix_scratch;

RVF_HIDDEN matrix_scratch rvf_matrix_scratch(const rvf_matmul *job, size_t a_bytes, size_t row_bytes);

/// Sums stay in registers only if the loops over rows are gone.
#define UNROLL _Pragma("clang loop unroll(full)")

ALWAYS size_t least(size_t a, size_t b) { return a < b ? a : b; }
ALWAYS size_t round_up(size_t x, size_t to) { return (x + to - 1) / to * to; }

/// Rows and columns of 16 × 16 words change places: element [i][j] of `from` (rows `stride` bytes apart) goes to [j][i] of `to`. By squares of as
/// many words as a register of the host has, so that all of a square's rows lie in registers.
#define TRANSPOSE_STEP(count, s, low, high)                                                                                  \
    for (int i = 0; i < (count); i++) {                                                                                      \
        if (i & (s)) continue;                                                                                               \
        __typeof__(r[0]) x = r[i], y = r[i | (s)];                                                                           \
        r[i] = __builtin_shufflevector(x, y, low);                                                                           \
        r[i | (s)] = __builtin_shufflevector(x, y, high);                                                                    \
    }
#define WORDS(...) __VA_ARGS__
ALWAYS void transpose_by_16(int32_t *to, const void *from, size_t stride) {
    ints_s r[16];
    for (int i = 0; i < 16; i++) memcpy(&r[i], (const char *)from + (size_t)i * stride, 64);
    TRANSPOSE_STEP(16, 1, WORDS(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
                   WORDS(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
    TRANSPOSE_STEP(16, 2, WORDS(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
                   WORDS(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    TRANSPOSE_STEP(16, 4, WORDS(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
                   WORDS(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    TRANSPOSE_STEP(16, 8, WORDS(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
                   WORDS(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    for (int i = 0; i < 16; i++) memcpy(to + i * 16, &r[i], 64);
}
typedef int32_t eight_words __attribute__((vector_size(32)));
ALWAYS void transpose_by_8(int32_t *to, const void *from, size_t stride) {
    for (int square = 0; square < 4; square++) {
        const char *rows = (const char *)from + (size_t)(square & 1) * 8 * stride + (square & 2) * 16;
        eight_words r[8];
        for (int i = 0; i < 8; i++) memcpy(&r[i], rows + (size_t)i * stride, 32);
        TRANSPOSE_STEP(8, 1, WORDS(0, 8, 2, 10, 4, 12, 6, 14), WORDS(1, 9, 3, 11, 5, 13, 7, 15))
        TRANSPOSE_STEP(8, 2, WORDS(0, 1, 8, 9, 4, 5, 12, 13), WORDS(2, 3, 10, 11, 6, 7, 14, 15))
        TRANSPOSE_STEP(8, 4, WORDS(0, 1, 2, 3, 8, 9, 10, 11), WORDS(4, 5, 6, 7, 12, 13, 14, 15))
        for (int i = 0; i < 8; i++) memcpy(to + ((square & 2) * 4 + i) * 16 + (square & 1) * 8, &r[i], 32);
    }
}
/// With the widest registers that the host has.
RVF_HIDDEN void rvf_transpose_words(int32_t *to, const void *from, size_t stride);

/// A number of one format in another that holds it exactly. NaNs keep their kind.
RVF_HIDDEN uint64_t rvf_matrix_widen(rvf_number from, rvf_number to, const void *elements, size_t index);
RVF_HIDDEN const rvf_format *rvf_matrix_format(rvf_number number);
/// Bytes of an element.
ALWAYS size_t bytes_of(rvf_number x) { return x <= RVF_E4M3 ? 1 : x <= RVF_BF16 ? 2 : x <= RVF_SINGLE ? 4 : 8; }

/// Element [i][j] of C, by the exact core; flags go to the host's.
RVF_HIDDEN uint64_t rvf_matrix_cell(const rvf_matmul *job, rvf_number source, rvf_number result, rvf_order order, unsigned rm, size_t i, size_t j);
