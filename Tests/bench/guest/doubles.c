// Doubles that round at nearly every step: planets under gravity, the Mandelbrot set, solving linear equations.
#include "bench.h"
#include <math.h>

static uint64_t bits_of(double value) { return __builtin_bit_cast(uint64_t, value); }

static uint64_t seed = 0x9E3779B97F4A7C15;

static double random_unit(void) { return (double)(next_random(&seed) >> 11) * 0x1p-53; }

// Gravity, leap-frog steps.
enum { BODIES = 6 };
typedef struct { double x, y, z, vx, vy, vz, mass; } Body;
static Body body[BODIES];

static uint64_t orbiting(int steps) {
    const double step = 0.001;
    for (int n = 0; n < steps; n++) {
        for (int i = 0; i < BODIES; i++)
            for (int j = i + 1; j < BODIES; j++) {
                double x = body[i].x - body[j].x, y = body[i].y - body[j].y, z = body[i].z - body[j].z;
                double square = x * x + y * y + z * z + 0.01;
                double pull = step / (square * sqrt(square));
                body[i].vx -= x * body[j].mass * pull;
                body[i].vy -= y * body[j].mass * pull;
                body[i].vz -= z * body[j].mass * pull;
                body[j].vx += x * body[i].mass * pull;
                body[j].vy += y * body[i].mass * pull;
                body[j].vz += z * body[i].mass * pull;
            }
        for (int i = 0; i < BODIES; i++) {
            body[i].x += step * body[i].vx;
            body[i].y += step * body[i].vy;
            body[i].z += step * body[i].vz;
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < BODIES; i++)
        sum = mix(sum, bits_of(body[i].x) ^ bits_of(body[i].vz));
    return sum;
}

// Mandelbrot: how long each point stays bounded.
static uint64_t bounding(double left, double top, double width, int points) {
    uint64_t sum = 0;
    for (int row = 0; row < points; row++)
        for (int column = 0; column < points; column++) {
            double cx = left + width * column / points, cy = top + width * row / points, x = 0, y = 0;
            int count = 0;
            while (count < 100 && x * x + y * y < 4) {
                double next = x * x - y * y + cx;
                y = 2 * x * y + cy;
                x = next;
                count++;
            }
            sum = mix(sum, (uint64_t)count);
        }
    return sum;
}

// Linear equations: elimination with partial pivoting, back substitution, residual.
enum { ORDER = 48 };
static double matrix[ORDER][ORDER], work[ORDER][ORDER], target[ORDER], unknown[ORDER];

static uint64_t solving(void) {
    for (int i = 0; i < ORDER; i++) {
        target[i] = unknown[i] = random_unit();
        for (int j = 0; j < ORDER; j++)
            matrix[i][j] = work[i][j] = random_unit() - 0.5;
    }
    for (int k = 0; k < ORDER; k++) {
        int pivot = k;
        for (int i = k + 1; i < ORDER; i++)
            if (fabs(work[i][k]) > fabs(work[pivot][k]))
                pivot = i;
        if (pivot != k) {
            for (int j = 0; j < ORDER; j++) {
                double swapped = work[k][j];
                work[k][j] = work[pivot][j];
                work[pivot][j] = swapped;
            }
            double swapped = unknown[k];
            unknown[k] = unknown[pivot];
            unknown[pivot] = swapped;
        }
        for (int i = k + 1; i < ORDER; i++) {
            double factor = work[i][k] / work[k][k];
            for (int j = k + 1; j < ORDER; j++)
                work[i][j] -= factor * work[k][j];
            unknown[i] -= factor * unknown[k];
        }
    }
    for (int i = ORDER - 1; i >= 0; i--) {
        for (int j = i + 1; j < ORDER; j++)
            unknown[i] -= work[i][j] * unknown[j];
        unknown[i] /= work[i][i];
    }
    double worst = 0;
    for (int i = 0; i < ORDER; i++) {
        double residual = -target[i];
        for (int j = 0; j < ORDER; j++)
            residual += matrix[i][j] * unknown[j];
        if (fabs(residual) > worst)
            worst = fabs(residual);
    }
    return worst < 1e-9 ? bits_of(unknown[0]) : 0;
}

uint64_t kernel(void) {
    for (int i = 0; i < BODIES; i++)
        body[i] = (Body){random_unit() * 10, random_unit() * 10, random_unit(), random_unit() - 0.5, random_unit() - 0.5,
                         random_unit() * 0.1, random_unit() + 0.1};
    uint64_t sum = 0;
    for (uint64_t round = scaled(120); round > 0; round--) {
        sum = mix(sum, orbiting(500));
        sum = mix(sum, bounding(-0.75 - 0.001 * (double)round, 0.05, 0.1, 24));
        sum = mix(sum, solving());
    }
    return sum;
}
