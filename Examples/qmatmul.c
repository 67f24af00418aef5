// A quantised layer as inference engines run it: int8 activations with a zero point, int8 weights with one scale per output
// channel, int32 sums, a bias, requantisation to int8 in fixed point, and a clamp. Checked element by element against a
// plain reference that divides. Exit status 0: no element differs.
#include <stdint.h>
#include <stdio.h>

enum { ROWS = 48, DEPTH = 256, CHANNELS = 64, ZERO_POINT = -3, OUTPUT_ZERO_POINT = 5 };

static int8_t activations[ROWS][DEPTH];
static int8_t weights[CHANNELS][DEPTH];
static int32_t bias[CHANNELS];
static int32_t column_sum[CHANNELS];
static struct { int32_t multiplier; int shift; } scale[CHANNELS]; // multiplier · 2^-shift
static int8_t output[ROWS][CHANNELS];

// Four channels at a time: each activation is loaded once for all of them.
void qmatmul(void) {
    for (int n = 0; n < CHANNELS; n++) {
        column_sum[n] = 0;
        for (int k = 0; k < DEPTH; k++)
            column_sum[n] += weights[n][k];
    }
    for (int m = 0; m < ROWS; m++)
        for (int n = 0; n < CHANNELS; n += 4) {
            int32_t sum[4] = {0};
            for (int k = 0; k < DEPTH; k++)
                for (int i = 0; i < 4; i++)
                    sum[i] += activations[m][k] * weights[n + i][k];
            for (int i = 0; i < 4; i++) {
                // The zero point leaves the inner loop: Σ(a - z)·w = Σa·w - z·Σw.
                int64_t value = (int64_t)sum[i] - ZERO_POINT * column_sum[n + i] + bias[n + i];
                int64_t half = INT64_C(1) << (scale[n + i].shift - 1);
                value = (value * scale[n + i].multiplier + half) >> scale[n + i].shift;
                value += OUTPUT_ZERO_POINT;
                output[m][n + i] = (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
            }
        }
}

static int8_t reference(int m, int n) {
    int64_t sum = bias[n];
    for (int k = 0; k < DEPTH; k++)
        sum += (int64_t)(activations[m][k] - ZERO_POINT) * weights[n][k];
    int64_t unit = INT64_C(1) << scale[n].shift;
    int64_t value = sum * scale[n].multiplier + unit / 2; // round half up, then divide downwards
    int64_t quotient = value / unit;
    if (value % unit < 0)
        quotient--;
    quotient += OUTPUT_ZERO_POINT;
    return (int8_t)(quotient < -128 ? -128 : quotient > 127 ? 127 : quotient);
}

static uint32_t random_bits(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}

int main(void) {
    uint64_t seed = 2;
    for (int m = 0; m < ROWS; m++)
        for (int k = 0; k < DEPTH; k++)
            activations[m][k] = (int8_t)random_bits(&seed);
    for (int n = 0; n < CHANNELS; n++) {
        for (int k = 0; k < DEPTH; k++)
            weights[n][k] = (int8_t)random_bits(&seed);
        bias[n] = (int32_t)(random_bits(&seed) % 20000) - 10000;
        scale[n].multiplier = (int32_t)(1 << 30 | random_bits(&seed) >> 2);
        scale[n].shift = 40;
    }
    qmatmul();

    int wrong = 0, clamped = 0;
    uint64_t checksum = UINT64_C(14695981039346656037);
    for (int m = 0; m < ROWS; m++)
        for (int n = 0; n < CHANNELS; n++) {
            wrong += output[m][n] != reference(m, n);
            clamped += output[m][n] == -128 || output[m][n] == 127;
            checksum = (checksum ^ (uint8_t)output[m][n]) * UINT64_C(1099511628211);
        }
    printf("qmatmul %d x %d x %d: %d of %d elements differ, %d clamped, checksum %016lx: %s\n", ROWS, CHANNELS, DEPTH, wrong,
           ROWS * CHANNELS, clamped, (unsigned long)checksum, wrong ? "WRONG" : "ok");
    return wrong ? 1 : 0;
}
