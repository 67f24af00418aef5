// Matrix multiplication in floating point. A row of A's elements, widened, goes spread over the lanes against 16 rows of B side by side: each
// lane is an element of C and does what the exact core would do, step by step. What a lane cannot do exactly (a NaN, bfloat16 among
// subnormals) is done again by the core, by rows of a block. Lanes beyond the edge repeat the first: they raise nothing of their own.

#include "matrix.h"

typedef struct float_job {
    const rvf_matmul *all;
    rvf_number source, result;
    rvf_order order;
    unsigned rm;
    matrix_scratch room;
    const void *a;      ///< A's elements, widened
    size_t a_stride;    ///< elements from row to row
} float_job;

static void store_cell(const float_job *job, size_t i, size_t j, uint64_t bits) {
    size_t size = bytes_of(job->result);
    memcpy((char *)job->all->c + i * job->all->c_stride + j * size, &bits, size);
}

/// Elements of row i, from column j on, by the exact core.
static __attribute__((noinline, cold)) void redo(const float_job *job, size_t i, size_t j, size_t lanes) {
    for (size_t lane = 0; lane < lanes; lane++) {
        store_cell(job, i, j + lane, rvf_matrix_cell(job->all, job->source, job->result, job->order, job->rm, i, j + lane));
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

// ---------------------------------------------------------------------------------------------------------------------
// Widening to singles (doubles where C has them, or has halves) and packing

static float singles_of_e5m2[256], singles_of_e4m3[256];
static __attribute__((constructor)) void make_tables(void) {
    for (unsigned i = 0; i < 256; i++) {
        uint8_t byte = (uint8_t)i;
        uint32_t s = (uint32_t)rvf_matrix_widen(RVF_E5M2, RVF_SINGLE, &byte, 0);
        memcpy(singles_of_e5m2 + i, &s, 4);
        s = (uint32_t)rvf_matrix_widen(RVF_E4M3, RVF_SINGLE, &byte, 0);
        memcpy(singles_of_e4m3 + i, &s, 4);
    }
}

/// Singles move as words, so that signalling NaNs stay what they are until they are computed with.
#define WIDE __attribute__((target("avx2,fma,f16c")))
WIDE static void widen_row(uint32_t *to, rvf_number from, const void *row, size_t k) {
    const uint8_t *bytes = row;
    switch (from) {
    case RVF_E5M2: for (size_t i = 0; i < k; i++) memcpy(to + i, singles_of_e5m2 + bytes[i], 4); break;
    case RVF_E4M3: for (size_t i = 0; i < k; i++) memcpy(to + i, singles_of_e4m3 + bytes[i], 4); break;
    case RVF_HALF: {
        size_t i = 0;
        // A signalling NaN raises NV here instead of in the step that it goes into.
        for (; i + 8 <= k; i += 8) _mm256_storeu_ps((float *)(to + i), _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(bytes + 2 * i))));
        for (; i < k; i++) to[i] = (uint32_t)rvf_matrix_widen(from, RVF_SINGLE, row, i);
        break;
    }
    case RVF_BF16:
        for (size_t i = 0; i < k; i++) {
            uint16_t h;
            memcpy(&h, bytes + 2 * i, 2);
            to[i] = (uint32_t)h << 16;
        }
        break;
    case RVF_TF32:
        // As rvf_matrix_widen does, many at a time.
        for (size_t i = 0; i < k; i++) {
            uint32_t word;
            memcpy(&word, bytes + 4 * i, 4);
            to[i] = (word & 0x7fffffff) > 0x7f800000 ? word : word & ~(uint32_t)0x1fff;
        }
        break;
    default: memcpy(to, row, k * 4);
    }
}

WIDE static void widen_row_d(uint64_t *to, rvf_number from, const void *row, size_t k) {
    for (size_t i = 0; i < k; i++) to[i] = rvf_matrix_widen(from, RVF_DOUBLE, row, i);
}

static void widen_a(float_job *job, bool doubles) {
    const size_t stride = job->all->k;
    if (job->source == (doubles ? RVF_DOUBLE : RVF_SINGLE)) {
        job->a = job->all->a, job->a_stride = job->all->a_stride / (doubles ? 8 : 4);
        return;
    }
    job->a = job->room.a, job->a_stride = stride;
    for (size_t i = 0; i < job->all->m; i++) {
        const char *row = (const char *)job->all->a + i * job->all->a_stride;
        if (doubles) widen_row_d((uint64_t *)job->room.a + i * stride, job->source, row, job->all->k);
        else widen_row((uint32_t *)job->room.a + i * stride, job->source, row, job->all->k);
    }
}

/// Element [k][lane] of the packed block is element k of B's row j + lane; lanes beyond the last row repeat row j.
static void pack(const float_job *job, size_t j, size_t lanes, bool doubles) {
    const rvf_matmul *all = job->all;
    size_t stride = round_up(all->k, 16);
    if (doubles) {
        for (size_t lane = 0; lane < BLOCK; lane++) {
            uint64_t *row = (uint64_t *)job->room.rows, *packed = job->room.packed;
            widen_row_d(row, job->source, (const char *)all->b + (j + (lane < lanes ? lane : 0)) * all->b_stride, all->k);
            for (size_t k = 0; k < all->k; k++) packed[k * BLOCK + lane] = row[k];
        }
        return;
    }
    const char *rows = (const char *)all->b + j * all->b_stride;
    size_t bytes = all->b_stride;
    if (job->source != RVF_SINGLE || lanes < BLOCK || all->k % 16) {
        for (size_t lane = 0; lane < BLOCK; lane++) {
            widen_row((uint32_t *)job->room.rows + lane * stride, job->source, rows + (lane < lanes ? lane : 0) * all->b_stride, all->k);
        }
        rows = job->room.rows, bytes = stride * 4;
    }
    for (size_t k = 0; k < all->k; k += 16) {
        rvf_transpose_words((int32_t *)job->room.packed + k * BLOCK, rows + k * 4, bytes);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Steps in C's own format: single, double

/// C's elements from column j on, the first once more for lanes beyond the edge.
#define LOAD_C(f, int_t)                                                                                                     \
    ALWAYS block_##f load_c_##f(const void *from, size_t lanes) {                                                            \
        if (lanes >= LANES_##f) return load_##f(from);                                                                       \
        int_t r[LANES_##f];                                                                                                  \
        for (size_t lane = 0; lane < LANES_##f; lane++) memcpy(r + lane, (const char *)from + (lane < lanes ? lane : 0) * sizeof(int_t), sizeof(int_t)); \
        return load_##f(r);                                                                                                  \
    }
LOAD_C(s, int32_t)
LOAD_C(d, int64_t)

/// As many rows at a time as sums fit into the host's registers.
enum { ROWS_512 = 8, ROWS_256 = 4 };

/// Rows of a block; more of them repeat the last.
#define NATIVE(f, real, int_t)                                                                                               \
    ALWAYS void f##_block_body(const float_job *job, size_t j, size_t lanes, size_t part, const int ROWS) {                   \
        const rvf_matmul *all = job->all;                                                                                    \
        const size_t k_count = all->k, stride = job->a_stride;                                                                    \
        for (size_t i = 0; i < all->m; i += ROWS) {                                                                          \
            const int_t *a[ROWS_512];                                                                                            \
            char *c[ROWS_512];                                                                                               \
            block_##f sum[ROWS_512];                                                                                             \
            UNROLL for (int r = 0; r < ROWS; r++) {                                                                         \
                size_t row = least(i + (size_t)r, all->m - 1);                                                               \
                a[r] = (const int_t *)job->a + row * stride;                                                                 \
                c[r] = (char *)all->c + row * all->c_stride + (j + part) * sizeof(int_t);                                    \
                sum[r] = job->order == RVF_CHAIN_FROM_C ? load_c_##f(c[r], lanes) : (block_##f){};                           \
            }                                                                                                                \
            const int_t *packed = (const int_t *)job->room.packed + part;                                                    \
            for (size_t k = 0; k < k_count; k++, packed += BLOCK) {                                                          \
                block_##f y = load_##f(packed);                                                                              \
                UNROLL for (int r = 0; r < ROWS; r++) sum[r] = __builtin_elementwise_fma(splat_##f(a[r] + k), y, sum[r]);   \
            }                                                                                                                \
            for (size_t r = 0; r < (size_t)ROWS && i + r < all->m; r++) {                                                    \
                block_##f value = sum[r];                                                                                    \
                if (job->order == RVF_DOT_THEN_ADD) value = value + load_c_##f(c[r], lanes);                                 \
                if (RVF_RARE(redo_##f(value))) redo(job, i + r, j + part, least(lanes, LANES_##f));                          \
                else if (lanes >= LANES_##f) memcpy(c[r], &value, sizeof value);                                             \
                else memcpy(c[r], &value, lanes * sizeof(int_t));                                                            \
            }                                                                                                                \
        }                                                                                                                    \
    }                                                                                                                        \
    __attribute__((target("avx512f,avx2,fma,f16c"))) static void f##_block_512(const float_job *job, size_t j, size_t lanes, size_t part) { f##_block_body(job, j, lanes, part, ROWS_512); } \
    WIDE static void f##_block_256(const float_job *job, size_t j, size_t lanes, size_t part) { f##_block_body(job, j, lanes, part, ROWS_256); }
NATIVE(s, float, int32_t)
NATIVE(d, double, int64_t)

// ---------------------------------------------------------------------------------------------------------------------
// bfloat16, from 8-bit numbers: a product has 8 bits at most, so that rounding the sum to a single first cannot change what it is rounded to
// (24 bits are more than 2 · 8 + 2), and where it is a subnormal it is exact.

/// Singles rounded to bfloat16. @return whether a lane is not a normal number or zero: the whole has to be done again.
ALWAYS bool round_b(block_s *x, unsigned rm, ints_s *inexact) {
    ints_s bits = (ints_s)*x, low = bits & 0xffff, exponent = bits >> 23 & 0xff;
    ints_s bad = (exponent == 0xff) | ((exponent == 0) & ((bits & 0x7fffffff) != 0));
    ints_s push = rm == RNE ? 0x7fff + (bits >> 16 & 1) : rm == RDN ? bits >> 31 & 0xffff : rm == RUP ? ~(bits >> 31) & 0xffff : (ints_s){};
    bits = (ints_s)((uints_s)bits + (uints_s)push) & (int)0xffff0000;
    bad |= (bits >> 23 & 0xff) == 0xff;
    *inexact |= low;
    *x = (block_s)bits;
    return __builtin_reduce_or(bad) != 0;
}

ALWAYS void b_row_body(const float_job *job, size_t i, size_t j, size_t lanes) {
    const rvf_matmul *all = job->all;
    const int32_t *a = (const int32_t *)job->a + i * job->a_stride, *packed = job->room.packed;
    uint16_t *c = (uint16_t *)((char *)all->c + i * all->c_stride) + j;
    ints_s old, inexact = {};
    for (size_t lane = 0; lane < BLOCK; lane++) old[lane] = (int32_t)((uint32_t)c[lane < lanes ? lane : 0] << 16);
    block_s sum = job->order == RVF_CHAIN_FROM_C ? (block_s)old : (block_s){};
    for (size_t k = 0; k < all->k; k++, packed += BLOCK) {
        sum = __builtin_elementwise_fma(splat_s(a + k), load_s(packed), sum);
        if (RVF_RARE(round_b(&sum, job->rm, &inexact))) return redo(job, i, j, lanes);
    }
    if (job->order == RVF_DOT_THEN_ADD) {
        sum = sum + (block_s)old;
        if (RVF_RARE(round_b(&sum, job->rm, &inexact))) return redo(job, i, j, lanes);
    }
    if (__builtin_reduce_or(inexact)) raise_flags(NX);
    ints_s bits = (ints_s)sum;
    for (size_t lane = 0; lane < lanes; lane++) c[lane] = (uint16_t)((uint32_t)bits[lane] >> 16);
}
__attribute__((target("avx512f,avx2,fma,f16c"))) static void b_row_512(const float_job *job, size_t i, size_t j, size_t lanes) { b_row_body(job, i, j, lanes); }
WIDE static void b_row_256(const float_job *job, size_t i, size_t j, size_t lanes) { b_row_body(job, i, j, lanes); }

// ---------------------------------------------------------------------------------------------------------------------
// Half precision: a step in double precision, and its last bits gathered into one, so that the way by single precision loses nothing (half.c).

typedef float floats_d __attribute__((vector_size(32)));

ALWAYS block_d odd_d(block_d r) {
    ints_d bits = (ints_d)r, sticky = (bits & ~(int64_t)0x1fffffff) | (((bits & 0x1fffffff) != 0) & 0x20000000);
    return (block_d)sticky;
}
WIDE ALWAYS __m128i narrow_h(block_d r) {
    floats_d s = __builtin_convertvector(odd_d(r), floats_d);
    __m256 x;
    memcpy(&x, &s, sizeof x);
    return _mm256_cvtps_ph(x, _MM_FROUND_CUR_DIRECTION);
}
WIDE ALWAYS block_d widen_h_d(__m128i h) {
    __m256 x = _mm256_cvtph_ps(h);
    floats_d s;
    memcpy(&s, &x, sizeof s);
    return __builtin_convertvector(s, block_d);
}

/// 16 columns of HALF_ROWS rows.
enum { HALF_ROWS = 2 };
WIDE ALWAYS void h_rows_body(const float_job *job, size_t i, size_t j, size_t lanes) {
    const rvf_matmul *all = job->all;
    const double *a[HALF_ROWS];
    uint16_t old[HALF_ROWS][BLOCK], *c[HALF_ROWS];
    block_d sum[HALF_ROWS][2];
    for (size_t r = 0; r < HALF_ROWS; r++) {
        size_t row = least(i + r, all->m - 1);
        a[r] = (const double *)job->a + row * job->a_stride;
        c[r] = (uint16_t *)((char *)all->c + row * all->c_stride) + j;
        for (size_t lane = 0; lane < BLOCK; lane++) old[r][lane] = c[r][lane < lanes ? lane : 0];
        UNROLL for (int h = 0; h < 2; h++) {
            sum[r][h] = job->order == RVF_CHAIN_FROM_C ? widen_h_d(_mm_loadu_si128((const __m128i *)(old[r] + 8 * h))) : (block_d){};
        }
    }
    const double *packed = job->room.packed;
    for (size_t k = 0; k < all->k; k++, packed += BLOCK) {
        block_d y[2] = {load_d(packed), load_d(packed + 8)};
        UNROLL for (int r = 0; r < HALF_ROWS; r++) {
            block_d x = splat_d(a[r] + k);
            UNROLL for (int h = 0; h < 2; h++) sum[r][h] = widen_h_d(narrow_h(x * y[h] + sum[r][h]));
        }
    }
    for (size_t r = 0; r < HALF_ROWS && i + r < all->m; r++) {
        uint16_t value[BLOCK];
        bool nan = false;
        UNROLL for (int h = 0; h < 2; h++) {
            block_d s = sum[r][h];
            if (job->order == RVF_DOT_THEN_ADD) s = s + widen_h_d(_mm_loadu_si128((const __m128i *)(old[r] + 8 * h)));
            nan |= __builtin_reduce_or((ints_d)(s != s)) != 0;
            _mm_storeu_si128((__m128i *)(value + 8 * h), narrow_h(s));
        }
        if (RVF_RARE(nan)) redo(job, i + r, j, lanes);
        else memcpy(c[r], value, lanes * 2);
    }
}
__attribute__((target("avx512f,avx512vl,avx2,fma,f16c"))) static void h_rows_512(const float_job *job, size_t i, size_t j, size_t lanes) { h_rows_body(job, i, j, lanes); }
WIDE static void h_rows_256(const float_job *job, size_t i, size_t j, size_t lanes) { h_rows_body(job, i, j, lanes); }

static void wide(float_job *job) {
    const rvf_matmul *all = job->all;
    bool doubles = job->result == RVF_DOUBLE || job->result == RVF_HALF, is_512 = rvf_host_lanes == 2;
    size_t stride = round_up(all->k, 16) * (doubles ? 8 : 4);
    job->room = rvf_matrix_scratch(all, all->k * (doubles ? 8 : 4), stride);
    widen_a(job, doubles);
    for (size_t j = 0; j < all->n; j += BLOCK) {
        size_t lanes = least(all->n - j, BLOCK);
        pack(job, j, lanes, doubles);
        switch (job->result) {
        case RVF_HALF: for (size_t i = 0; i < all->m; i += HALF_ROWS) (is_512 ? h_rows_512 : h_rows_256)(job, i, j, lanes); break;
        case RVF_BF16: for (size_t i = 0; i < all->m; i++) (is_512 ? b_row_512 : b_row_256)(job, i, j, lanes); break;
        case RVF_DOUBLE:
            (is_512 ? d_block_512 : d_block_256)(job, j, lanes, 0);
            if (lanes > LANES_d) (is_512 ? d_block_512 : d_block_256)(job, j, lanes - LANES_d, LANES_d);
            break;
        default: (is_512 ? s_block_512 : s_block_256)(job, j, lanes, 0);
        }
    }
}
#define HAS_WIDE (rvf_host_lanes > 0)
#else
static void wide(float_job *job) { (void)job; }
#define HAS_WIDE false
#endif

unsigned rvf_matmul_float(const rvf_matmul *all, rvf_number source, rvf_number result, rvf_order order, unsigned rm) {
    if (!all->m || !all->n || !all->k) return 0;
    rvf_env outer = rvf_enter(rm);
    float_job job = {.all = all, .source = source, .result = result, .order = order, .rm = rm};
    if (HAS_WIDE && order != RVF_EXACT_SUM && rm != RMM) {
        wide(&job);
    } else {
        for (size_t i = 0; i < all->m; i++) redo(&job, i, 0, all->n);
    }
    unsigned flags = rvf_take_flags();
    rvf_leave(outer);
    return flags;
}
