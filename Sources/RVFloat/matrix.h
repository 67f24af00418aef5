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

ALWAYS size_t least(size_t a, size_t b) { return a < b ? a : b; }
ALWAYS size_t round_up(size_t x, size_t to) { return (x + to - 1) / to * to; }

/// Rows and columns of 16 × 16 words change places: element [i][j] of `from` (rows `stride` bytes apart) goes to [j][i] of `to`.
#define TRANSPOSE_STEP(s, low, high)                                                                                         \
    for (int i = 0; i < 16; i++) {                                                                                           \
        if (i & (s)) continue;                                                                                               \
        ints_s x = r[i], y = r[i | (s)];                                                                                     \
        r[i] = __builtin_shufflevector(x, y, low);                                                                           \
        r[i | (s)] = __builtin_shufflevector(x, y, high);                                                                    \
    }
#define WORDS(...) __VA_ARGS__
ALWAYS void transpose_words(int32_t *to, const void *from, size_t stride) {
    ints_s r[16];
    for (int i = 0; i < 16; i++) memcpy(&r[i], (const char *)from + (size_t)i * stride, 64);
    TRANSPOSE_STEP(1, WORDS(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
                   WORDS(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
    TRANSPOSE_STEP(2, WORDS(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
                   WORDS(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    TRANSPOSE_STEP(4, WORDS(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
                   WORDS(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    TRANSPOSE_STEP(8, WORDS(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
                   WORDS(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    for (int i = 0; i < 16; i++) memcpy(to + i * 16, &r[i], 64);
}

/// A number of one format in another that holds it exactly. NaNs keep their kind.
RVF_HIDDEN uint64_t rvf_matrix_widen(rvf_number from, rvf_number to, const void *elements, size_t index);
RVF_HIDDEN const rvf_format *rvf_matrix_format(rvf_number number);
/// Bytes of an element.
ALWAYS size_t bytes_of(rvf_number x) { return x <= RVF_E4M3 ? 1 : x <= RVF_BF16 ? 2 : x <= RVF_SINGLE ? 4 : 8; }

/// Element [i][j] of C, by the exact core; flags go to the host's.
RVF_HIDDEN uint64_t rvf_matrix_cell(const rvf_matmul *job, rvf_number source, rvf_number result, rvf_order order, unsigned rm, size_t i, size_t j);
