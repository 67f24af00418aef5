#pragma once

// fadd.d, fsub.d, fmul.d, fdiv.d, fsqrt.d and the fused ones in the host's current mode, as in RVFloat.h but with operands and results as
// doubles, for a loop that has them in memory. In bits they travel through integer registers, and a call takes longer than
// a sum: so they are inline.
//
// Each is one instruction of the host, written as such: the compiler that they are inlined by takes the rounding mode for fixed and flags for
// nobody's business. A NaN is made canonical (F 20.3), or goes out of line. On hosts whose instruction is not exactly RISC-V's (arm64
// detects tininess before rounding), the form in bits does it all.

#include <stdbool.h>
#include <stdint.h>

static inline double rvf_double_of_bits(uint64_t bits) {
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t rvf_bits_of_double(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

#if defined(__x86_64__)
/// Set once before main; the hidden truth behind `rvf_assume_plain_host`.
extern __attribute__((visibility("hidden"))) bool rvf_host_has_fma;

#define RVF_DOUBLE_BINARY(name, form, instruction)                                                  \
    static inline double name(double a, double b) {                                                 \
        __asm__ volatile(instruction " %1, %0" : "+x"(a) : "x"(b));                                 \
        return __builtin_expect(a != a, 0) ? rvf_double_of_bits(0x7ff8000000000000u) : a;           \
    }
#define RVF_DOUBLE_UNARY(name, form, instruction)                                                   \
    static inline double name(double a) {                                                           \
        __asm__ volatile(instruction " %0, %0" : "+x"(a));                                          \
        return __builtin_expect(a != a, 0) ? rvf_double_of_bits(0x7ff8000000000000u) : a;           \
    }
// What the host's instruction raises for a NaN, the form in bits raises too, and perhaps more.
#define RVF_DOUBLE_FUSED(name, form, instruction)                                                   \
    static inline double name(double a, double b, double c) {                                       \
        if (__builtin_expect(rvf_host_has_fma, 1)) {                                                \
            double r = a;                                                                           \
            __asm__ volatile(instruction " %2, %1, %0" : "+x"(r) : "x"(b), "x"(c));                 \
            if (__builtin_expect(r == r, 1)) return r;                                              \
        }                                                                                           \
        return rvf_double_of_bits(form(rvf_bits_of_double(a), rvf_bits_of_double(b), rvf_bits_of_double(c))); \
    }
#else
#define RVF_DOUBLE_BINARY(name, form, instruction)                                                  \
    static inline double name(double a, double b) {                                                 \
        return rvf_double_of_bits(form(rvf_bits_of_double(a), rvf_bits_of_double(b)));              \
    }
#define RVF_DOUBLE_UNARY(name, form, instruction)                                                   \
    static inline double name(double a) { return rvf_double_of_bits(form(rvf_bits_of_double(a))); }
#define RVF_DOUBLE_FUSED(name, form, instruction)                                                   \
    static inline double name(double a, double b, double c) {                                       \
        return rvf_double_of_bits(form(rvf_bits_of_double(a), rvf_bits_of_double(b), rvf_bits_of_double(c))); \
    }
#endif

RVF_DOUBLE_BINARY(rvf_double_add, rvf_fadd_d, "addsd")
RVF_DOUBLE_BINARY(rvf_double_sub, rvf_fsub_d, "subsd")
RVF_DOUBLE_BINARY(rvf_double_mul, rvf_fmul_d, "mulsd")
RVF_DOUBLE_BINARY(rvf_double_div, rvf_fdiv_d, "divsd")
RVF_DOUBLE_UNARY(rvf_double_sqrt, rvf_fsqrt_d, "sqrtsd")
RVF_DOUBLE_FUSED(rvf_double_madd, rvf_fmadd_d, "vfmadd213sd")
RVF_DOUBLE_FUSED(rvf_double_msub, rvf_fmsub_d, "vfmsub213sd")
RVF_DOUBLE_FUSED(rvf_double_nmsub, rvf_fnmsub_d, "vfnmadd213sd")
RVF_DOUBLE_FUSED(rvf_double_nmadd, rvf_fnmadd_d, "vfnmsub213sd")

#undef RVF_DOUBLE_BINARY
#undef RVF_DOUBLE_UNARY
#undef RVF_DOUBLE_FUSED
