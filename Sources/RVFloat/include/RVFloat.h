#pragma once

// IEEE 754 operations of RISC-V scalar F, D, Zfh, Zfhmin, Zfa and Zfbfmin, exact to the bit and to the flag.
//
// Operands and results are whole 64-bit registers. A value of 32 or 16 bits is NaN-boxed (all bits above it set); an operand
// that is not reads as the canonical NaN of its format, results are boxed (D 21.2). Integers are x registers; 32-bit results,
// unsigned ones too, are sign-extended. A NaN result is the canonical NaN (F 20.3), except for sign injection.
//
// Flags gather in the host's sticky flags, rounding follows the host's mode: work between `rvf_enter` and `rvf_leave`. An
// operation that rounds comes twice: `rvf_X(…)` in the host's current mode, which is the fast path, and `rvf_X_rm(…, rm)` in
// the mode `rm`, 0 to 4 as RISC-V numbers them (F 20.2): RNE, RTZ, RDN, RUP, RMM. The host has no RMM: a guest whose frm is RMM
// needs `_rm`.
//
// F 20.x and D 21.x are sections of the unprivileged manual (20240411); Zfh, Zfa, Zfbfmin name its chapters.

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------------------------------------------------------------
// The environment (F 20.2). Everything here concerns the calling thread.

/// The host's environment as `rvf_enter` found it. Opaque.
typedef struct rvf_env {
    uint64_t control;
    uint64_t status;
} rvf_env;

/// Saves the host's environment and sets the guest's: rounding mode `frm` (RMM and reserved values: RNE), no flushing of
/// subnormals, no traps, no flags.
rvf_env rvf_enter(unsigned frm);
/// Restores the host's environment whole: rounding mode, flags, masks.
void rvf_leave(rvf_env saved);
/// Changes the rounding mode alone (RMM and reserved values: RNE).
void rvf_set_rounding(unsigned frm);

/// The flags raised since the last take, as fflags: NV 16, DZ 8, OF 4, UF 2, NX 1; then none are up.
unsigned rvf_take_flags(void);
/// The flags raised since the last take; they stay up.
unsigned rvf_peek_flags(void);
/// Raises flags, given as fflags.
void rvf_raise(unsigned fflags);

/// For tests: whether to compute as on a host without FMA and F16C; the result is what was set before. Results do not depend on
/// it, speed does. The whole process is concerned.
bool rvf_assume_plain_host(bool plain);

// ---------------------------------------------------------------------------------------------------------------------
// Declarations below: one line declares an operation in both forms, or in every format.

#define RVF_ROUNDS_1(name) uint64_t name(uint64_t a); uint64_t name##_rm(uint64_t a, unsigned rm);
#define RVF_ROUNDS_2(name) uint64_t name(uint64_t a, uint64_t b); uint64_t name##_rm(uint64_t a, uint64_t b, unsigned rm);
#define RVF_ROUNDS_3(name)                                \
    uint64_t name(uint64_t a, uint64_t b, uint64_t c);    \
    uint64_t name##_rm(uint64_t a, uint64_t b, uint64_t c, unsigned rm);
#define RVF_SDH_ROUNDS_1(name) RVF_ROUNDS_1(name##_s) RVF_ROUNDS_1(name##_d) RVF_ROUNDS_1(name##_h)
#define RVF_SDH_ROUNDS_2(name) RVF_ROUNDS_2(name##_s) RVF_ROUNDS_2(name##_d) RVF_ROUNDS_2(name##_h)
#define RVF_SDH_ROUNDS_3(name) RVF_ROUNDS_3(name##_s) RVF_ROUNDS_3(name##_d) RVF_ROUNDS_3(name##_h)
#define RVF_SDH_EXACT_1(name) uint64_t name##_s(uint64_t a); uint64_t name##_d(uint64_t a); uint64_t name##_h(uint64_t a);
#define RVF_SDH_EXACT_2(name)                     \
    uint64_t name##_s(uint64_t a, uint64_t b);    \
    uint64_t name##_d(uint64_t a, uint64_t b);    \
    uint64_t name##_h(uint64_t a, uint64_t b);

/// Sum, difference, product, quotient, square root (F 20.6, D 21.4, Zfh).
/// Flags: NV (inf - inf, 0 · inf, 0 / 0, inf / inf, root of a negative, signalling NaN), DZ (finite / 0), OF, UF, NX.
RVF_SDH_ROUNDS_2(rvf_fadd)
RVF_SDH_ROUNDS_2(rvf_fsub)
RVF_SDH_ROUNDS_2(rvf_fmul)
RVF_SDH_ROUNDS_2(rvf_fdiv)
RVF_SDH_ROUNDS_1(rvf_fsqrt)

/// Fused: a·b + c, a·b - c, -(a·b) + c, -(a·b) - c, rounded once (F 20.6). Flags as sum and product; 0 · inf raises NV even
/// when c is a quiet NaN.
RVF_SDH_ROUNDS_3(rvf_fmadd)
RVF_SDH_ROUNDS_3(rvf_fmsub)
RVF_SDH_ROUNDS_3(rvf_fnmsub)
RVF_SDH_ROUNDS_3(rvf_fnmadd)

/// Minimum and maximum (F 20.6): of a number and a NaN the number, of two NaNs the canonical one; -0 is below +0.
/// Flags: NV for a signalling NaN. `fminm`, `fmaxm` (Zfa): a NaN if either is one.
RVF_SDH_EXACT_2(rvf_fmin)
RVF_SDH_EXACT_2(rvf_fmax)
RVF_SDH_EXACT_2(rvf_fminm)
RVF_SDH_EXACT_2(rvf_fmaxm)

/// Comparisons, 0 or 1 (F 20.8). Flags: `feq` NV for a signalling NaN; `flt`, `fle` NV for any NaN; `fltq`, `fleq` (Zfa) as
/// `feq`.
RVF_SDH_EXACT_2(rvf_feq)
RVF_SDH_EXACT_2(rvf_flt)
RVF_SDH_EXACT_2(rvf_fle)
RVF_SDH_EXACT_2(rvf_fltq)
RVF_SDH_EXACT_2(rvf_fleq)

/// a with the sign of b, of b reversed, of a xor b (F 20.7). No flags; a NaN keeps its payload unless it was boxed improperly.
RVF_SDH_EXACT_2(rvf_fsgnj)
RVF_SDH_EXACT_2(rvf_fsgnjn)
RVF_SDH_EXACT_2(rvf_fsgnjx)

/// One bit set (F 20.9): 0 -inf, 1 negative normal, 2 negative subnormal, 3 -0, 4 +0, 5 positive subnormal, 6 positive normal,
/// 7 +inf, 8 signalling NaN, 9 quiet NaN. No flags.
RVF_SDH_EXACT_1(rvf_fclass)

/// Float to integer (F 20.7, D 21.5, Zfh). Out of range saturates with NV and without NX; a NaN is out of range upwards.
RVF_SDH_ROUNDS_1(rvf_fcvt_w)
RVF_SDH_ROUNDS_1(rvf_fcvt_wu)
RVF_SDH_ROUNDS_1(rvf_fcvt_l)
RVF_SDH_ROUNDS_1(rvf_fcvt_lu)

/// The same to 8 and 16 bits ("V", section 13.17), of which the low bits of the result count.
RVF_ROUNDS_1(rvf_fcvt_i8_h) RVF_ROUNDS_1(rvf_fcvt_u8_h) RVF_ROUNDS_1(rvf_fcvt_i16_h) RVF_ROUNDS_1(rvf_fcvt_u16_h)
RVF_ROUNDS_1(rvf_fcvt_i16_s) RVF_ROUNDS_1(rvf_fcvt_u16_s)

/// Integer to float (F 20.7, D 21.5, Zfh). w and wu read the lower 32 bits. Flags: NX, in half precision also OF.
RVF_ROUNDS_1(rvf_fcvt_s_w) RVF_ROUNDS_1(rvf_fcvt_s_wu) RVF_ROUNDS_1(rvf_fcvt_s_l) RVF_ROUNDS_1(rvf_fcvt_s_lu)
RVF_ROUNDS_1(rvf_fcvt_d_l) RVF_ROUNDS_1(rvf_fcvt_d_lu)
RVF_ROUNDS_1(rvf_fcvt_h_w) RVF_ROUNDS_1(rvf_fcvt_h_wu) RVF_ROUNDS_1(rvf_fcvt_h_l) RVF_ROUNDS_1(rvf_fcvt_h_lu)
/// These are exact in any mode; `_rm` is there because the instruction has the field.
RVF_ROUNDS_1(rvf_fcvt_d_w) RVF_ROUNDS_1(rvf_fcvt_d_wu)

/// Between formats. Narrowing (D 21.5, Zfh, Zfbfmin) may raise NV, OF, UF, NX; widening is exact in any mode and may raise NV.
RVF_ROUNDS_1(rvf_fcvt_s_d) RVF_ROUNDS_1(rvf_fcvt_h_s) RVF_ROUNDS_1(rvf_fcvt_h_d) RVF_ROUNDS_1(rvf_fcvt_bf16_s)
RVF_ROUNDS_1(rvf_fcvt_d_s) RVF_ROUNDS_1(rvf_fcvt_s_h) RVF_ROUNDS_1(rvf_fcvt_d_h) RVF_ROUNDS_1(rvf_fcvt_s_bf16)

/// Narrowing rounded to odd ("V", section 13.19): inexact results have their last bit set.
uint64_t rvf_fcvt_odd_s_d(uint64_t a);
uint64_t rvf_fcvt_odd_h_s(uint64_t a);

/// Estimates to 7 bits of 1/sqrt(a) and 1/a ("V", sections 13.9, 13.10). Flags: NV, DZ; of 1/a OF and NX for the smallest subnormals, whose
/// result depends on the mode.
RVF_SDH_EXACT_1(rvf_frsqrt7)
RVF_SDH_ROUNDS_1(rvf_frec7)

/// To an integral value in the same format (Zfa): `fround` raises no NX, `froundnx` does. The sign stays, of zero results too.
RVF_SDH_ROUNDS_1(rvf_fround)
RVF_SDH_ROUNDS_1(rvf_froundnx)

/// Double to 32 bits towards zero, modulo 2^32, sign-extended (Zfa); NaN and infinity give 0. Flags as `fcvt.w.d`.
uint64_t rvf_fcvtmod_w_d(uint64_t a);

/// Entry 0 to 31 of the table of constants (Zfa); only the low 5 bits of `index` count.
uint64_t rvf_fli_s(unsigned index);
uint64_t rvf_fli_d(unsigned index);
uint64_t rvf_fli_h(unsigned index);

#undef RVF_ROUNDS_1
#undef RVF_ROUNDS_2
#undef RVF_ROUNDS_3
#undef RVF_SDH_ROUNDS_1
#undef RVF_SDH_ROUNDS_2
#undef RVF_SDH_ROUNDS_3
#undef RVF_SDH_EXACT_1
#undef RVF_SDH_EXACT_2

#ifdef __cplusplus
}
#endif

#include "RVFloatDouble.h"
#include "RVFloatMatrix.h"
#include "RVFloatVector.h"
