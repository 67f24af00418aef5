// 2-D convolution, 3 x 3, several input and output channels, no padding, stride 1: im2col, then one product on matrix registers. Each pixel
// of the output is a row of the nine pixels under it, of all channels, and a one that takes the bias.
#define RVV_KERNEL_ONLY
#include "../rvv/conv.c"

#define ELEMENT float
#define RESULT float
#ifndef RVM03
#define VERSION "0.6"
#define LOAD_A rvm_mlae32
#define LOAD_B rvm_mlbe32
#define MULTIPLY rvm_mfmacc_s
#define STORE_C rvm_msce32
#else
#define VERSION "0.3"
#define LOAD rvm03_mldw
#define MULTIPLY rvm03_fmmacc_s
#define STORE rvm03_mstw
#endif
#include "gemm.h"

// See float.h.
#ifndef ROUNDED
#define ROUNDED 0
#endif

enum { DEPTH = INPUTS * TAPS * TAPS + 1, PIXELS = OUT_HEIGHT * OUT_WIDTH };

static float in[INPUTS][HEIGHT][WIDTH], weight[OUTPUTS][DEPTH], columns[PIXELS][DEPTH];
static float out[OUTPUTS][PIXELS], plain[OUTPUTS][INPUTS][TAPS][TAPS], bias[OUTPUTS], vector[OUTPUTS][PIXELS];

// out[o][pixel] = weight[o] · columns[pixel]
static void rvm_conv(void) {
    for (size_t y = 0; y < OUT_HEIGHT; y++)
        for (size_t x = 0; x < OUT_WIDTH; x++) {
            float *to = columns[y * OUT_WIDTH + x];
            for (size_t c = 0; c < INPUTS; c++)
                for (size_t v = 0; v < TAPS; v++)
                    for (size_t u = 0; u < TAPS; u++)
                        *to++ = in[c][y + v][x + u];
            *to = 1;
        }
    rvm_gemm(OUTPUTS, PIXELS, DEPTH, weight[0], DEPTH, columns[0], DEPTH, out[0], PIXELS);
}

static float number(uint64_t *seed, int rounds) { return rounds ? random_value(seed) : (float)((int)(random_bits(seed) % 7) - 3); }

int main(void) {
    uint64_t seed = 16, sum = CHECKSUM_START;
    int wrong = 0, differ = 0, beyond = 0;
    for (int rounds = 0; rounds < 2; rounds++) {
        for (size_t i = 0; i < sizeof in / sizeof(float); i++)
            in[0][0][i] = number(&seed, rounds);
        for (size_t o = 0; o < OUTPUTS; o++) {
            for (size_t i = 0; i < DEPTH - 1; i++)
                weight[o][i] = plain[o][0][0][i] = number(&seed, rounds);
            weight[o][DEPTH - 1] = bias[o] = number(&seed, rounds);
        }
        rvm_conv();
        rvv_conv(INPUTS, OUTPUTS, HEIGHT, WIDTH, in[0][0], plain[0][0][0], bias, vector[0]);
        for (size_t o = 0; o < OUTPUTS; o++)
            for (size_t p = 0; p < PIXELS; p++) {
                double exact = 0, magnitude = 0;
                for (size_t c = 0, i = 0; c < INPUTS; c++)
                    for (size_t v = 0; v < TAPS; v++)
                        for (size_t u = 0; u < TAPS; u++, i++) {
                            const double product = (double)in[c][p / OUT_WIDTH + v][p % OUT_WIDTH + u] * (double)plain[o][0][0][i];
                            exact += product;
                            magnitude += fabs(product);
                        }
                exact += (double)bias[o];
                magnitude += fabs((double)bias[o]);
                if (rounds)
                    beyond += !(fabs((double)out[o][p] - exact) <= magnitude * sum_bound(2 * DEPTH, 0x1p-24));
                else
                    wrong += (double)out[o][p] != exact, differ += out[o][p] != vector[o][p];
            }
        if (!rounds || ROUNDED)
            sum = checksum(sum, out, sizeof out);
    }
    const int good = wrong == 0 && differ == 0 && beyond == 0;
    printf("rvm " VERSION " conv2d %d x %d x %d to %d x %d x %d: %d exact sums differ from the reference, %d from the vector kernel, "
           "%d of the others beyond the bound, checksum %016lx: %s\n",
           INPUTS, HEIGHT, WIDTH, OUTPUTS, OUT_HEIGHT, OUT_WIDTH, wrong, differ, beyond, (unsigned long)sum, good ? "ok" : "WRONG");
    return good ? 0 : 1;
}
