// One vector instruction on `vl` elements of 32 bits, `count` times (a multiple of 8): curve.elf vadd|vfmacc VL COUNT. Fails if
// the machine cannot do so many at LMUL = 8.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long number(const char *digits) {
    unsigned long value = 0;
    while (*digits)
        value = value * 10 + (unsigned long)(*digits++ - '0');
    return value;
}

int main(int arguments, char **argument) {
    if (arguments != 4)
        return EXIT_FAILURE;
    unsigned long wanted = number(argument[2]), vl;
    long count = (long)number(argument[3]);
    __asm__ volatile("vsetvli %0, %1, e32, m8, ta, ma" : "=r"(vl) : "r"(wanted));
    if (vl != wanted)
        return EXIT_FAILURE;
    // 2/3 and 3.4·10^-8, bit by bit: sums that round and stay in range. Eight at a time, so that the loop counts little.
    __asm__ volatile("vmv.v.x v8, %0\n\tvmv.v.x v16, %1\n\tvmv.v.x v24, %1" : : "r"(0x3F2AAAAB), "r"(0x33123456));
    if (strcmp(argument[1], "vadd") == 0)
        __asm__ volatile("1:\n\t.rept 8\n\tvadd.vv v24, v8, v16\n\t.endr\n\taddi %0, %0, -8\n\tbgtz %0, 1b" : "+r"(count));
    else
        __asm__ volatile("1:\n\t.rept 8\n\tvfmacc.vv v24, v8, v16\n\t.endr\n\taddi %0, %0, -8\n\tbgtz %0, 1b" : "+r"(count));
    printf("vl %lu\n", vl);
    return EXIT_SUCCESS;
}
