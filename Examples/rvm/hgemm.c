// C = A·Bᵀ in half precision, sums in half precision too, on matrix registers.
#define RVV_KERNEL_ONLY
#include "../rvv/hgemm.c"

#define ELEMENT f16
#define RESULT f16
#ifndef RVM03
#define VERSION "0.6"
#define LOAD_A rvm_mlae16
#define LOAD_B rvm_mlbe16
#define MULTIPLY rvm_mfmacc_h
#define STORE_C rvm_msce16
#else
#define VERSION "0.3"
#define TALL // B's rows, RLEN / 16 of them, lie in a pair of registers
#define LOAD rvm03_mldh
#define MULTIPLY rvm03_fmmacc_h
#define STORE rvm03_msth
#endif
#include "gemm.h"

#define VECTOR rvv_hgemm
#define NAME "hgemm"
#define UNIT 0x1p-11
#define FROM(x) ((f16)(x))
#define TO(x) (x)
#include "float.h"
