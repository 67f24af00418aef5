// A second implementation of XuanTie's matrix extension, as far as the kernels of Examples/rvm use it: linked to one of them, it catches SIGILL and
// does what the instruction says. So they run where there is no such extension, as under qemu-riscv64. Written from shared/specs/rvm.md alone.
//
// RVM_VERSION (6 or 3), RVM_TLEN and RVM_TRLEN (0.6), RVM_RLEN (0.3) come from the environment; ELEN is 32. Sums of floating-point products begin
// at +0 and are added to the accumulator last, each step rounded to nearest; flags are not kept.
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { MOST_BYTES = 1 << 16 };

static uint8_t registers[8][MOST_BYTES];
static int version = 6;
static size_t rows = 16, tile_row = 64, accumulator_row = 64; // bytes of a row
static uint64_t size_m, size_n, size_k;

static long from_environment(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

static size_t row_of(unsigned r) { return version == 3 || r < 4 ? tile_row : accumulator_row; }
static void *element(unsigned r, size_t i, size_t j, size_t bytes) { return registers[r] + i * row_of(r) + j * bytes; }

// ---- Half precision, in the 113 bits of a long double, where a product and a sum of halves are exact

static long double half_to(uint16_t h) {
    const int exponent = h >> 10 & 31, fraction = h & 1023;
    const long double size = exponent == 31 ? (fraction ? NAN : INFINITY) : exponent ? ldexpl(1024 + fraction, exponent - 25) : ldexpl(fraction, -24);
    return h >> 15 ? -size : size;
}

static uint16_t half_from(long double x) {
    const uint16_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x))
        return 0x7e00;
    long double size = fabsl(x);
    if (isinf(size))
        return sign | 0x7c00;
    if (size == 0)
        return sign;
    int exponent;
    frexpl(size, &exponent); // size in [2^(exponent - 1), 2^exponent)
    const int last = exponent - 11 > -24 ? exponent - 11 : -24;
    size = ldexpl(rintl(ldexpl(size, -last)), last);
    if (size > 65504)
        return sign | 0x7c00;
    if (size < 0x1p-14L)
        return sign | (uint16_t)ldexpl(size, 24);
    frexpl(size, &exponent);
    return sign | (uint16_t)((exponent + 14) << 10 | ((int)ldexpl(size, 11 - exponent) & 1023));
}

static float bfloat_to(uint16_t b) {
    const uint32_t bits = (uint32_t)b << 16;
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

// ---- Instructions

enum kind { BYTES, HALVES, SINGLES, BFLOATS };

// C[i][j] += Σ A[i][k] · B[j][k] for i < m, j < n, 0 elsewhere. `b_rows`: how many rows of B one register has.
static void multiply(enum kind kind, unsigned md, unsigned b, unsigned a, size_t depth, size_t b_rows) {
    const size_t in = kind == BYTES ? 1 : kind == SINGLES ? 4 : 2, out = kind == HALVES ? 2 : 4;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < row_of(md) / out; j++) {
            void *c = element(md, i, j, out);
            if (i >= size_m || j >= size_n) {
                memset(c, 0, out);
                continue;
            }
            uint32_t whole = 0;
            float single = 0;
            uint16_t half = 0;
            for (size_t k = 0; k < depth; k++) {
                const void *x = element(a, i, k, in), *y = element(b + (unsigned)(j / b_rows), j % b_rows, k, in);
                if (kind == BYTES)
                    whole += (uint32_t)(*(const int8_t *)x * *(const int8_t *)y);
                else if (kind == SINGLES)
                    single = fmaf(*(const float *)x, *(const float *)y, single);
                else if (kind == BFLOATS)
                    single = fmaf(bfloat_to(*(const uint16_t *)x), bfloat_to(*(const uint16_t *)y), single);
                else
                    half = half_from(half_to(*(const uint16_t *)x) * half_to(*(const uint16_t *)y) + half_to(half));
            }
            if (depth == 0)
                continue;
            if (kind == BYTES)
                *(uint32_t *)c += whole;
            else if (kind == HALVES)
                *(uint16_t *)c = half_from(half_to(half) + half_to(*(uint16_t *)c));
            else
                *(float *)c = single + *(float *)c;
        }
}

static void load(unsigned r, uint64_t base, uint64_t stride, size_t lines, size_t bytes) {
    memset(registers[r], 0, rows * row_of(r));
    for (size_t i = 0; i < lines; i++)
        memcpy(element(r, i, 0, 1), (const void *)(base + i * stride), bytes);
}

static void store(unsigned r, uint64_t base, uint64_t stride, size_t lines, size_t bytes) {
    for (size_t i = 0; i < lines; i++)
        memcpy((void *)(base + i * stride), element(r, i, 0, 1), bytes);
}

static int newest(uint32_t word, const uint64_t *x) {
    const unsigned func4 = word >> 28, uop = word >> 26 & 3, bit25 = word >> 25 & 1, control = word >> 23 & 7;
    const unsigned md = word >> 7 & 7, ms2 = word >> 20 & 7, ms1 = word >> 15 & 7, d_size = word >> 10 & 3, s_size = word >> 18 & 3;
    const uint64_t rs1 = x[word >> 15 & 31], rs2 = x[word >> 20 & 31];
    if (word >> 12 & 7)
        return 0;
    switch (uop) {
    case 0: {
        if (func4 == 0)
            return word == 0x2b;
        const uint64_t value = bit25 ? rs1 : word >> 15 & 1023;
        if (func4 == 1)
            size_k = value;
        else if (func4 == 2)
            size_m = value;
        else
            size_n = value;
        return func4 < 4;
    }
    case 1: {
        if (func4 > 2)
            return 0;
        const size_t lines = func4 == 1 ? size_n : size_m, bytes = (func4 == 2 ? size_n : size_k) << d_size;
        (bit25 ? store : load)(md, rs1, rs2, lines, bytes);
        return 1;
    }
    case 2:
        if (func4 == 1 && control == 3 && s_size == 0 && d_size == 2)
            multiply(BYTES, md, ms2, ms1, size_k, rows);
        else if (func4 == 0 && control == 0 && s_size == 2 && d_size == 2)
            multiply(SINGLES, md, ms2, ms1, size_k, rows);
        else if (func4 == 0 && control == 0 && s_size == 1 && d_size == 1)
            multiply(HALVES, md, ms2, ms1, size_k, rows);
        else if (func4 == 0 && control == 1 && s_size == 1 && d_size == 2)
            multiply(BFLOATS, md, ms2, ms1, size_k, rows);
        else
            return 0;
        return 1;
    default:
        if (func4 != 0)
            return 0;
        for (unsigned i = 0; i <= control; i++)
            memset(registers[md + i], 0, MOST_BYTES);
        return 1;
    }
}

static int vendor(uint32_t word, uint64_t *x) {
    const unsigned func4 = word >> 28, uop = word >> 25 & 7, md = word >> 15 & 7, ms2 = word >> 21 & 7, ms1 = word >> 18 & 7, size = word >> 10 & 3;
    const uint64_t rs1 = x[word >> 15 & 31], rs2 = x[word >> 20 & 31];
    if (word >> 12 & 7)
        return 0;
    switch (uop) {
    case 0:
        if (func4 == 10)
            memset(registers[md], 0, MOST_BYTES);
        else if (func4 == 1 && size == 2)
            multiply(SINGLES, md, ms2, ms1, size_k / 4, rows);
        else if (func4 == 1 && size == 1)
            multiply(HALVES, md, ms2, ms1, size_k / 2, rows);
        else if (func4 == 2 && size == 0 && (word >> 7 & 7) == 0)
            multiply(BYTES, md, ms2, ms1, size_k, rows);
        else
            return 0;
        return 1;
    case 4:
    case 5:
        if (func4 > 1)
            return 0;
        (uop == 5 ? store : load)(word >> 7 & 7, rs1, rs2, size_m, size_k);
        return 1;
    case 7: {
        if (func4 == 7)
            return word == 0x7e00002b;
        const uint64_t value = func4 >= 8 ? rs1 : word >> 18 & 127;
        if ((func4 & 7) == 0)
            size_k = value & 65535;
        else if ((func4 & 7) == 1)
            size_m = value & 255;
        else if ((func4 & 7) == 2)
            size_n = value & 255;
        else
            return 0;
        if (word >> 7 & 31)
            x[word >> 7 & 31] = size_m | size_n << 8 | size_k << 16;
        return 1;
    }
    default: return 0;
    }
}

static int read_register(uint32_t word, uint64_t *x) {
    const unsigned number = word >> 20, rd = word >> 7 & 31;
    uint64_t value;
    if ((word >> 12 & 7) != 2 || (word >> 15 & 31))
        return 0;
    if (number == 0xcc1)
        value = version == 3 ? tile_row : rows * tile_row;
    else if (number == 0xcc2 && version == 6)
        value = tile_row;
    else
        return 0;
    if (rd)
        x[rd] = value;
    return 1;
}

static void emulate(int number, siginfo_t *info, void *context) {
    (void)info;
    ucontext_t *at = context;
    uint64_t *x = (uint64_t *)at->uc_mcontext.__gregs, pc = x[0];
    uint32_t word;
    memcpy(&word, (const void *)pc, 4);
    x[0] = 0;
    const int done = (word & 127) == 0x2b ? (version == 3 ? vendor(word, x) : newest(word, x)) : (word & 127) == 0x73 ? read_register(word, x) : 0;
    if (!done) {
        fprintf(stderr, "rvm-emulator: no such instruction: %08x at %lx\n", word, (unsigned long)pc);
        signal(number, SIG_DFL);
        x[0] = pc;
        return;
    }
    x[0] = pc + 4;
}

__attribute__((constructor)) static void install(void) {
    version = (int)from_environment("RVM_VERSION", 6);
    if (version == 3) {
        tile_row = (size_t)from_environment("RVM_RLEN", 128) / 8;
        rows = tile_row / 4;
    } else {
        tile_row = (size_t)from_environment("RVM_TRLEN", 512) / 8;
        rows = (size_t)from_environment("RVM_TLEN", 8192) / 8 / tile_row;
        accumulator_row = rows * 4;
    }
    struct sigaction action = {.sa_sigaction = emulate, .sa_flags = SA_SIGINFO};
    sigaction(SIGILL, &action, NULL);
}
