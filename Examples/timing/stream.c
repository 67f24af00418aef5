// out = (in + 7) · 13 for elements of 32 bits: load, add, multiply, store, each waiting for the one before and each in another unit. By
// scalar instructions; by vectors of each LMUL with vsetvli in the loop (m1 to m8); with vl set once (m1-fixed to m8-fixed); and two
// groups at a time whose instructions alternate (m1-two to m4-two). The loops of vectors are in assembly. n is in elements.
#include "timing.h"

enum { MOST = 65536, BIAS = 7, FACTOR = 13 };
static _Alignas(4096) uint32_t source[MOST + MARGIN], target[MOST + MARGIN];
static _Alignas(4096) uint32_t expected[MOST];

static uint64_t scalar(void *to, const void *from, size_t n) {
    uint32_t *out = to;
    const uint32_t *in = from;
    for (const uint32_t *end = in + n; in != end; in++, out++)
        *out = (*in + BIAS) * FACTOR;
    return 0;
}

#define WORK(v) "vadd.vi " v ", " v ", 7\n\tvmul.vx " v ", " v ", %[factor]\n\t"
#define REGISTERS                                                                                                              \
    [out] "+r"(to), [in] "+r"(from), [n] "+r"(n)                                                                               \
        : [factor] "r"(FACTOR)                                                                                                 \
        : "memory", "t0", "t1", "vl", "vtype", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15"

// What is left, less than a group or many.
#define STRIPS(LMUL)                                                                                                           \
    static uint64_t by_##LMUL(void *to, const void *from, size_t n) {                                                          \
        if (n == 0)                                                                                                            \
            return 0;                                                                                                          \
        __asm__ volatile(".balign 64\n"                                                                                        \
                         "1:\n\t"                                                                                              \
                         "vsetvli t0, %[n], e32, " #LMUL ", ta, ma\n\t"                                                        \
                         "vle32.v v8, (%[in])\n\t"                                                                             \
                         "sub %[n], %[n], t0\n\t"                                                                              \
                         "slli t1, t0, 2\n\t"                                                                                  \
                         "add %[in], %[in], t1\n\t" WORK("v8") "vse32.v v8, (%[out])\n\t"                                      \
                         "add %[out], %[out], t1\n\t"                                                                          \
                         "bnez %[n], 1b\n\t"                                                                                   \
                         : REGISTERS);                                                                                         \
        return 0;                                                                                                              \
    }                                                                                                                          \
    static uint64_t fixed_##LMUL(void *to, const void *from, size_t n) {                                                       \
        __asm__ volatile("vsetvli t0, zero, e32, " #LMUL ", ta, ma\n\t"                                                        \
                         "slli t1, t0, 2\n\t"                                                                                  \
                         "bltu %[n], t0, 2f\n\t"                                                                               \
                         ".balign 64\n"                                                                                        \
                         "1:\n\t"                                                                                              \
                         "vle32.v v8, (%[in])\n\t"                                                                             \
                         "sub %[n], %[n], t0\n\t"                                                                              \
                         "add %[in], %[in], t1\n\t" WORK("v8") "vse32.v v8, (%[out])\n\t"                                      \
                         "add %[out], %[out], t1\n\t"                                                                          \
                         "bgeu %[n], t0, 1b\n"                                                                                 \
                         "2:\n\t"                                                                                              \
                         : REGISTERS);                                                                                         \
        return by_##LMUL(to, from, n);                                                                                         \
    }
STRIPS(m1)
STRIPS(m2)
STRIPS(m4)
STRIPS(m8)

#define TWO(LMUL)                                                                                                              \
    static uint64_t two_##LMUL(void *to, const void *from, size_t n) {                                                         \
        __asm__ volatile("vsetvli t0, zero, e32, " #LMUL ", ta, ma\n\t"                                                        \
                         "slli t1, t0, 2\n\t"                                                                                  \
                         "slli t0, t0, 1\n\t"                                                                                  \
                         "bltu %[n], t0, 2f\n\t"                                                                               \
                         ".balign 64\n"                                                                                        \
                         "1:\n\t"                                                                                              \
                         "vle32.v v8, (%[in])\n\t"                                                                             \
                         "add %[in], %[in], t1\n\t"                                                                            \
                         "vle32.v v12, (%[in])\n\t"                                                                            \
                         "add %[in], %[in], t1\n\t"                                                                            \
                         "vadd.vi v8, v8, 7\n\t"                                                                               \
                         "vadd.vi v12, v12, 7\n\t"                                                                             \
                         "vmul.vx v8, v8, %[factor]\n\t"                                                                       \
                         "vmul.vx v12, v12, %[factor]\n\t"                                                                     \
                         "sub %[n], %[n], t0\n\t"                                                                              \
                         "vse32.v v8, (%[out])\n\t"                                                                            \
                         "add %[out], %[out], t1\n\t"                                                                          \
                         "vse32.v v12, (%[out])\n\t"                                                                           \
                         "add %[out], %[out], t1\n\t"                                                                          \
                         "bgeu %[n], t0, 1b\n"                                                                                 \
                         "2:\n\t"                                                                                              \
                         : REGISTERS);                                                                                         \
        return by_##LMUL(to, from, n);                                                                                         \
    }
TWO(m1)
TWO(m2)
TWO(m4)

static void reference(void *from, size_t n) { scalar(expected, from, n); }
static void clear(void *to, size_t n) { clear_result(to, 4 * n); }

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)from, (void)result;
    return different(to, expected, 4 * n) + wrong_margins(to, 4 * n);
}

static const Variant variants[] = {
    {"scalar", scalar, NULL},
    {"m1", by_m1, NULL}, {"m2", by_m2, NULL}, {"m4", by_m4, NULL}, {"m8", by_m8, NULL},
    {"m1-fixed", fixed_m1, NULL}, {"m2-fixed", fixed_m2, NULL}, {"m4-fixed", fixed_m4, NULL}, {"m8-fixed", fixed_m8, NULL},
    {"m1-two", two_m1, NULL}, {"m2-two", two_m2, NULL}, {"m4-two", two_m4, NULL},
    {0},
};

// Both arrays count: 24 KiB at 3072.
static const Family family = {
    .name = "stream", .to = target + MARGIN / 4, .from = source, .element = 4, .sizes = {64, 256, 1024, 3072, MOST},
    .reference = reference, .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) {
    fill(source, sizeof source, 9);
    return measure(&family, argc, argv);
}
