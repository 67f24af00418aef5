#pragma once

// Multiplication of matrices that lie in rows: C (m × n) += A (m × k) · Bᵀ, with B held as n × k. Exact in results and flags, whatever the host:
// wide instructions do what they can do exactly, the exact core the rest.
//
// The caller's floating-point environment is neither used nor changed. 64 bytes behind the last row of each matrix may be read.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Number formats. e5m2 and e4m3 are OCP's; tf32 is a single of which the low 13 bits count for nothing (but in a NaN).
typedef enum rvf_number { RVF_E5M2, RVF_E4M3, RVF_HALF, RVF_BF16, RVF_TF32, RVF_SINGLE, RVF_DOUBLE } rvf_number;

/// How products are added to an element of C. Every fused step rounds to C's format.
typedef enum rvf_order {
    RVF_DOT_THEN_ADD,   ///< from +0 on by fused steps with k ascending; then C is added
    RVF_CHAIN_FROM_C,   ///< from C on by fused steps with k ascending
    RVF_EXACT_SUM,      ///< C and all products, rounded once
} rvf_order;

typedef struct rvf_matmul {
    void *c;
    const void *a, *b;
    size_t c_stride, a_stride, b_stride;   ///< bytes from row to row
    size_t m, n, k;
    void *scratch;                         ///< `rvf_matmul_scratch` bytes, at a multiple of 64
} rvf_matmul;

/// Bytes of scratch for products of so many rows at most that have so many bytes at most.
size_t rvf_matmul_scratch(size_t rows, size_t row_bytes);

/// Elements of A and B are `source`, of C `result`: e5m2, e4m3 in half, bf16, single; half in half, single; bf16, tf32 in single; single in
/// single, double; double in double. `rm`: 0 to 4.
/// @return the flags raised, as fflags. With m, n or k of 0 nothing is done.
unsigned rvf_matmul_float(const rvf_matmul *job, rvf_number source, rvf_number result, rvf_order order, unsigned rm);

/// Elements of A and B have 4 (the lower half of a byte first), 8 or 16 bits, those of C 32, and 64 with 16. The sum is exact; it wraps, or
/// saturates as a signed number.
/// @return whether an element was saturated.
bool rvf_matmul_integer(const rvf_matmul *job, int bits, bool a_signed, bool b_signed, bool saturate);

/// What a NaN or a number too large becomes is up to `saturate`: the largest number, else NaN (e4m3) or infinity (e5m2). From singles; flags go
/// to the host's.
uint8_t rvf_fcvt_e4m3_s(uint32_t a, bool saturate, unsigned rm);
uint8_t rvf_fcvt_e5m2_s(uint32_t a, bool saturate, unsigned rm);
/// Exact; a signalling NaN raises NV and becomes the canonical one.
uint32_t rvf_fcvt_s_e4m3(uint8_t a);
uint32_t rvf_fcvt_s_e5m2(uint8_t a);

#ifdef __cplusplus
}
#endif
