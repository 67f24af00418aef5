// Loops of vector instructions in assembly. SEQUENCE(name, LMUL, body) makes a function that loads registers from memory, runs the body
// n / 16 times (16 instructions are counted for each turn) and stores what the registers hold then.
//
// v0 to v7 hold the inputs, first `a` from v0 on, then `b` from v4 on; v8 to v23 are accumulators, each a group of LMUL registers.
// %[from] is the address of `a` in memory, %[behind] that of memory behind the results, %[sum] a scalar that begins with 0 and is
// returned, t0 holds the bytes of eight registers; t1, t3 to t6, ft0 and ft1 are free. Elements have 32 bits.
#ifndef RVSIM_EXAMPLES_SEQUENCES_H
#define RVSIM_EXAMPLES_SEQUENCES_H

#include "timing.h"

// Room for 24 registers each, up to VLEN 65536, and for what is stored behind the results.
enum { PER_TURN = 16, REGISTERS = 24, FIRST_ACCUMULATOR = 8, REGISTER_BYTES = 8192 };
static _Alignas(4096) uint32_t inputs[REGISTERS * REGISTER_BYTES / 4], results[REGISTERS * REGISTER_BYTES / 4];

#define SEQUENCE(NAME, LMUL, BODY)                                                                                             \
    static uint64_t NAME(void *to, const void *from, size_t n) {                                                               \
        uint64_t sum = 0, turns = n / PER_TURN;                                                                                \
        uint8_t *behind = (uint8_t *)to + (REGISTERS - FIRST_ACCUMULATOR) * REGISTER_BYTES;                                    \
        __asm__ volatile("vsetvli t0, zero, e32, " #LMUL ", ta, ma\n\t"                                                        \
                         "csrr t0, vlenb\n\t"                                                                                  \
                         "slli t0, t0, 3\n\t"                                                                                  \
                         "mv t1, %[from]\n\t"                                                                                  \
                         "vl8re32.v v0, (t1)\n\t"                                                                              \
                         "add t1, t1, t0\n\t"                                                                                  \
                         "vl8re32.v v8, (t1)\n\t"                                                                              \
                         "add t1, t1, t0\n\t"                                                                                  \
                         "vl8re32.v v16, (t1)\n\t"                                                                             \
                         ".balign 64\n"                                                                                        \
                         "1:\n\t" BODY "addi %[turns], %[turns], -1\n\t"                                                       \
                         "bnez %[turns], 1b\n\t"                                                                               \
                         "vs8r.v v8, (%[to])\n\t"                                                                              \
                         "add t1, %[to], t0\n\t"                                                                               \
                         "vs8r.v v16, (t1)\n\t"                                                                                \
                         : [sum] "+r"(sum), [turns] "+r"(turns)                                                                \
                         : [to] "r"(to), [from] "r"(from), [behind] "r"(behind)                                                \
                         : "memory", "t0", "t1", "t3", "t4", "t5", "t6", "ft0", "ft1", "vl", "vtype", "v0", "v1", "v2", "v3",  \
                           "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18",  \
                           "v19", "v20", "v21", "v22", "v23");                                                                 \
        return sum;                                                                                                            \
    }

// One instruction on an accumulator, and what it makes of an element x of it, with the same elements of the inputs.
#define ADD(v) "vadd.vv " v ", " v ", v0\n\t"
#define AND(v) "vand.vv " v ", " v ", v4\n\t"
#define XOR(v) "vxor.vv " v ", " v ", v4\n\t"
#define MINU(v) "vminu.vv " v ", " v ", v4\n\t"
#define SLL(v) "vsll.vv " v ", v0, " v "\n\t"
#define MUL(v) "vmul.vv " v ", " v ", v0\n\t"
#define MACC(v) "vmacc.vv " v ", v0, v4\n\t"
#define DIVU(v) "vdivu.vv " v ", v0, " v "\n\t"
#define GATHER(v) "vrgather.vi " v ", v0, 0\n\t"
#define LOAD(v) "vle32.v " v ", (%[from])\n\t"
#define STORE(v) "vse32.v " v ", (%[behind])\n\t"
#define FADD(v) "vfadd.vv " v ", " v ", v0\n\t"
#define FMUL(v) "vfmul.vv " v ", " v ", v4\n\t"
#define FMACC(v) "vfmacc.vv " v ", v0, v4\n\t"

typedef struct {
    uint32_t a, b, first; // first: element 0 of a
} Inputs;
typedef uint32_t Step(uint32_t x, Inputs in);

static inline float number(uint32_t bits) { return __builtin_bit_cast(float, bits); }
static inline uint32_t bits_of(float number) { return __builtin_bit_cast(uint32_t, number); }
#define STEP(NAME, RESULT)                                                                                                     \
    static inline uint32_t step_##NAME(uint32_t x, Inputs in) {                                                                \
        (void)x, (void)in;                                                                                                     \
        return RESULT;                                                                                                         \
    }
STEP(ADD, x + in.a)
STEP(AND, x & in.b)
STEP(XOR, x ^ in.b)
STEP(MINU, x < in.b ? x : in.b)
STEP(SLL, in.a << (x & 31))
STEP(MUL, x * in.a)
STEP(MACC, x + in.a * in.b)
STEP(DIVU, x ? in.a / x : UINT32_MAX)
STEP(GATHER, in.first)
STEP(LOAD, in.a)
STEP(STORE, x)
STEP(FADD, bits_of(number(x) + number(in.a)))
STEP(FMUL, bits_of(number(x) * number(in.b)))
STEP(FMACC, bits_of(__builtin_elementwise_fma(number(in.a), number(in.b), number(x))))

// Elements in a register.
static inline size_t register_elements(void) {
    size_t bytes;
    __asm__("csrr %0, vlenb" : "=r"(bytes));
    return bytes / 4;
}

static inline Inputs inputs_of(const uint32_t *in, size_t lane) {
    return (Inputs){in[lane], in[4 * register_elements() + lane], in[0]};
}

static inline void fill_inputs(void) {
    uint64_t seed = 10;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        inputs[i] = bits_of(random_value(&seed));
}

#endif
