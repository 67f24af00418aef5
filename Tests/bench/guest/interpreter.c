// A small virtual machine that runs a program in its own byte code: an indirect jump for each step, hard to predict.
// The program finds which start below LIMIT takes the most steps in Collatz's game, then counts primes by trial division.
#include "bench.h"

typedef enum {
    MOVE, LOAD, ADD, SUB, MUL, REM, SHR, AND, ADDI, JUMP, JUMP_ZERO, JUMP_LESS, STORE, FETCH, CALL, RETURN, HALT,
} Code;

typedef struct {
    uint8_t code, a, b, c;
    int32_t value;
} Step;

// Registers.
enum { LIMIT, N, STEPS, BEST, BEST_START, ONE, THREE, MASK, T, DIVISOR, PRIMES, END, SQUARE, HASH, ADDRESS, REGISTERS };

static const Step program[] = {
    // Collatz, from 1 up to the limit in r[LIMIT] (set from outside, like MASK).
    [0] = {LOAD, ONE, 0, 0, 1},
    [1] = {LOAD, THREE, 0, 0, 3},
    [2] = {LOAD, END, 0, 0, 1},
    [3] = {MOVE, N, END, 0, 0},
    [4] = {LOAD, STEPS, 0, 0, 0},
    [5] = {CALL, 0, 0, 0, 14},
    [6] = {JUMP_LESS, STEPS, BEST, 0, 9},
    [7] = {MOVE, BEST, STEPS, 0, 0},
    [8] = {MOVE, BEST_START, END, 0, 0},
    [9] = {AND, ADDRESS, END, MASK, 0},
    [10] = {STORE, ADDRESS, STEPS, 0, 0},
    [11] = {ADDI, END, END, 0, 1},
    [12] = {JUMP_LESS, END, LIMIT, 0, 3},
    [13] = {JUMP, 0, 0, 0, 24},
    // The game: until N is 1, halve it or take (3N + 1) / 2.
    [14] = {SUB, T, N, ONE, 0},
    [15] = {JUMP_ZERO, T, 0, 0, 23},
    [16] = {ADDI, STEPS, STEPS, 0, 1},
    [17] = {AND, T, N, ONE, 0},
    [18] = {JUMP_ZERO, T, 0, 0, 21},
    [19] = {MUL, N, N, THREE, 0},
    [20] = {ADDI, N, N, 0, 1},
    [21] = {SHR, N, N, 0, 1},
    [22] = {JUMP, 0, 0, 0, 14},
    [23] = {RETURN, 0, 0, 0, 0},
    // Primes: trial division by 3, 5, 7, … and a hash over what the first part has stored.
    [24] = {LOAD, N, 0, 0, 5},
    [25] = {LOAD, DIVISOR, 0, 0, 3},
    [26] = {MUL, SQUARE, DIVISOR, DIVISOR, 0},
    [27] = {JUMP_LESS, N, SQUARE, 0, 32},
    [28] = {REM, T, N, DIVISOR, 0},
    [29] = {JUMP_ZERO, T, 0, 0, 33},
    [30] = {ADDI, DIVISOR, DIVISOR, 0, 2},
    [31] = {JUMP, 0, 0, 0, 26},
    [32] = {ADDI, PRIMES, PRIMES, 0, 1},
    [33] = {AND, ADDRESS, N, MASK, 0},
    [34] = {FETCH, T, ADDRESS, 0, 0},
    [35] = {MUL, HASH, HASH, THREE, 0},
    [36] = {ADD, HASH, HASH, T, 0},
    [37] = {ADDI, N, N, 0, 2},
    [38] = {JUMP_LESS, N, LIMIT, 0, 25},
    [39] = {HALT, 0, 0, 0, 0},
};

static uint64_t memory[1024];

static uint64_t run(uint64_t limit) {
    uint64_t r[REGISTERS] = {[LIMIT] = limit, [MASK] = sizeof memory / sizeof memory[0] - 1};
    int stack[16], depth = 0;
    for (const Step *step = program;;) {
        const Step s = *step++;
        switch ((Code)s.code) {
        case MOVE: r[s.a] = r[s.b]; break;
        case LOAD: r[s.a] = (uint64_t)(int64_t)s.value; break;
        case ADD: r[s.a] = r[s.b] + r[s.c]; break;
        case SUB: r[s.a] = r[s.b] - r[s.c]; break;
        case MUL: r[s.a] = r[s.b] * r[s.c]; break;
        case REM: r[s.a] = r[s.b] % r[s.c]; break;
        case SHR: r[s.a] = r[s.b] >> s.value; break;
        case AND: r[s.a] = r[s.b] & r[s.c]; break;
        case ADDI: r[s.a] = r[s.b] + (uint64_t)(int64_t)s.value; break;
        case JUMP: step = program + s.value; break;
        case JUMP_ZERO: if (r[s.a] == 0) step = program + s.value; break;
        case JUMP_LESS: if (r[s.a] < r[s.b]) step = program + s.value; break;
        case STORE: memory[r[s.a]] = r[s.b]; break;
        case FETCH: r[s.a] = memory[r[s.b]]; break;
        case CALL: stack[depth++] = (int)(step - program); step = program + s.value; break;
        case RETURN: step = program + stack[--depth]; break;
        case HALT: return mix(mix(mix(r[BEST], r[BEST_START]), r[PRIMES]), r[HASH]);
        }
    }
}

uint64_t kernel(void) {
    uint64_t sum = 0;
    for (uint64_t round = scaled(24); round > 0; round--)
        sum = mix(sum, run(6000 + round));
    return sum;
}
