#ifndef RVSIM_EXAMPLES_STDLIB_H
#define RVSIM_EXAMPLES_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

_Noreturn void exit(int status);
_Noreturn void abort(void);

#endif
