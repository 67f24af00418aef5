// Matrix multiplication of integers. Bytes go four at a time: of B the 16 rows of a block side by side, of A one row's, spread to all lanes.
// Sums of K products are exact in 32 bits: no register has more than 2^14 elements in a row.

#include "matrix.h"

matrix_scratch rvf_matrix_scratch(const rvf_matmul *job, size_t a_bytes, size_t row_bytes) {
    char *at = job->scratch;
    matrix_scratch s;
    s.a = at, at += round_up(job->m * a_bytes + 64, 64);
    s.rows = at, at += BLOCK * round_up(row_bytes + 64, 64);
    s.packed = at;
    return s;
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void transpose_512(int32_t *to, const void *from, size_t stride) { transpose_by_16(to, from, stride); }
__attribute__((target("avx2"))) static void transpose_256(int32_t *to, const void *from, size_t stride) { transpose_by_8(to, from, stride); }
#endif
void rvf_transpose_words(int32_t *to, const void *from, size_t stride) {
#if defined(__x86_64__)
    if (rvf_host_lanes) return (rvf_host_lanes == 2 ? transpose_512 : transpose_256)(to, from, stride);
#endif
    transpose_by_8(to, from, stride);
}

// Widened to four (of bytes, which may be nibbles before) or eight bytes an element in A, a block of rows and its packed form. Rows of bytes are
// filled up to 64, and may be there three times.
size_t rvf_matmul_scratch(size_t rows, size_t row_bytes) {
    return rows * (8 * row_bytes + 256) + 2 * BLOCK * (8 * row_bytes + 128) + 4096;
}

typedef struct bytes_job {
    const uint8_t *a, *b;
    size_t a_stride, b_stride, words;   ///< words of four bytes in a row
    bool a_signed, b_signed;
    int32_t *a_split, *b_split;         ///< see split_words
} bytes_job;

/// Rows with zeros behind them, nibbles as bytes: `count` rows of `words` words.
static void spread_rows(uint8_t *to, size_t words, const void *from, size_t stride, size_t count, size_t k, int bits, bool is_signed) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = (const uint8_t *)from + i * stride;
        uint8_t *out = to + i * words * 4;
        if (bits == 8) {
            memcpy(out, row, k);
        } else {
            for (size_t j = 0; j < k; j++) {
                uint8_t nibble = row[j / 2] >> (j & 1) * 4 & 15;
                out[j] = is_signed ? (uint8_t)((nibble ^ 8) - 8) : nibble;
            }
        }
        memset(out + k, 0, words * 4 - k);
    }
}

/// Adds a row of sums to C.
ALWAYS bool add_sums(const rvf_matmul *job, size_t i, size_t j, const int32_t *sums, size_t lanes, bool saturate) {
    int32_t *c = (int32_t *)((char *)job->c + i * job->c_stride) + j;
    bool saturated = false;
    if (!saturate && lanes == BLOCK) {
        ints_s x, y;
        memcpy(&x, c, 64), memcpy(&y, sums, 64);
        x = (ints_s)((uints_s)x + (uints_s)y);
        memcpy(c, &x, 64);
        return false;
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        int64_t r = (int64_t)c[lane] + sums[lane];
        if (saturate && r > INT32_MAX) r = INT32_MAX, saturated = true;
        if (saturate && r < INT32_MIN) r = INT32_MIN, saturated = true;
        c[lane] = (int32_t)(uint32_t)(uint64_t)r;
    }
    return saturated;
}

static void plain_block(const bytes_job *job, const rvf_matmul *all, size_t j, size_t lanes, const int32_t *packed, bool saturate, bool *saturated) {
    for (size_t i = 0; i < all->m; i++) {
        int32_t sums[BLOCK] = {0};
        const uint8_t *a = job->a + i * job->a_stride;
        for (size_t lane = 0; lane < lanes; lane++) {
            uint32_t sum = 0;
            for (size_t k = 0; k < job->words * 4; k++) {
                uint8_t y = ((const uint8_t *)(packed + k / 4 * BLOCK + lane))[k & 3];
                sum += (uint32_t)((job->a_signed ? (int8_t)a[k] : a[k]) * (job->b_signed ? (int8_t)y : y));
            }
            sums[lane] = (int32_t)sum;
        }
        *saturated |= add_sums(all, i, j, sums, lanes, saturate);
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

/// Each word of four bytes becomes two words of 16-bit numbers: the even bytes here, the odd ones `count` words on. By eights.
__attribute__((target("avx2"))) static void split_words(int32_t *to, const int32_t *from, size_t count, size_t words, bool is_signed) {
    for (size_t i = 0; i < words; i += 8) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(from + i));
        __m256i even = is_signed ? _mm256_srai_epi16(_mm256_slli_epi16(x, 8), 8) : _mm256_and_si256(x, _mm256_set1_epi16(0xff));
        __m256i odd = is_signed ? _mm256_srai_epi16(x, 8) : _mm256_srli_epi16(x, 8);
        _mm256_storeu_si256((__m256i *)(to + i), even);
        _mm256_storeu_si256((__m256i *)(to + count + i), odd);
    }
}

/// Rows that are done at a time: two sums each, and eight registers for the rest.
enum { SPLIT_ROWS = 4 };
__attribute__((target("avx2"))) static void avx2_block(const bytes_job *job, const rvf_matmul *all, size_t j, size_t lanes, const int32_t *packed, bool saturate, bool *saturated) {
    const size_t words = job->words, stride = round_up(words, 16);
    split_words(job->b_split, packed, stride * BLOCK, words * BLOCK, job->b_signed);
    for (size_t i = 0; i < all->m; i += SPLIT_ROWS) {
        const int32_t *a[SPLIT_ROWS];
        __m256i sum[SPLIT_ROWS][2];
        UNROLL for (int r = 0; r < SPLIT_ROWS; r++) {
            a[r] = job->a_split + least(i + (size_t)r, all->m - 1) * 2 * stride;
            sum[r][0] = sum[r][1] = _mm256_setzero_si256();
        }
        const int32_t *b = job->b_split;
        for (size_t k = 0; k < words; k++, b += BLOCK) {
            UNROLL for (size_t part = 0; part < 2; part++) {
                __m256i y0 = _mm256_loadu_si256((const __m256i *)(b + part * stride * BLOCK)), y1 = _mm256_loadu_si256((const __m256i *)(b + part * stride * BLOCK + 8));
                UNROLL for (int r = 0; r < SPLIT_ROWS; r++) {
                    __m256i x = _mm256_set1_epi32(a[r][k + part * stride]);
                    sum[r][0] = _mm256_add_epi32(sum[r][0], _mm256_madd_epi16(x, y0));
                    sum[r][1] = _mm256_add_epi32(sum[r][1], _mm256_madd_epi16(x, y1));
                }
            }
        }
        UNROLL for (size_t r = 0; r < SPLIT_ROWS; r++) {
            if (i + r >= all->m) break;
            int32_t sums[BLOCK];
            _mm256_storeu_si256((__m256i *)sums, sum[r][0]);
            _mm256_storeu_si256((__m256i *)(sums + 8), sum[r][1]);
            *saturated |= add_sums(all, i + r, j, sums, lanes, saturate);
        }
    }
}

#define ROWS 8
/// Unsigned by signed bytes, four products a lane. Where both are signed 128 is added to those of A, where none is it is taken from those of B;
/// the sums are put right by 128 times the sum of the others.
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void vnni_block(const bytes_job *job, const rvf_matmul *all, size_t j, size_t lanes, const int32_t *packed, bool saturate, bool *saturated) {
    const bool first_is_b = job->a_signed && !job->b_signed;
    const __m512i flip_a = _mm512_set1_epi32(job->a_signed && job->b_signed ? (int)0x80808080 : 0);
    const __m512i flip_b = _mm512_set1_epi32(!job->a_signed && !job->b_signed ? (int)0x80808080 : 0);
    const __m512i ones = _mm512_set1_epi32(0x01010101);
    __m512i start = _mm512_setzero_si512();
    if (job->a_signed && job->b_signed) {
        for (size_t k = 0; k < job->words; k++) start = _mm512_dpbusd_epi32(start, ones, _mm512_loadu_si512(packed + k * BLOCK));
        start = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32(start, 7));
    }
    for (size_t i = 0; i < all->m; i += ROWS) {
        const uint8_t *a[ROWS];
        __m512i sum[ROWS];
        for (size_t r = 0; r < ROWS; r++) {
            a[r] = job->a + least(i + r, all->m - 1) * job->a_stride;
            sum[r] = start;
            if (!job->a_signed && !job->b_signed) {
                uint32_t total = 0;
                for (size_t k = 0; k < job->words * 4; k++) total += a[r][k];
                sum[r] = _mm512_set1_epi32((int)(total << 7));
            }
        }
        if (first_is_b) {
            for (size_t k = 0; k < job->words; k++) {
                __m512i y = _mm512_loadu_si512(packed + k * BLOCK);
                UNROLL for (int r = 0; r < ROWS; r++) {
                    int32_t word;
                    memcpy(&word, a[r] + 4 * k, 4);
                    sum[r] = _mm512_dpbusd_epi32(sum[r], y, _mm512_set1_epi32(word));
                }
            }
        } else {
            for (size_t k = 0; k < job->words; k++) {
                __m512i y = _mm512_xor_si512(_mm512_loadu_si512(packed + k * BLOCK), flip_b);
                UNROLL for (int r = 0; r < ROWS; r++) {
                    int32_t word;
                    memcpy(&word, a[r] + 4 * k, 4);
                    sum[r] = _mm512_dpbusd_epi32(sum[r], _mm512_xor_si512(_mm512_set1_epi32(word), flip_a), y);
                }
            }
        }
        for (size_t r = 0; r < ROWS && i + r < all->m; r++) {
            int32_t sums[BLOCK];
            _mm512_storeu_si512(sums, sum[r]);
            *saturated |= add_sums(all, i + r, j, sums, lanes, saturate);
        }
    }
}

static int vnni = -1;
#endif

static bool bytes(const rvf_matmul *job, int bits, bool a_signed, bool b_signed, bool saturate) {
    bool saturated = false;
    // Sixteen words are transposed at a time.
    size_t words = round_up(job->k, 64) / 4;
    bytes_job mine = {job->a, job->b, job->a_stride, job->b_stride, (job->k + 3) / 4, a_signed, b_signed, NULL, NULL};
    matrix_scratch room = rvf_matrix_scratch(job, 3 * words * 4, words * 4);
    if (bits == 4 || job->k % 4) {
        mine.a = room.a, mine.a_stride = words * 4;
        spread_rows(room.a, words, job->a, job->a_stride, job->m, job->k, bits, a_signed);
    }
#if defined(__x86_64__)
    if (rvf_host_lanes == 2 && vnni < 0) vnni = __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw");
    bool has_vnni = rvf_host_lanes == 2 && vnni;
    if (rvf_host_lanes && !has_vnni) {
        mine.a_split = (int32_t *)room.a + job->m * words, mine.b_split = (int32_t *)room.packed + words * BLOCK;
        for (size_t i = 0; i < job->m; i++) {
            split_words(mine.a_split + i * 2 * words, (const int32_t *)(mine.a + i * mine.a_stride), words, mine.words, a_signed);
        }
    }
#endif
    for (size_t j = 0; j < job->n; j += BLOCK) {
        size_t lanes = least(job->n - j, BLOCK);
        const uint8_t *b = mine.b + j * mine.b_stride;
        size_t stride = mine.b_stride;
        if (bits == 4 || job->k % 64 || lanes < BLOCK) {
            spread_rows(room.rows, words, b, stride, lanes, job->k, bits, b_signed);
            b = room.rows, stride = words * 4;
        }
        for (size_t word = 0; word < words; word += 16) rvf_transpose_words((int32_t *)room.packed + word * BLOCK, b + word * 4, stride);
#if defined(__x86_64__)
        if (has_vnni) vnni_block(&mine, job, j, lanes, room.packed, saturate, &saturated);
        else if (rvf_host_lanes) avx2_block(&mine, job, j, lanes, room.packed, saturate, &saturated);
        else
#endif
            plain_block(&mine, job, j, lanes, room.packed, saturate, &saturated);
    }
    return saturated;
}

static bool halves(const rvf_matmul *job, bool a_signed, bool b_signed, bool saturate) {
    bool saturated = false;
    for (size_t i = 0; i < job->m; i++) {
        for (size_t j = 0; j < job->n; j++) {
            const uint16_t *a = (const uint16_t *)((const char *)job->a + i * job->a_stride), *b = (const uint16_t *)((const char *)job->b + j * job->b_stride);
            int64_t sum = 0, *c = (int64_t *)((char *)job->c + i * job->c_stride) + j, r;
            for (size_t k = 0; k < job->k; k++) sum += (int64_t)(a_signed ? (int16_t)a[k] : a[k]) * (b_signed ? (int16_t)b[k] : b[k]);
            bool over = __builtin_add_overflow(*c, sum, &r);
            if (over && saturate) r = sum < 0 ? INT64_MIN : INT64_MAX, saturated = true;
            *c = r;
        }
    }
    return saturated;
}

bool rvf_matmul_integer(const rvf_matmul *job, int bits, bool a_signed, bool b_signed, bool saturate) {
    if (!job->m || !job->n || !job->k) return false;
    return bits == 16 ? halves(job, a_signed, b_signed, saturate) : bytes(job, bits, a_signed, b_signed, saturate);
}
