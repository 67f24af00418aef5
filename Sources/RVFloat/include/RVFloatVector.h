#pragma once

// Whole vectors of singles and doubles in the host's current mode: as many elements at a time as the host has lanes for (AVX2 and AVX-512 are
// asked for when the program starts). Results and flags are those of the scalar functions, element by element; no element beyond
// `count` raises anything. `out` may be one of the operands, but may not overlap them otherwise.

#include <stddef.h>

#define RVF_VECTOR_2(name)                                                                          \
    void name##_s(void *out, const void *a, const void *b, size_t count);                           \
    void name##_d(void *out, const void *a, const void *b, size_t count);
#define RVF_VECTOR_3(name)                                                                          \
    void name##_s(void *out, const void *a, const void *b, const void *c, size_t count);            \
    void name##_d(void *out, const void *a, const void *b, const void *c, size_t count);

RVF_VECTOR_2(rvf_vector_add)
RVF_VECTOR_2(rvf_vector_sub)
RVF_VECTOR_2(rvf_vector_mul)
RVF_VECTOR_2(rvf_vector_div)
/// a·b + c, a·b - c, -(a·b) + c, -(a·b) - c
RVF_VECTOR_3(rvf_vector_madd)
RVF_VECTOR_3(rvf_vector_msub)
RVF_VECTOR_3(rvf_vector_nmsub)
RVF_VECTOR_3(rvf_vector_nmadd)

#undef RVF_VECTOR_2
#undef RVF_VECTOR_3
