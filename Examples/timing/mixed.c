// Vector instructions beside others: scalar work between them, vsetvli between them, and values that go to scalar registers and back.
// n is in vector instructions (without vsetvli and moves), of which each turn of a loop has 16, on 16 accumulators at LMUL 1 unless the
// name says otherwise.
#include "sequences.h"

#define ALL(X, Y)                                                                                                              \
    X("v8") Y X("v9") Y X("v10") Y X("v11") Y X("v12") Y X("v13") Y X("v14") Y X("v15") Y                                      \
    X("v16") Y X("v17") Y X("v18") Y X("v19") Y X("v20") Y X("v21") Y X("v22") Y X("v23") Y
#define FOUR(X) X X X X
#define SIXTEEN(X) FOUR(X) FOUR(X) FOUR(X) FOUR(X)

// Scalar instructions that wait for each other only (%[sum]) or not at all (t3 to t5).
#define COUNT "addi %[sum], %[sum], 1\n\t"
#define INDEPENDENT "addi t3, t0, 1\n\t"
#define SECOND "addi t4, t0, 2\n\t"
#define THIRD "addi t5, t0, 3\n\t"
SEQUENCE(alone, m1, ALL(ADD, ""))
SEQUENCE(one_scalar, m1, ALL(ADD, COUNT))
SEQUENCE(two_scalar, m1, ALL(ADD, COUNT INDEPENDENT))
SEQUENCE(four_scalar, m1, ALL(ADD, COUNT INDEPENDENT SECOND THIRD))
SEQUENCE(scalar_load, m1, ALL(ADD, "lw t3, 0(%[from])\n\t"))
SEQUENCE(scalar_store, m1, ALL(ADD, "sw zero, 0(%[behind])\n\t"))
SEQUENCE(scalar_multiply, m1, ALL(ADD, "mul t3, t0, t0\n\t"))
SEQUENCE(branch, m1, ALL(ADD, "bne zero, zero, 1b\n\t"))
SEQUENCE(float_scalar, m1, "fmv.w.x ft0, zero\n\t" ALL(FMACC, "fadd.s ft1, ft0, ft0\n\t"))

// The same type again, with vl from a register, and another type each time: vand does not mind of what size elements are.
SEQUENCE(same_type, m1, ALL(ADD, "vsetvli zero, zero, e32, m1, ta, ma\n\t"))
SEQUENCE(vl_from_register, m1, ALL(ADD, "vsetvli t3, t0, e32, m1, ta, ma\n\t"))
#define BYTES_AND(v) "vsetvli t3, zero, e8, m1, ta, ma\n\t" AND(v) "vsetvli t3, zero, e32, m1, ta, ma\n\t"
SEQUENCE(two_types, m1, ALL(BYTES_AND, ""))
SEQUENCE(one_type, m1, ALL(AND, ""))

// Element 0 to a scalar register, which adds it up or adds 5, and back.
#define TO_SCALAR(v) ADD(v) "vmv.x.s t3, " v "\n\tadd %[sum], %[sum], t3\n\t"
SEQUENCE(to_scalar, m1, ALL(TO_SCALAR, ""))
SEQUENCE(round_trip, m1, "vsetvli t3, zero, e32, m1, tu, ma\n\t"
         SIXTEEN("vmv.x.s t3, v8\n\taddi t3, t3, 5\n\tvmv.s.x v8, t3\n\t" ADD("v8")))
#define FROM_SCALAR(v) "addi %[sum], %[sum], 1\n\tvadd.vx " v ", " v ", %[sum]\n\t"
SEQUENCE(from_scalar, m1, ALL(FROM_SCALAR, ""))

typedef enum { ADDS, ANDS, FMACCS, ROUND_TRIPS, SCALARS } Work;
typedef struct {
    Work work;
    enum { NOTHING, ONES, FIRST } sum; // what is added to the sum with each vector instruction
} Mixture;

// Accumulator k at `lane`, after `turns`.
static uint32_t expected(Work work, uint32_t x, Inputs in, size_t k, size_t lane, size_t turns) {
    for (size_t i = 0; i < turns; i++) {
        if (work == ADDS)
            x = step_ADD(x, in);
        else if (work == ANDS)
            x = step_AND(x, in);
        else if (work == FMACCS)
            x = step_FMACC(x, in);
        else if (work == SCALARS)
            x += (uint32_t)(PER_TURN * i + k + 1);
        else if (k == 0)
            x += PER_TURN * (in.a + (lane == 0 ? 5 : 0));
    }
    return x;
}

static void clear(void *to, size_t n) {
    (void)n;
    clear_result(to, 16 * 4 * register_elements());
}

// The first and the last element of each accumulator, and the sum.
static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    const Mixture *mixture = variant->detail;
    const size_t w = register_elements(), turns = n / PER_TURN;
    const uint32_t *in = from, *out = to;
    size_t count = wrong_margins(to, 16 * 4 * w);
    uint64_t sum = mixture->sum == ONES ? n : 0;
    for (size_t k = 0; k < 16; k++) {
        const uint32_t *start = in + (FIRST_ACCUMULATOR + k) * w;
        for (size_t lane = 0; lane < w; lane += w - 1)
            count += out[k * w + lane] != expected(mixture->work, start[lane], inputs_of(in, lane), k, lane, turns);
        for (size_t i = 1; mixture->sum == FIRST && i <= turns; i++)
            sum += (uint64_t)(int32_t)(start[0] + (uint32_t)i * in[0]);
    }
    return count + (result != sum);
}

#define MIXTURE(WORK, SUM) &(const Mixture){WORK, SUM}
static const Variant variants[] = {
    {"vadd", alone, MIXTURE(ADDS, NOTHING)},
    {"vadd+addi", one_scalar, MIXTURE(ADDS, ONES)},
    {"vadd+2addi", two_scalar, MIXTURE(ADDS, ONES)},
    {"vadd+4addi", four_scalar, MIXTURE(ADDS, ONES)},
    {"vadd+lw", scalar_load, MIXTURE(ADDS, NOTHING)},
    {"vadd+sw", scalar_store, MIXTURE(ADDS, NOTHING)},
    {"vadd+mul", scalar_multiply, MIXTURE(ADDS, NOTHING)},
    {"vadd+bne", branch, MIXTURE(ADDS, NOTHING)},
    {"vfmacc+fadd.s", float_scalar, MIXTURE(FMACCS, NOTHING)},
    {"vadd+vsetvli", same_type, MIXTURE(ADDS, NOTHING)},
    {"vadd+vsetvli-vl", vl_from_register, MIXTURE(ADDS, NOTHING)},
    {"vand", one_type, MIXTURE(ANDS, NOTHING)},
    {"vand+2vsetvli", two_types, MIXTURE(ANDS, NOTHING)},
    {"vadd+vmv.x.s", to_scalar, MIXTURE(ADDS, FIRST)},
    {"vadd.vx", from_scalar, MIXTURE(SCALARS, ONES)},
    {"vmv.x.s>vmv.s.x>vadd", round_trip, MIXTURE(ROUND_TRIPS, NOTHING)},
    {0},
};

static const Family family = {
    .name = "mixed", .to = results + MARGIN / 4, .from = inputs, .sizes = {64, 256, 1024, 4096},
    .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill_inputs();
    return measure(&family, argc, argv);
}
