// A Linux process without a C library: entry, write and exit by system calls.
#include "rt.h"

__asm__(".globl _start\n"
        "_start:\n"
        ".option push\n"
        ".option norelax\n"
        "la gp, __global_pointer$\n"
        ".option pop\n"
        "andi sp, sp, -16\n"
        "call main\n"
        "call exit\n");

static long system_call(long number, long a, long b, long c) {
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

void rt_write(const char *text, size_t length) {
    while (length > 0) {
        long written = system_call(64, 1, (long)text, (long)length);
        if (written <= 0)
            return;
        text += written;
        length -= (size_t)written;
    }
}

_Noreturn void rt_exit(int status) {
    for (;;)
        system_call(94, status, 0, 0);
}
