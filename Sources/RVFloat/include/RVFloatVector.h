#pragma once

// Whole vectors in the host's current mode: as many elements at a time as the host has lanes for (AVX2 and AVX-512 are asked for when the
// program starts). Results and flags are those of the scalar functions, element by element; elements from `count` on are neither
// written nor raise anything. 64 bytes behind the last element of any operand may be read, and of `out` be written with what they hold.
// `out` may be one of the operands, but may not overlap them otherwise. With `spread`, `b` is a single element that serves for all.
// Operations with two operands take no notice of `c`: so all are called alike.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RVF_VECTOR_1(name) void rvf_vector_##name(void *out, const void *a, size_t count);
#define RVF_VECTOR(name) void rvf_vector_##name(void *out, const void *a, const void *b, const void *c, size_t count, bool spread);

RVF_VECTOR(add_h) RVF_VECTOR(add_s) RVF_VECTOR(add_d)
RVF_VECTOR(sub_h) RVF_VECTOR(sub_s) RVF_VECTOR(sub_d)
RVF_VECTOR(mul_h) RVF_VECTOR(mul_s) RVF_VECTOR(mul_d)
RVF_VECTOR(div_h) RVF_VECTOR(div_s) RVF_VECTOR(div_d)
/// a·b + c, a·b - c, -(a·b) + c, -(a·b) - c
RVF_VECTOR(madd_h) RVF_VECTOR(madd_s) RVF_VECTOR(madd_d)
RVF_VECTOR(msub_h) RVF_VECTOR(msub_s) RVF_VECTOR(msub_d)
RVF_VECTOR(nmsub_h) RVF_VECTOR(nmsub_s) RVF_VECTOR(nmsub_d)
RVF_VECTOR(nmadd_h) RVF_VECTOR(nmadd_s) RVF_VECTOR(nmadd_d)

/// a with the sign of b, of b reversed, of a xor b.
RVF_VECTOR(sgnj_h) RVF_VECTOR(sgnj_s) RVF_VECTOR(sgnj_d)
RVF_VECTOR(sgnjn_h) RVF_VECTOR(sgnjn_s) RVF_VECTOR(sgnjn_d)
RVF_VECTOR(sgnjx_h) RVF_VECTOR(sgnjx_s) RVF_VECTOR(sgnjx_d)

/// Smaller and larger, equal, less, less or equal (a byte of 0 or 1 an element).
RVF_VECTOR(min_h) RVF_VECTOR(min_s) RVF_VECTOR(min_d)
RVF_VECTOR(max_h) RVF_VECTOR(max_s) RVF_VECTOR(max_d)
RVF_VECTOR(eq_h) RVF_VECTOR(eq_s) RVF_VECTOR(eq_d)
RVF_VECTOR(lt_h) RVF_VECTOR(lt_s) RVF_VECTOR(lt_d)
RVF_VECTOR(le_h) RVF_VECTOR(le_s) RVF_VECTOR(le_d)

/// Between formats. `out` and `a` may not overlap.
RVF_VECTOR_1(s_h) RVF_VECTOR_1(s_b) RVF_VECTOR_1(d_s) RVF_VECTOR_1(h_s) RVF_VECTOR_1(b_s) RVF_VECTOR_1(s_d)
/// Between singles and signed 32-bit integers; wz: towards zero, whatever the mode.
RVF_VECTOR_1(w_s) RVF_VECTOR_1(wz_s) RVF_VECTOR_1(s_w)

/// Integers: c + a·b, of elements of 16, 32 or 64 bits from factors of half as many, each signed or unsigned (`_us_`: a unsigned, b signed).
/// They raise nothing, in whatever mode. `out` may be `c`, and a factor may be the last half of what `out` has room for.
RVF_VECTOR(macc_ss_16) RVF_VECTOR(macc_ss_32) RVF_VECTOR(macc_ss_64)
RVF_VECTOR(macc_uu_16) RVF_VECTOR(macc_uu_32) RVF_VECTOR(macc_uu_64)
RVF_VECTOR(macc_su_16) RVF_VECTOR(macc_su_32) RVF_VECTOR(macc_su_64)
RVF_VECTOR(macc_us_16) RVF_VECTOR(macc_us_32) RVF_VECTOR(macc_us_64)

#undef RVF_VECTOR_1
#undef RVF_VECTOR
