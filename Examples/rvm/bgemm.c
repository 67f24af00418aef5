// C = A·Bᵀ with bfloat16 inputs and single-precision sums on matrix registers. Version 0.3 has no bfloat16.
#define RVV_KERNEL_ONLY
#include "../rvv/bgemm.c"

#define ELEMENT bf16
#define RESULT float
#define VERSION "0.6"
#define LOAD_A rvm_mlae16
#define LOAD_B rvm_mlbe16
#define MULTIPLY rvm_mfmacc_s_bf16
#define STORE_C rvm_msce32
#include "gemm.h"

#define VECTOR rvv_bgemm
#define NAME "bgemm"
#define UNIT 0x1p-24
#define FROM(x) ((bf16)(__builtin_bit_cast(uint32_t, (float)(x)) >> 16))
#define TO(x) widen(x)
#include "float.h"
