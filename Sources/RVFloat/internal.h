#pragma once

// What every file of the library shares: formats, NaN boxes, the host's control and status registers, the exact core.

#include "RVFloat.h"
#include <stdbool.h>
#include <string.h>

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#include <xmmintrin.h>
#elif !defined(__aarch64__)
#error "RVFloat knows the floating-point environments of x86-64 and arm64 only"
#endif

#define RVF_HIDDEN __attribute__((visibility("hidden")))
#define RVF_RARE(condition) __builtin_expect((condition), 0)

enum { RNE, RTZ, RDN, RUP, RMM, ODD };              // rounding modes as RISC-V numbers them (F 20.2); the exact core's own, to odd
enum { NX = 1, UF = 2, OF = 4, DZ = 8, NV = 16 };   // fflags (F 20.2)

// ---------------------------------------------------------------------------------------------------------------------
// Formats and boxes

/// An IEEE binary interchange format (or bfloat16).
typedef struct rvf_format {
    int width;      ///< bits in all
    int fraction;   ///< stored bits of the significand
    int bias;
} rvf_format;

static const rvf_format format_h = {16, 10, 15}, format_b = {16, 7, 127}, format_s = {32, 23, 127}, format_d = {64, 52, 1023};

#define NAN_h 0x7e00u
#define NAN_b 0x7fc0u
#define NAN_s 0x7fc00000u
#define NAN_d 0x7ff8000000000000u

// The ones above a value of the format: a register holds such a value if and only if it is at least this number.
#define BOX_h 0xffffffffffff0000u
#define BOX_b BOX_h
#define BOX_s 0xffffffff00000000u
#define BOX_d 0u

/// What the register holds, as bits of the format; an improper box reads as the canonical NaN (D 21.2).
static inline uint16_t unbox_h(uint64_t a) { return a >= BOX_h ? (uint16_t)a : NAN_h; }
static inline uint16_t unbox_b(uint64_t a) { return a >= BOX_b ? (uint16_t)a : NAN_b; }
static inline uint32_t unbox_s(uint64_t a) { return a >= BOX_s ? (uint32_t)a : NAN_s; }
static inline uint64_t unbox_d(uint64_t a) { return a; }

static inline uint64_t box_h(uint16_t a) { return BOX_h | a; }
static inline uint64_t box_b(uint16_t a) { return BOX_b | a; }
static inline uint64_t box_s(uint32_t a) { return BOX_s | a; }
static inline uint64_t box_d(uint64_t a) { return a; }

// Bits of the format as the host's type and back; no conversion, hence no flags.
static inline float host_s(uint32_t a) { float r; memcpy(&r, &a, sizeof r); return r; }
static inline double host_d(uint64_t a) { double r; memcpy(&r, &a, sizeof r); return r; }
static inline uint32_t bits_s(float a) { uint32_t r; memcpy(&r, &a, sizeof r); return r; }
static inline uint64_t bits_d(double a) { uint64_t r; memcpy(&r, &a, sizeof r); return r; }

// ---------------------------------------------------------------------------------------------------------------------
// The host's environment. `control` holds rounding mode, masks and flushing, `status` the sticky flags; on x86 one register is
// both.

#if defined(__x86_64__)
#define RVF_MODE_SHIFT 13
#define RVF_MODE_OF_RM 0x2130u      // nibble rm: MXCSR.RC
#define RVF_RM_OF_MODE 0x1320u      // nibble RC: rm
#define RVF_CONTROL_CLEAN 0x1f80u   // every exception masked, to nearest, no FTZ, no DAZ, no flags
#define RVF_STATUS_BITS 0x3fu
/// x86 and RISC-V detect tininess after rounding, arm64 before.
#define RVF_TININESS_BEFORE_ROUNDING 0

static inline uint64_t read_control(void) { return _mm_getcsr(); }
static inline void write_control(uint64_t value) { _mm_setcsr((uint32_t)value); }
static inline uint64_t read_status(void) { return _mm_getcsr(); }
static inline void write_status(uint64_t value) { _mm_setcsr((uint32_t)value); }
static inline void write_environment(uint64_t control, uint64_t status) { (void)status; write_control(control); }

/// MXCSR counts IE, DE, ZE, OE, UE, PE from bit 0; DE (a subnormal operand) is no flag of RISC-V.
static inline unsigned fflags_of_status(uint64_t s) {
    return (unsigned)((s & 1) << 4 | (s & 4) << 1 | (s & 8) >> 1 | (s & 16) >> 3 | (s & 32) >> 5);
}
static inline uint64_t status_of_fflags(unsigned f) {
    return (f & NV) >> 4 | (f & DZ) >> 1 | (f & OF) << 1 | (f & UF) << 3 | (f & NX) << 5;
}
#else
#define RVF_MODE_SHIFT 22
#define RVF_MODE_OF_RM 0x1230u      // nibble rm: FPCR.RMode
#define RVF_RM_OF_MODE 0x1230u      // nibble RMode: rm
#define RVF_CONTROL_CLEAN 0u        // no traps, to nearest, no flushing, NaNs not defaulted
#define RVF_STATUS_BITS 0x9fu
#define RVF_TININESS_BEFORE_ROUNDING 1

static inline uint64_t read_control(void) { uint64_t r; __asm__ volatile("mrs %0, fpcr" : "=r"(r) : : "memory"); return r; }
static inline void write_control(uint64_t value) { __asm__ volatile("msr fpcr, %0" : : "r"(value) : "memory"); }
static inline uint64_t read_status(void) { uint64_t r; __asm__ volatile("mrs %0, fpsr" : "=r"(r) : : "memory"); return r; }
static inline void write_status(uint64_t value) { __asm__ volatile("msr fpsr, %0" : : "r"(value) : "memory"); }
static inline void write_environment(uint64_t control, uint64_t status) { write_control(control); write_status(status); }

/// FPSR counts IOC, DZC, OFC, UFC, IXC from bit 0. The host's UFC knows tininess before rounding, so it is of no use: the
/// guest's UF lives in IDC (bit 7), which the host itself only touches when it flushes subnormals, that is never. Operations
/// whose result is small enough to be tiny are done again by the exact core, which raises it.
static inline unsigned fflags_of_status(uint64_t s) {
    return (unsigned)((s & 1) << 4 | (s & 2) << 2 | (s & 4) | (s & 16) >> 4 | (s & 128) >> 6);
}
static inline uint64_t status_of_fflags(unsigned f) {
    return (f & NV) >> 4 | (f & DZ) >> 2 | (f & OF) | (f & NX) << 4 | (f & UF) << 6;
}
#endif

static inline uint64_t mode_bits(unsigned rm) { return (uint64_t)(RVF_MODE_OF_RM >> (rm & 3) * 4 & 3) << RVF_MODE_SHIFT; }

/// The rounding mode the host is in, as RISC-V numbers it.
static inline unsigned current_rm(void) {
    return RVF_RM_OF_MODE >> (read_control() >> RVF_MODE_SHIFT & 3) * 4 & 3;
}

/// Sets the host's mode to one of RNE, RTZ, RDN, RUP; the result is for `restore_mode`.
static inline uint64_t switch_mode(unsigned rm) {
    uint64_t old = read_control(), mask = (uint64_t)3 << RVF_MODE_SHIFT, new = (old & ~mask) | mode_bits(rm);
    if (new != old) write_control(new);
    return (old & mask) | (new != old);
}

/// Back to the mode before `switch_mode`; flags raised in between stay.
static inline void restore_mode(uint64_t saved) {
    uint64_t mask = (uint64_t)3 << RVF_MODE_SHIFT;
    if (saved & 1) write_control((read_control() & ~mask) | (saved & mask));
}

/// Adds to the host's sticky flags; the write is spared when they are up already, which is the rule for NX.
static inline void raise_flags(unsigned fflags) {
    if (!fflags) return;
    uint64_t old = read_status(), new = old | status_of_fflags(fflags);
    if (new != old) write_status(new);
}

#if defined(__x86_64__)
/// Set once before main by environment.c, as `rvf_host_has_fma` is; until then the software paths serve.
extern RVF_HIDDEN bool rvf_host_has_f16c;
/// Vector loops: 0 SSE2, 1 AVX2 with FMA and F16C, 2 AVX-512 too. Set likewise.
extern RVF_HIDDEN int rvf_host_lanes;
#endif

// ---------------------------------------------------------------------------------------------------------------------
// The exact core (exact.c): any format, any of the five modes, integers only. Operands and results are registers.

/// a * b + c
RVF_HIDDEN uint64_t rvf_exact_fma(const rvf_format *f, uint64_t a, uint64_t b, uint64_t c, unsigned rm);
RVF_HIDDEN uint64_t rvf_exact_add(const rvf_format *f, uint64_t a, uint64_t b, unsigned rm);
RVF_HIDDEN uint64_t rvf_exact_mul(const rvf_format *f, uint64_t a, uint64_t b, unsigned rm);
RVF_HIDDEN uint64_t rvf_exact_div(const rvf_format *f, uint64_t a, uint64_t b, unsigned rm);
RVF_HIDDEN uint64_t rvf_exact_sqrt(const rvf_format *f, uint64_t a, unsigned rm);
RVF_HIDDEN uint64_t rvf_exact_convert(const rvf_format *to, const rvf_format *from, uint64_t a, unsigned rm);
/// An integer of `width` bits (32 or 64), signed or not, to the format and back.
RVF_HIDDEN uint64_t rvf_exact_from_integer(const rvf_format *to, uint64_t x, bool is_signed, int width, unsigned rm);
RVF_HIDDEN uint64_t rvf_exact_to_integer(const rvf_format *from, uint64_t a, bool is_signed, int width, unsigned rm);
/// ±(high · 2^64 + low) · 2^(exponent - 127) in the format, bit 63 of `high` set; the last bit may stand for anything nonzero below it. Not boxed.
RVF_HIDDEN uint64_t rvf_exact_round(const rvf_format *to, bool sign, int exponent, uint64_t high, uint64_t low, unsigned rm);
