// C = A·Bᵀ in single precision on matrix registers.
#define RVV_KERNEL_ONLY
#include "../rvv/sgemm.c"

#define ELEMENT float
#define RESULT float
#ifndef RVM03
#define VERSION "0.6"
#define LOAD_A rvm_mlae32
#define LOAD_B rvm_mlbe32
#define MULTIPLY rvm_mfmacc_s
#define STORE_C rvm_msce32
#else
#define VERSION "0.3"
#define LOAD rvm03_mldw
#define MULTIPLY rvm03_fmmacc_s
#define STORE rvm03_mstw
#endif
#include "gemm.h"

#define VECTOR rvv_sgemm
#define NAME "sgemm"
#define UNIT 0x1p-24
#define FROM(x) (x)
#define TO(x) (x)
#include "float.h"
