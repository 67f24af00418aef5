// The functions that are one instruction (or none) on a hart with D.
#ifndef RVSIM_EXAMPLES_MATH_H
#define RVSIM_EXAMPLES_MATH_H

#define INFINITY __builtin_inff()
#define NAN __builtin_nanf("")
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define signbit(x) __builtin_signbit(x)

static inline double fabs(double x) { return __builtin_fabs(x); }
static inline float fabsf(float x) { return __builtin_fabsf(x); }
static inline double sqrt(double x) { return __builtin_elementwise_sqrt(x); }
static inline float sqrtf(float x) { return __builtin_elementwise_sqrt(x); }
static inline double fma(double x, double y, double z) { return __builtin_elementwise_fma(x, y, z); }
static inline float fmaf(float x, float y, float z) { return __builtin_elementwise_fma(x, y, z); }

#endif
