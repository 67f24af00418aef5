// Two kinds of vector instructions that alternate on one accumulator, so that each waits for the one before: latencies, and what it costs
// to hand a result over to another pipe. At LMUL 4 the next one may begin before the last element is there, where results are passed on
// as they come. n is in vector instructions, of which each turn of a loop has 16.
#include "sequences.h"

#define FOUR(X, Y) X("v8") Y("v8") X("v8") Y("v8")
#define BODY(X, Y) FOUR(X, Y) FOUR(X, Y) FOUR(X, Y) FOUR(X, Y)

#define CHAINS(CHAIN)                                                                                                          \
    CHAIN(ADD, ADD, "vadd>vadd")                                                                                               \
    CHAIN(XOR, ADD, "vxor>vadd")                                                                                               \
    CHAIN(SLL, ADD, "vsll>vadd")                                                                                               \
    CHAIN(MUL, ADD, "vmul>vadd")                                                                                               \
    CHAIN(MUL, MUL, "vmul>vmul")                                                                                               \
    CHAIN(MACC, MACC, "vmacc>vmacc")                                                                                           \
    CHAIN(MACC, ADD, "vmacc>vadd")                                                                                             \
    CHAIN(DIVU, ADD, "vdivu>vadd")                                                                                             \
    CHAIN(FADD, FADD, "vfadd>vfadd")                                                                                           \
    CHAIN(FMUL, FADD, "vfmul>vfadd")                                                                                           \
    CHAIN(FMACC, FMACC, "vfmacc>vfmacc")                                                                                       \
    CHAIN(FMACC, SLL, "vfmacc>vsll")                                                                                           \
    CHAIN(FMACC, XOR, "vfmacc>vxor")

typedef struct {
    Step *x, *y;
    size_t lmul;
} Chain;

#define FUNCTIONS(X, Y, NAME)                                                                                                  \
    SEQUENCE(X##_##Y##_m1, m1, BODY(X, Y))                                                                                     \
    SEQUENCE(X##_##Y##_m4, m4, BODY(X, Y))
CHAINS(FUNCTIONS)

static void clear(void *to, size_t n) {
    (void)n;
    clear_result(to, 16 * 4 * register_elements());
}

// Each element of the accumulator (after many instructions the first and the last one), and the other registers, which must be as
// they were.
static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)result;
    const Chain *chain = variant->detail;
    const size_t w = register_elements(), vl = chain->lmul * w;
    const uint32_t *in = from, *out = to, *start = in + FIRST_ACCUMULATOR * w;
    size_t count = wrong_margins(to, 16 * 4 * w);
    for (size_t lane = 0; lane < vl; lane += n <= 256 ? 1 : vl - 1) {
        const Inputs both = inputs_of(in, lane);
        uint32_t x = start[lane];
        for (size_t i = 0; i < n / 2; i++)
            x = chain->y(chain->x(x, both), both);
        count += out[lane] != x;
    }
    return count + different(out + vl, start + vl, 4 * (16 * w - vl));
}

#define VARIANTS(X, Y, NAME)                                                                                                   \
    {NAME "-m1", X##_##Y##_m1, &(const Chain){step_##X, step_##Y, 1}},                                                         \
    {NAME "-m4", X##_##Y##_m4, &(const Chain){step_##X, step_##Y, 4}},
static const Variant variants[] = {CHAINS(VARIANTS){0}};

static const Family family = {
    .name = "chains", .to = results + MARGIN / 4, .from = inputs, .sizes = {64, 256, 1024, 4096},
    .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill_inputs();
    return measure(&family, argc, argv);
}
