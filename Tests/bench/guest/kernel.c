// A vector kernel of Examples/ (EXAMPLE names its file), called as often as the argument says, on the same data. Prints how much
// work that was, in the kernel's own units, and the checksum of what it computed.
#define main example_main
#include EXAMPLE
#undef main
#include <stdlib.h>

int main(int arguments, char **argument) {
    uint64_t count = 0;
    for (const char *digit = arguments == 2 ? argument[1] : ""; *digit; digit++)
        count = count * 10 + (uint64_t)(*digit - '0');
    if (count == 0)
        return EXIT_FAILURE;
    fill();
    for (uint64_t i = 0; i < count; i++) {
        work();
        __asm__ volatile("" : : : "memory"); // each call counts as read
    }
    printf("work %lu\ncheck %016lx\n", count * WORK, (unsigned long)result());
    return EXIT_SUCCESS;
}
