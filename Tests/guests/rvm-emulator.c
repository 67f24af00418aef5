// A second implementation of XuanTie's matrix extension, as far as the kernels of Examples/rvm use it: linked to one of them, it catches
// SIGILL and does what the instruction says. So they run where there is no such extension, as under qemu-riscv64. Written from
// shared/specs/rvm.md alone. What is illegal there (classes, pairs, sizes beyond a register) ends the program.
//
// RVM_VERSION (6 or 3), RVM_TLEN and RVM_TRLEN (0.6), RVM_RLEN (0.3) come from the environment; ELEN is 32. Sums of floating-point products
// begin at +0 and are added to the accumulator last or, with RVM_CHAIN=1, begin at the accumulator; each step is rounded to nearest. Flags
// are not kept.
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { MOST_BYTES = 1 << 16 };

static uint8_t registers[8][MOST_BYTES];
static int version = 6, chain = 0;
static size_t rows = 16, tile_row = 64, accumulator_row = 64; // bytes of a row
static uint64_t size_m, size_n, size_k;

static long from_environment(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

static size_t row_of(unsigned r) { return version == 3 || r < 4 ? tile_row : accumulator_row; }
static void *element(unsigned r, size_t i, size_t j, size_t bytes) { return registers[r] + i * row_of(r) + j * bytes; }

// ---- Half precision: a finite one is a whole number of 2^-24, so a product or a sum of products is one of 2^-48, exact in 128 bits

static int is_finite(uint16_t h) { return (h >> 10 & 31) != 31; }

static int64_t whole_of(uint16_t h) {
    const int exponent = h >> 10 & 31;
    const int64_t size = exponent ? (int64_t)(1024 + (h & 1023)) << (exponent - 1) : h & 1023;
    return h >> 15 ? -size : size;
}

// The same for an infinity and a NaN too, rounded.
static double about(uint16_t h) {
    if (is_finite(h))
        return (double)whole_of(h);
    return h & 1023 ? (double)NAN : h >> 15 ? -(double)INFINITY : (double)INFINITY;
}

// `whole` times 2^-48, rounded to nearest, ties to even; `zero` is what becomes of 0.
static uint16_t half_from(__int128 whole, uint16_t zero) {
    if (whole == 0)
        return zero;
    const unsigned __int128 size = whole < 0 ? -(unsigned __int128)whole : (unsigned __int128)whole;
    int last = 24; // the place of the last bit that a half keeps: ten below its first, at least 2^-24
    while (size >> last >> 11)
        last++;
    unsigned bits = (unsigned)(size >> last);
    const unsigned __int128 rest = size - ((unsigned __int128)bits << last), middle = (unsigned __int128)1 << (last - 1);
    bits += rest > middle || (rest == middle && (bits & 1));
    // The leading one is carried into the exponent, as is what rounding carries out.
    bits += (unsigned)(last - 24) << 10;
    return (uint16_t)((whole < 0 ? 0x8000 : 0) | (bits < 0x7c00 ? bits : 0x7c00));
}

// x * y + z, rounded once.
static uint16_t half_fma(uint16_t x, uint16_t y, uint16_t z) {
    if (is_finite(x) && is_finite(y) && is_finite(z)) {
        const __int128 product = (__int128)whole_of(x) * whole_of(y);
        // 0 is negative only as a sum of negative zeros.
        const int negative = product == 0 && (x ^ y) >> 15 && z == 0x8000;
        return half_from(product + (__int128)whole_of(z) * (1 << 24), negative ? 0x8000 : 0);
    }
    const double sum = about(x) * about(y) + about(z);
    return isnan(sum) ? 0x7e00 : sum < 0 ? 0xfc00 : 0x7c00;
}

static float bfloat_to(uint16_t b) {
    const uint32_t bits = (uint32_t)b << 16;
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

// ---- Instructions

enum kind { BYTES, HALVES, SINGLES, BFLOATS };

// C[i][j] += Σ A[i][k] · B[j][k] for i < m, j < n, 0 elsewhere. B has `registers_of_b` registers of `rows` each. Whether that is legal.
static int multiply(enum kind kind, unsigned md, unsigned b, unsigned a, size_t depth, size_t registers_of_b) {
    const size_t in = kind == BYTES ? 1 : kind == SINGLES ? 4 : 2, out = kind == HALVES ? 2 : 4, b_rows = rows;
    if (size_m > rows || size_n > rows * registers_of_b || depth > tile_row / in || b % registers_of_b)
        return 0;
    if (version == 3 ? md == a || md == b : md < 4 || a >= 4 || b >= 4)
        return 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < row_of(md) / out; j++) {
            void *c = element(md, i, j, out);
            if (i >= size_m || j >= size_n) {
                memset(c, 0, out);
                continue;
            }
            if (depth == 0)
                continue;
            uint32_t whole = 0;
            float single = 0;
            uint16_t half = 0;
            if (chain) {
                memcpy(&single, c, out == 4 ? 4 : 0);
                memcpy(&half, c, 2);
            }
            for (size_t k = 0; k < depth; k++) {
                const void *x = element(a, i, k, in), *y = element(b + (unsigned)(j / b_rows), j % b_rows, k, in);
                if (kind == BYTES)
                    whole += (uint32_t)(*(const int8_t *)x * *(const int8_t *)y);
                else if (kind == SINGLES)
                    single = fmaf(*(const float *)x, *(const float *)y, single);
                else if (kind == BFLOATS)
                    single = fmaf(bfloat_to(*(const uint16_t *)x), bfloat_to(*(const uint16_t *)y), single);
                else
                    half = half_fma(*(const uint16_t *)x, *(const uint16_t *)y, half);
            }
            if (kind == BYTES)
                *(uint32_t *)c += whole;
            else if (kind == HALVES)
                *(uint16_t *)c = chain ? half : half_fma(half, 0x3c00, *(uint16_t *)c);
            else
                *(float *)c = chain ? single : single + *(float *)c;
        }
    return 1;
}

static int load(unsigned r, uint64_t base, uint64_t stride, size_t lines, size_t bytes) {
    if (lines > rows || bytes > row_of(r))
        return 0;
    memset(registers[r], 0, rows * row_of(r));
    for (size_t i = 0; i < lines; i++)
        memcpy(element(r, i, 0, 1), (const void *)(base + i * stride), bytes);
    return 1;
}

static int store(unsigned r, uint64_t base, uint64_t stride, size_t lines, size_t bytes) {
    if (lines > rows || bytes > row_of(r))
        return 0;
    for (size_t i = 0; i < lines; i++)
        memcpy((void *)(base + i * stride), element(r, i, 0, 1), bytes);
    return 1;
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
        if (func4 > 2 || (func4 == 2) != (md >= 4))
            return 0;
        const size_t lines = func4 == 1 ? size_n : size_m, bytes = (func4 == 2 ? size_n : size_k) << d_size;
        return (bit25 ? store : load)(md, rs1, rs2, lines, bytes);
    }
    case 2:
        if (func4 == 1 && control == 3 && s_size == 0 && d_size == 2)
            return multiply(BYTES, md, ms2, ms1, size_k, 1);
        if (func4 == 0 && control == 0 && s_size == 2 && d_size == 2)
            return multiply(SINGLES, md, ms2, ms1, size_k, 1);
        if (func4 == 0 && control == 0 && s_size == 1 && d_size == 1)
            return multiply(HALVES, md, ms2, ms1, size_k, 1);
        if (func4 == 0 && control == 1 && s_size == 1 && d_size == 2)
            return multiply(BFLOATS, md, ms2, ms1, size_k, 1);
        return 0;
    default:
        // One register, two, four or eight.
        if (func4 != 0 || (control & (control + 1)) || (md & control))
            return 0;
        for (unsigned i = 0; i <= control; i++)
            memset(registers[md + i], 0, MOST_BYTES);
        return 1;
    }
}

static int vendor(uint32_t word, uint64_t *x) {
    const unsigned func4 = word >> 28, uop = word >> 25 & 7, size = word >> 10 & 3;
    const unsigned md = word >> 15 & 7, ms2 = word >> 21 & 7, ms1 = word >> 18 & 7;
    const uint64_t rs1 = x[word >> 15 & 31], rs2 = x[word >> 20 & 31];
    if (word >> 12 & 7)
        return 0;
    switch (uop) {
    case 0:
        if (func4 == 10)
            memset(registers[md], 0, MOST_BYTES);
        else if (func4 == 1 && size == 2)
            return size_k % 4 == 0 && multiply(SINGLES, md, ms2, ms1, size_k / 4, 1);
        else if (func4 == 1 && size == 1)
            return size_k % 2 == 0 && multiply(HALVES, md, ms2, ms1, size_k / 2, 2);
        else if (func4 == 2 && size == 0 && (word >> 7 & 7) == 0)
            return multiply(BYTES, md, ms2, ms1, size_k, 1);
        else
            return 0;
        return 1;
    case 4:
    case 5:
        if (func4 > 1 || size_k % (1u << size))
            return 0;
        return (uop == 5 ? store : load)(word >> 7 & 7, rs1, rs2, size_m, size_k);
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
    int done = 0;
    if ((word & 127) == 0x2b)
        done = version == 3 ? vendor(word, x) : newest(word, x);
    else if ((word & 127) == 0x73)
        done = read_register(word, x);
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
    chain = (int)from_environment("RVM_CHAIN", 0);
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
