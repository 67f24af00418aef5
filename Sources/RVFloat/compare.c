// Minimum, maximum, comparisons, sign injection, class: nothing here rounds.

#include "element.h"

#pragma STDC FENV_ACCESS ON
#pragma STDC FP_CONTRACT OFF

#define BOXED_RESULT(op, f)                                                                                          \
    uint64_t rvf_f##op##_##f(uint64_t a, uint64_t b) { return box_##f(op##_##f(unbox_##f(a), unbox_##f(b))); }
#define INTEGER_RESULT(op, f)                                                                                        \
    uint64_t rvf_f##op##_##f(uint64_t a, uint64_t b) { return op##_##f(unbox_##f(a), unbox_##f(b)); }

#define FORMAT(f)                                                                                                    \
    BOXED_RESULT(min, f) BOXED_RESULT(max, f) BOXED_RESULT(minm, f) BOXED_RESULT(maxm, f)                            \
    BOXED_RESULT(sgnj, f) BOXED_RESULT(sgnjn, f) BOXED_RESULT(sgnjx, f)                                              \
    INTEGER_RESULT(eq, f) INTEGER_RESULT(lt, f) INTEGER_RESULT(le, f) INTEGER_RESULT(ltq, f) INTEGER_RESULT(leq, f)  \
    uint64_t rvf_fclass_##f(uint64_t a) { return class_##f(unbox_##f(a)); }

FORMAT(h)
FORMAT(s)
FORMAT(d)
