// What the C library in console.c needs from the platform below it: bare.c (HTIF), or any other.
#ifndef RVSIM_EXAMPLES_RT_H
#define RVSIM_EXAMPLES_RT_H

#include <stddef.h>

void rt_write(const char *text, size_t length);
_Noreturn void rt_exit(int status);

#endif
