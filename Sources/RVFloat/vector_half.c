// Whole vectors of half-precision numbers, eight at a time with AVX2 and F16C, else one by one. The reasoning is half.c's: single precision
// does for one operation, double precision for a fused one.

#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define HOST __attribute__((target("avx2,fma,f16c")))
#define INLINE HOST static inline __attribute__((always_inline))

INLINE __m256 wide(__m128i x) { return _mm256_cvtph_ps(x); }
INLINE __m128i narrow(__m256 x) { return _mm256_cvtps_ph(x, _MM_FROUND_CUR_DIRECTION); }
INLINE __m128i load(const uint16_t *from) { return _mm_loadu_si128((const __m128i *)from); }

/// Lanes below `left`, 1 in the others.
INLINE __m128i some(__m128i x, size_t left) {
    const __m128i lanes = _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7);
    __m128i keep = _mm_cmpgt_epi16(_mm_set1_epi16((short)left), lanes);
    return _mm_blendv_epi8(_mm_set1_epi16(0x3c00), x, keep);
}
INLINE void store(uint16_t *to, __m128i r, size_t left) {
    if (RVF_RARE(left < 8)) {
        const __m128i lanes = _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7);
        r = _mm_blendv_epi8(load(to), r, _mm_cmpgt_epi16(_mm_set1_epi16((short)left), lanes));
    }
    _mm_storeu_si128((__m128i *)to, r);
}
INLINE bool has_nan(__m256 r) { return _mm256_movemask_ps(_mm256_cmp_ps(r, r, _CMP_UNORD_Q)) != 0; }

/// a · b + c as half.c has it, four lanes: exact in double precision or with "a little more" kept in the last bit.
INLINE __m256d fused(__m128 a, __m128 b, __m128 c) {
    __m256d r = _mm256_add_pd(_mm256_mul_pd(_mm256_cvtps_pd(a), _mm256_cvtps_pd(b)), _mm256_cvtps_pd(c));
    const __m256i below = _mm256_set1_epi64x(0x1fffffff);
    __m256i bits = _mm256_castpd_si256(r);
    __m256i exact = _mm256_cmpeq_epi64(_mm256_and_si256(bits, below), _mm256_setzero_si256());
    __m256i sticky = _mm256_or_si256(_mm256_andnot_si256(below, bits), _mm256_set1_epi64x(0x20000000));
    return _mm256_castsi256_pd(_mm256_blendv_epi8(sticky, bits, exact));
}
INLINE bool has_nan_d(__m256d r) { return _mm256_movemask_pd(_mm256_cmp_pd(r, r, _CMP_UNORD_Q)) != 0; }

#define HAS_HOST (rvf_host_lanes > 0)
#else
#define HAS_HOST 0
#endif

#define LANE_BY_LANE(from, to, result)                                                                                       \
    for (size_t lane = from; lane < (to); lane++) o[lane] = (uint16_t)(result)

#define PLAIN_2(name)                                                                                                        \
    static void name##_plain(uint16_t *o, const uint16_t *x, const uint16_t *y, size_t from, size_t to, bool spread) {      \
        LANE_BY_LANE(from, to, rvf_f##name##_h(box_h(x[lane]), box_h(y[spread ? 0 : lane])));                                \
    }
#define PLAIN_3(name)                                                                                                        \
    static void name##_plain(uint16_t *o, const uint16_t *x, const uint16_t *y, const uint16_t *z, size_t from, size_t to, bool spread) { \
        LANE_BY_LANE(from, to, rvf_f##name##_h(box_h(x[lane]), box_h(y[spread ? 0 : lane]), box_h(z[lane])));                \
    }

#if defined(__x86_64__)
#define FAST_2(name, operation)                                                                                              \
    HOST static void name##_fast(uint16_t *o, const uint16_t *x, const uint16_t *y, size_t count, bool spread) {            \
        __m128i second = _mm_set1_epi16((short)*y);                                                                          \
        for (size_t at = 0; at < count; at += 8) {                                                                           \
            size_t left = count - at;                                                                                        \
            __m128i u = load(x + at), v = spread ? second : load(y + at);                                                    \
            if (RVF_RARE(left < 8)) u = some(u, left), v = some(v, left);                                                    \
            __m256 r = operation(wide(u), wide(v));                                                                          \
            if (RVF_RARE(has_nan(r))) name##_plain(o, x, y, at, left < 8 ? count : at + 8, spread);                          \
            else store(o + at, narrow(r), left);                                                                             \
        }                                                                                                                    \
    }
/* The signs that a and c get: a NaN's too, which then is redone or canonical anyway. */
#define FAST_3(name, sign_a, sign_c)                                                                                         \
    HOST static void name##_fast(uint16_t *o, const uint16_t *x, const uint16_t *y, const uint16_t *z, size_t count, bool spread) { \
        __m128i second = _mm_set1_epi16((short)*y), flip_a = _mm_set1_epi16((short)(sign_a)), flip_c = _mm_set1_epi16((short)(sign_c)); \
        for (size_t at = 0; at < count; at += 8) {                                                                           \
            size_t left = count - at;                                                                                        \
            __m128i u = load(x + at), v = spread ? second : load(y + at), w = load(z + at);                                  \
            if (RVF_RARE(left < 8)) u = some(u, left), v = some(v, left), w = some(w, left);                                 \
            __m256 a = wide(_mm_xor_si128(u, flip_a)), b = wide(v), c = wide(_mm_xor_si128(w, flip_c));                      \
            __m256d low = fused(_mm256_castps256_ps128(a), _mm256_castps256_ps128(b), _mm256_castps256_ps128(c));            \
            __m256d high = fused(_mm256_extractf128_ps(a, 1), _mm256_extractf128_ps(b, 1), _mm256_extractf128_ps(c, 1));     \
            if (RVF_RARE(has_nan_d(low) || has_nan_d(high))) {                                                               \
                name##_plain(o, x, y, z, at, left < 8 ? count : at + 8, spread);                                             \
            } else {                                                                                                         \
                store(o + at, narrow(_mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low))), left);                   \
            }                                                                                                                \
        }                                                                                                                    \
    }
#define CALL_FAST(name, ...) if (HAS_HOST) return name##_fast(__VA_ARGS__)
#else
#define FAST_2(name, operation)
#define FAST_3(name, sign_a, sign_c)
#define CALL_FAST(name, ...)
#endif

#define DEFINE_2(name, operation)                                                                                            \
    PLAIN_2(name)                                                                                                            \
    FAST_2(name, operation)                                                                                                  \
    void rvf_vector_##name##_h(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {         \
        (void)c;                                                                                                             \
        CALL_FAST(name, out, a, b, count, spread);                                                                           \
        name##_plain(out, a, b, 0, count, spread);                                                                           \
    }
#define DEFINE_3(name, sign_a, sign_c)                                                                                       \
    PLAIN_3(name)                                                                                                            \
    FAST_3(name, sign_a, sign_c)                                                                                             \
    void rvf_vector_##name##_h(void *out, const void *a, const void *b, const void *c, size_t count, bool spread) {         \
        CALL_FAST(name, out, a, b, c, count, spread);                                                                        \
        name##_plain(out, a, b, c, 0, count, spread);                                                                        \
    }

DEFINE_2(add, _mm256_add_ps)
DEFINE_2(sub, _mm256_sub_ps)
DEFINE_2(mul, _mm256_mul_ps)
DEFINE_2(div, _mm256_div_ps)
DEFINE_3(madd, 0, 0)
DEFINE_3(msub, 0, 0x8000)
DEFINE_3(nmsub, 0x8000, 0)
DEFINE_3(nmadd, 0x8000, 0x8000)

// ---------------------------------------------------------------------------------------------------------------------
// To and from single precision

#if defined(__x86_64__)
HOST static void s_h_fast(uint32_t *o, const uint16_t *x, size_t count) {
    for (size_t at = 0; at + 8 <= count; at += 8) {
        __m256 r = wide(load(x + at));
        if (RVF_RARE(has_nan(r))) {
            for (size_t lane = at; lane < at + 8; lane++) o[lane] = (uint32_t)rvf_fcvt_s_h(box_h(x[lane]));
        } else {
            _mm256_storeu_ps((float *)(o + at), r);
        }
    }
}
HOST static void h_s_fast(uint16_t *o, const uint32_t *x, size_t count) {
    for (size_t at = 0; at + 8 <= count; at += 8) {
        __m256 r = _mm256_loadu_ps((const float *)(x + at));
        if (RVF_RARE(has_nan(r))) {
            for (size_t lane = at; lane < at + 8; lane++) o[lane] = (uint16_t)rvf_fcvt_h_s(box_s(x[lane]));
        } else {
            _mm_storeu_si128((__m128i *)(o + at), narrow(r));
        }
    }
}
#endif

void rvf_vector_s_h(void *out, const void *a, size_t count) {
    const uint16_t *x = a;
    uint32_t *o = out;
    size_t at = 0;
#if defined(__x86_64__)
    if (HAS_HOST) s_h_fast(o, x, count), at = count & ~(size_t)7;
#endif
    for (; at < count; at++) o[at] = (uint32_t)rvf_fcvt_s_h(box_h(x[at]));
}

void rvf_vector_h_s(void *out, const void *a, size_t count) {
    const uint32_t *x = a;
    uint16_t *o = out;
    size_t at = 0;
#if defined(__x86_64__)
    if (HAS_HOST) h_s_fast(o, x, count), at = count & ~(size_t)7;
#endif
    for (; at < count; at++) o[at] = (uint16_t)rvf_fcvt_h_s(box_s(x[at]));
}
