// Runs the kernel and prints its check value and the instructions that the hart has retired.
#include "bench.h"
#include <stdio.h>

int main(void) {
    unsigned long check = kernel(), instructions;
    __asm__ volatile("csrr %0, instret" : "=r"(instructions));
    printf("check %016lx\ninstructions %lu\n", check, instructions);
    return 0;
}
