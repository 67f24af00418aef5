// Marks for rvsim and the counters of RISC-V, for C, C++ and assembly (.S).
//
//     rvsim_roi_begin();                        the region of interest begins
//     work();
//     rvsim_roi_end();                          and ends here
//     uint64_t cycles = rvsim_cycles();         time by the hart's own counter
//
// A mark is the instruction `slti x0, x0, -1234` (begin) or `slti x0, x0, -1235` (end). Both are hints: on any other machine, and in a run
// without a machine, nothing happens. A mark takes no time and is not counted. There may be several regions, one behind the other: they
// add up. The compiler moves no access to memory across a mark, but it may move arithmetic in registers.
#ifndef RVSIM_EXAMPLES_RVSIM_H
#define RVSIM_EXAMPLES_RVSIM_H

#ifdef __ASSEMBLER__

// In assembly the same names are macros without operands.
.macro rvsim_roi_begin
    slti x0, x0, -1234
.endm

.macro rvsim_roi_end
    slti x0, x0, -1235
.endm

// The counter into a register: rvsim_cycles a0
.macro rvsim_cycles rd
    rdcycle \rd
.endm

.macro rvsim_instructions rd
    rdinstret \rd
.endm

#else

#include <stdint.h>

static inline __attribute__((always_inline)) void rvsim_roi_begin(void) {
    __asm__ volatile("slti x0, x0, -1234" : : : "memory");
}

static inline __attribute__((always_inline)) void rvsim_roi_end(void) {
    __asm__ volatile("slti x0, x0, -1235" : : : "memory");
}

// Cycles since some time in the past: only differences mean something. On hardware an operating system may keep the counter to itself.
static inline __attribute__((always_inline)) uint64_t rvsim_cycles(void) {
    uint64_t cycles;
    __asm__ volatile("rdcycle %0" : "=r"(cycles) : : "memory");
    return cycles;
}

// Instructions retired since some time in the past.
static inline __attribute__((always_inline)) uint64_t rvsim_instructions(void) {
    uint64_t instructions;
    __asm__ volatile("rdinstret %0" : "=r"(instructions) : : "memory");
    return instructions;
}

#endif
#endif
