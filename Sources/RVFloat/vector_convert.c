// Whole vectors: between single and double precision and bfloat16, and between single precision and 32-bit integers.

#include "vector.h"

typedef float floats_d __attribute__((vector_size(32)));

ALWAYS void d_s_body(void *out, const void *a, size_t count) {
    for (size_t at = 0; at < count; at += LANES_d) {
        size_t left = count - at;
        floats_d x;
        memcpy(&x, (const float *)a + at, sizeof x);
        if (RVF_RARE(left < LANES_d)) {
            for (size_t lane = left; lane < LANES_d; lane++) x[lane] = 1;
        }
        block_d r = __builtin_convertvector(x, block_d);
        if (RVF_RARE(redo_d(r))) {
            for (int lane = 0; lane < LANES_d; lane++) r[lane] = host_d(rvf_fcvt_d_s(box_s(bits_s(x[lane]))));
        }
        store_d((double *)out + at, r, left);
    }
}
DISPATCH(d_s, (void *out, const void *a, size_t count), (out, a, count))

void rvf_vector_s_d(void *out, const void *a, size_t count) {
    const uint64_t *x = a;
    uint32_t *o = out;
    for (size_t at = 0; at < count; at++) o[at] = (uint32_t)rvf_fcvt_s_d(x[at]);
}

// A bfloat16 is the upper half of a single.
ALWAYS void s_b_body(void *out, const void *a, size_t count) {
    const uint16_t *x = a;
    uint32_t *o = out;
    unsigned nans = 0;
    for (size_t at = 0; at < count; at++) {
        nans |= (x[at] & 0x7fffu) > 0x7f80u;
        o[at] = (uint32_t)x[at] << 16;
    }
    if (RVF_RARE(nans)) {
        for (size_t at = 0; at < count; at++) o[at] = (uint32_t)rvf_fcvt_s_bf16(box_b(x[at]));
    }
}
DISPATCH(s_b, (void *out, const void *a, size_t count), (out, a, count))

void rvf_vector_b_s(void *out, const void *a, size_t count) {
    const uint32_t *x = a;
    uint16_t *o = out;
    for (size_t at = 0; at < count; at++) o[at] = narrow_b(x[at]);
}

ALWAYS void s_w_body(void *out, const void *a, size_t count) {
    const int32_t *x = a;
    float *o = out;
    for (size_t at = 0; at < count; at++) o[at] = (float)x[at];
}

#if defined(__x86_64__)
#include <immintrin.h>
// Strict rules keep compilers from making one instruction of the loop.
__attribute__((target("avx2"))) static size_t s_w_fast(float *o, const int32_t *x, size_t count) {
    size_t at = 0;
    for (; at + 8 <= count; at += 8) {
        _mm256_storeu_ps(o + at, _mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i *)(x + at))));
    }
    return at;
}
void rvf_vector_s_w(void *out, const void *a, size_t count) {
    size_t done = rvf_host_lanes ? s_w_fast(out, a, count) : 0;
    s_w_body((float *)out + done, (const int32_t *)a + done, count - done);
}

// Out of range the instruction gives the lowest integer, for whatever reason: those blocks are done again.
#define TO_W(name, instruction, scalar)                                                                                      \
    __attribute__((target("avx2"))) static size_t name##_fast(int32_t *o, const uint32_t *x, size_t count) {                 \
        size_t at = 0;                                                                                                       \
        for (; at + 8 <= count; at += 8) {                                                                                   \
            __m256i r = instruction(_mm256_loadu_ps((const float *)(x + at)));                                               \
            if (RVF_RARE(_mm256_movemask_epi8(_mm256_cmpeq_epi32(r, _mm256_set1_epi32(INT32_MIN))))) {                       \
                for (size_t lane = at; lane < at + 8; lane++) o[lane] = (int32_t)scalar(box_s(x[lane]));                     \
            } else {                                                                                                         \
                _mm256_storeu_si256((__m256i *)(o + at), r);                                                                 \
            }                                                                                                                \
        }                                                                                                                    \
        return at;                                                                                                           \
    }                                                                                                                        \
    void rvf_vector_##name(void *out, const void *a, size_t count) {                                                        \
        const uint32_t *x = a;                                                                                               \
        int32_t *o = out;                                                                                                    \
        for (size_t at = rvf_host_lanes ? name##_fast(o, x, count) : 0; at < count; at++) o[at] = (int32_t)scalar(box_s(x[at])); \
    }
#else
void rvf_vector_s_w(void *out, const void *a, size_t count) { s_w_body(out, a, count); }

#define TO_W(name, instruction, scalar)                                                                                      \
    void rvf_vector_##name(void *out, const void *a, size_t count) {                                                        \
        const uint32_t *x = a;                                                                                               \
        int32_t *o = out;                                                                                                    \
        for (size_t at = 0; at < count; at++) o[at] = (int32_t)scalar(box_s(x[at]));                                         \
    }
#endif

#define TOWARDS_ZERO(a) rvf_fcvt_w_s_rm(a, RTZ)
TO_W(w_s, _mm256_cvtps_epi32, rvf_fcvt_w_s)
TO_W(wz_s, _mm256_cvttps_epi32, TOWARDS_ZERO)
