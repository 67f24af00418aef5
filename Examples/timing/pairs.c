// Two kinds of vector instructions that alternate, each on accumulators of its own: whether they share a pipe. An accumulator is used again
// after 16 instructions at LMUL 1, 8 at LMUL 2, 4 at LMUL 4. n is in vector instructions, of which each turn of a loop has 16.
#include "sequences.h"

#define FOUR_m1(X, Y, A, B, C, D) X("v" #A) Y("v" #B) X("v" #C) Y("v" #D)
#define BODY_m1(X, Y) FOUR_m1(X, Y, 8, 9, 10, 11) FOUR_m1(X, Y, 12, 13, 14, 15) FOUR_m1(X, Y, 16, 17, 18, 19) FOUR_m1(X, Y, 20, 21, 22, 23)
#define HALF_m2(X, Y) X("v8") Y("v10") X("v12") Y("v14") X("v16") Y("v18") X("v20") Y("v22")
#define BODY_m2(X, Y) HALF_m2(X, Y) HALF_m2(X, Y)
#define FOURTH_m4(X, Y) X("v8") Y("v12") X("v16") Y("v20")
#define BODY_m4(X, Y) FOURTH_m4(X, Y) FOURTH_m4(X, Y) FOURTH_m4(X, Y) FOURTH_m4(X, Y)

// What is alternated.
#define PAIRS(PAIR)                                                                                                            \
    PAIR(ADD, ADD, "vadd+vadd")                                                                                                \
    PAIR(ADD, AND, "vadd+vand")                                                                                                \
    PAIR(AND, XOR, "vand+vxor")                                                                                                \
    PAIR(ADD, MINU, "vadd+vminu")                                                                                              \
    PAIR(ADD, SLL, "vadd+vsll")                                                                                                \
    PAIR(SLL, SLL, "vsll+vsll")                                                                                                \
    PAIR(ADD, MUL, "vadd+vmul")                                                                                                \
    PAIR(MUL, MUL, "vmul+vmul")                                                                                                \
    PAIR(MUL, SLL, "vmul+vsll")                                                                                                \
    PAIR(MACC, ADD, "vmacc+vadd")                                                                                              \
    PAIR(DIVU, ADD, "vdivu+vadd")                                                                                              \
    PAIR(GATHER, ADD, "vrgather+vadd")                                                                                         \
    PAIR(LOAD, ADD, "vle32+vadd")                                                                                              \
    PAIR(LOAD, MUL, "vle32+vmul")                                                                                              \
    PAIR(LOAD, FMACC, "vle32+vfmacc")                                                                                          \
    PAIR(STORE, ADD, "vse32+vadd")                                                                                             \
    PAIR(LOAD, STORE, "vle32+vse32")                                                                                           \
    PAIR(FADD, FMUL, "vfadd+vfmul")                                                                                            \
    PAIR(FMACC, FMACC, "vfmacc+vfmacc")                                                                                        \
    PAIR(FMACC, ADD, "vfmacc+vadd")                                                                                            \
    PAIR(FMACC, SLL, "vfmacc+vsll")                                                                                            \
    PAIR(FMACC, AND, "vfmacc+vand")                                                                                            \
    PAIR(FMACC, MUL, "vfmacc+vmul")

typedef struct {
    Step *x, *y;
    size_t lmul;
} Pair;

#define FUNCTIONS(X, Y, NAME)                                                                                                  \
    SEQUENCE(X##_##Y##_m1, m1, BODY_m1(X, Y))                                                                                  \
    SEQUENCE(X##_##Y##_m2, m2, BODY_m2(X, Y))                                                                                  \
    SEQUENCE(X##_##Y##_m4, m4, BODY_m4(X, Y))
PAIRS(FUNCTIONS)

static void clear(void *to, size_t n) {
    (void)n;
    clear_result(to, 16 * 4 * register_elements());
}

// The first and the last element of each accumulator.
static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)result;
    const Pair *pair = variant->detail;
    const size_t w = register_elements(), vl = pair->lmul * w, steps = n / PER_TURN * pair->lmul;
    const uint32_t *in = from, *out = to;
    size_t count = wrong_margins(to, 16 * 4 * w);
    for (size_t k = 0; k < 16 / pair->lmul; k++)
        for (size_t lane = 0; lane < vl; lane += vl - 1) {
            const Inputs both = inputs_of(in, lane);
            Step *step = k % 2 ? pair->y : pair->x;
            uint32_t x = in[FIRST_ACCUMULATOR * w + k * vl + lane];
            for (size_t i = 0; i < steps; i++)
                x = step(x, both);
            count += out[k * vl + lane] != x;
        }
    return count;
}

#define VARIANTS(X, Y, NAME)                                                                                                   \
    {NAME "-m1", X##_##Y##_m1, &(const Pair){step_##X, step_##Y, 1}},                                                          \
    {NAME "-m2", X##_##Y##_m2, &(const Pair){step_##X, step_##Y, 2}},                                                          \
    {NAME "-m4", X##_##Y##_m4, &(const Pair){step_##X, step_##Y, 4}},
static const Variant variants[] = {PAIRS(VARIANTS){0}};

static const Family family = {
    .name = "pairs", .to = results + MARGIN / 4, .from = inputs, .sizes = {64, 256, 1024, 4096},
    .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill_inputs();
    return measure(&family, argc, argv);
}
