// How many steps of z = z² + c stay within |z| <= 2, at most 32, in singles: point by point, and by vectors of LMUL 1, 2 and 4, which
// go on until no point of theirs is left. The same operations in the same order everywhere: the counts are equal. n is in points.
#include "timing.h"
#include <riscv_vector.h>

enum { MOST = 24576, STEPS = 32, COLUMNS = 32 };
static _Alignas(4096) float source[2 * MOST]; // a real and an imaginary part for each point
static _Alignas(4096) uint32_t target[MOST + MARGIN];
static _Alignas(4096) uint32_t expected[MOST];

// One multiplication is fused with an addition, wherever it stands: no compiler decides.
static uint64_t scalar(void *to, const void *from, size_t n) {
    uint32_t *out = to;
    const float *c = from;
    for (size_t i = 0; i < n; i++, c += 2) {
        float x = 0, y = 0;
        uint32_t steps = 0;
        for (; steps < STEPS; steps++) {
            float x2 = x * x, norm = __builtin_elementwise_fma(y, y, x2);
            if (!(norm <= 4))
                break;
            float twice = x + x;
            x = __builtin_elementwise_fma(-y, y, x2) + c[0];
            y = __builtin_elementwise_fma(twice, y, c[1]);
        }
        out[i] = steps;
    }
    return 0;
}

#define VECTORS(LMUL, RATIO)                                                                                                   \
    static uint64_t by_##LMUL(void *to, const void *from, size_t n) {                                                          \
        uint32_t *out = to;                                                                                                    \
        const float *c = from;                                                                                                 \
        for (size_t vl; n > 0; n -= vl, c += 2 * vl, out += vl) {                                                              \
            vl = __riscv_vsetvl_e32##LMUL(n);                                                                                  \
            vfloat32##LMUL##x2_t both = __riscv_vlseg2e32_v_f32##LMUL##x2(c, vl);                                              \
            vfloat32##LMUL##_t cx = __riscv_vget_f32##LMUL(both, 0), cy = __riscv_vget_f32##LMUL(both, 1);                     \
            vfloat32##LMUL##_t x = __riscv_vfmv_v_f_f32##LMUL(0, vl), y = x;                                                   \
            vuint32##LMUL##_t steps = __riscv_vmv_v_x_u32##LMUL(0, vl);                                                        \
            vbool##RATIO##_t within = __riscv_vmset_m_b##RATIO(vl);                                                            \
            for (int step = 0; step < STEPS; step++) {                                                                         \
                vfloat32##LMUL##_t x2 = __riscv_vfmul(x, x, vl), norm = __riscv_vfmacc(x2, y, y, vl);                          \
                within = __riscv_vmand(within, __riscv_vmfle(norm, 4, vl), vl);                                                \
                if (__riscv_vfirst(within, vl) < 0)                                                                            \
                    break;                                                                                                     \
                steps = __riscv_vadd_mu(within, steps, steps, 1, vl);                                                          \
                vfloat32##LMUL##_t twice = __riscv_vfadd(x, x, vl);                                                            \
                x = __riscv_vfadd(__riscv_vfnmsac(x2, y, y, vl), cx, vl);                                                      \
                y = __riscv_vfmadd(y, twice, cy, vl);                                                                          \
            }                                                                                                                  \
            __riscv_vse32(out, steps, vl);                                                                                     \
        }                                                                                                                      \
        return 0;                                                                                                              \
    }
VECTORS(m1, 32)
VECTORS(m2, 16)
VECTORS(m4, 8)

// Rows of 32 points through [-2, 0.5), which go on through [-1.25, 1.25).
static void reference(void *from, size_t n) {
    float *c = from;
    for (size_t i = 0; i < n; i++) {
        c[2 * i] = -2 + 2.5f / COLUMNS * (float)(i % COLUMNS);
        c[2 * i + 1] = -1.25f + 2.5f / (float)n * (float)i;
    }
    scalar(expected, from, n);
}

static void clear(void *to, size_t n) { clear_result(to, 4 * n); }

static size_t wrong(const Variant *variant, const void *to, const void *from, size_t n, uint64_t result) {
    (void)variant, (void)from, (void)result;
    return different(to, expected, 4 * n) + wrong_margins(to, 4 * n);
}

static const Variant variants[] = {{"scalar", scalar, NULL}, {"m1", by_m1, NULL}, {"m2", by_m2, NULL}, {"m4", by_m4, NULL}, {0}};

// Points and counts: 24 KiB at 2048. Slopes depend on the points, too, which are others for each n.
static const Family family = {
    .name = "mandelbrot", .to = target + MARGIN / 4, .from = source, .element = 4, .sizes = {64, 256, 1024, 2048, MOST},
    .reference = reference, .clear = clear, .wrong = wrong, .variants = variants,
};

int main(int argc, char **argv) { return measure(&family, argc, argv); }
