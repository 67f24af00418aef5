#pragma once

// Whole vectors in the host's current mode: as many elements at a time as the host has lanes for (AVX2 and AVX-512 are asked for when the
// program starts). Results and flags are those of the scalar functions, element by element; elements from `count` on are neither
// written nor raise anything. 64 bytes behind the last element of any operand may be read, and of `out` be written with what they hold.
// `out` may be one of the operands, but may not overlap them otherwise. With `spread`, `b` is a single element that serves for all.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RVF_VECTOR_1(name) void rvf_vector_##name(void *out, const void *a, size_t count);
#define RVF_VECTOR_2(name) void rvf_vector_##name(void *out, const void *a, const void *b, size_t count, bool spread);
#define RVF_VECTOR_3(name) void rvf_vector_##name(void *out, const void *a, const void *b, const void *c, size_t count, bool spread);

RVF_VECTOR_2(add_h) RVF_VECTOR_2(add_s) RVF_VECTOR_2(add_d)
RVF_VECTOR_2(sub_h) RVF_VECTOR_2(sub_s) RVF_VECTOR_2(sub_d)
RVF_VECTOR_2(mul_h) RVF_VECTOR_2(mul_s) RVF_VECTOR_2(mul_d)
RVF_VECTOR_2(div_h) RVF_VECTOR_2(div_s) RVF_VECTOR_2(div_d)
/// a·b + c, a·b - c, -(a·b) + c, -(a·b) - c
RVF_VECTOR_3(madd_h) RVF_VECTOR_3(madd_s) RVF_VECTOR_3(madd_d)
RVF_VECTOR_3(msub_h) RVF_VECTOR_3(msub_s) RVF_VECTOR_3(msub_d)
RVF_VECTOR_3(nmsub_h) RVF_VECTOR_3(nmsub_s) RVF_VECTOR_3(nmsub_d)
RVF_VECTOR_3(nmadd_h) RVF_VECTOR_3(nmadd_s) RVF_VECTOR_3(nmadd_d)

/// Smaller and larger, equal, less, less or equal (a byte of 0 or 1 an element).
RVF_VECTOR_2(min_h) RVF_VECTOR_2(min_s) RVF_VECTOR_2(min_d)
RVF_VECTOR_2(max_h) RVF_VECTOR_2(max_s) RVF_VECTOR_2(max_d)
RVF_VECTOR_2(eq_h) RVF_VECTOR_2(eq_s) RVF_VECTOR_2(eq_d)
RVF_VECTOR_2(lt_h) RVF_VECTOR_2(lt_s) RVF_VECTOR_2(lt_d)
RVF_VECTOR_2(le_h) RVF_VECTOR_2(le_s) RVF_VECTOR_2(le_d)

/// Between formats. `out` and `a` may not overlap.
RVF_VECTOR_1(s_h) RVF_VECTOR_1(s_b) RVF_VECTOR_1(d_s) RVF_VECTOR_1(h_s) RVF_VECTOR_1(b_s) RVF_VECTOR_1(s_d)
/// Between singles and signed 32-bit integers; wz: towards zero, whatever the mode.
RVF_VECTOR_1(w_s) RVF_VECTOR_1(wz_s) RVF_VECTOR_1(s_w)

#undef RVF_VECTOR_1
#undef RVF_VECTOR_2
#undef RVF_VECTOR_3
