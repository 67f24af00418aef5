// Checks Examples/rt/builtins.c inside a simulator: every conversion against the instruction that does the same (Zfhmin,
// Zfbfmin), and the block operations on overlapping and odd pieces. Exit status 0: no difference.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BITS16(x) __builtin_bit_cast(uint16_t, x)
#define BITS32(x) __builtin_bit_cast(uint32_t, x)
#define BITS64(x) __builtin_bit_cast(uint64_t, x)
#define FLOAT(x) __builtin_bit_cast(float, (uint32_t)(x))
#define DOUBLE(x) __builtin_bit_cast(double, (uint64_t)(x))

// One instruction of an extension that this file is not compiled for; 16-bit values travel boxed in a float.
#define INSTRUCTION(extension, mnemonic, result, operand)                                                               \
    __asm__(".option push\n.option arch, +" extension "\n" mnemonic " %0, %1\n.option pop" : "=f"(result) : "f"(operand))

static float boxed(uint16_t bits) { return FLOAT(0xffff0000 | bits); }

static uint16_t half_of_float(float x) {
    float result;
    INSTRUCTION("zfhmin", "fcvt.h.s", result, x);
    return (uint16_t)BITS32(result);
}

static uint16_t half_of_double(double x) {
    float result;
    INSTRUCTION("zfhmin", "fcvt.h.d", result, x);
    return (uint16_t)BITS32(result);
}

static uint16_t brain_of_float(float x) {
    float result;
    INSTRUCTION("zfbfmin", "fcvt.bf16.s", result, x);
    return (uint16_t)BITS32(result);
}

// There is no such instruction: round to odd in single precision first, so that the second rounding cannot go wrong.
static uint16_t brain_of_double(double x) {
    float odd;
    __asm__("fcvt.s.d %0, %1, rtz" : "=f"(odd) : "f"(x));
    if (!__builtin_isnan(x) && (double)odd != x)
        odd = FLOAT(BITS32(odd) | 1);
    return brain_of_float(odd);
}

static float float_of_half(uint16_t bits) {
    float result;
    INSTRUCTION("zfhmin", "fcvt.s.h", result, boxed(bits));
    return result;
}

static double double_of_half(uint16_t bits) {
    double result;
    INSTRUCTION("zfhmin", "fcvt.d.h", result, boxed(bits));
    return result;
}

static float float_of_brain(uint16_t bits) {
    float result;
    INSTRUCTION("zfbfmin", "fcvt.s.bf16", result, boxed(bits));
    return result;
}

float __extendbfsf2(__bf16 value);
__bf16 __truncdfbf2(double value);

static long checks, differences;

static void same(const char *what, uint64_t operand, uint64_t got, uint64_t wanted) {
    checks++;
    if (got != wanted && differences++ < 20)
        printf("%s %016lx: %lx, the instruction gives %lx\n", what, operand, got, wanted);
}

static void narrowing(double x) {
    same("half of double", BITS64(x), BITS16((_Float16)x), half_of_double(x));
    same("bfloat16 of double", BITS64(x), BITS16(__truncdfbf2(x)), brain_of_double(x));
}

static void conversions(void) {
    // The low half of a float decides the rounding: exact, ties and their neighbours for both formats and for subnormals.
    static const uint16_t low[] = {0, 1, 0x0fff, 0x1000, 0x1001, 0x2000, 0x3000, 0x5000, 0x7fff, 0x8000, 0x8001, 0xd000, 0xffff};
    for (uint32_t high = 0; high < 65536; high++) {
        uint16_t bits = (uint16_t)high;
        same("float of half", bits, BITS32((float)__builtin_bit_cast(_Float16, bits)), BITS32(float_of_half(bits)));
        same("double of half", bits, BITS64((double)__builtin_bit_cast(_Float16, bits)), BITS64(double_of_half(bits)));
        same("float of bfloat16", bits, BITS32(__extendbfsf2(__builtin_bit_cast(__bf16, bits))), BITS32(float_of_brain(bits)));
        for (size_t i = 0; i < sizeof low / sizeof low[0]; i++) {
            float x = FLOAT(high << 16 | low[i]);
            same("half of float", BITS32(x), BITS16((_Float16)x), half_of_float(x));
            same("bfloat16 of float", BITS32(x), BITS16((__bf16)x), brain_of_float(x));
            // The same value as a double, its two neighbours, and a double of its own.
            uint64_t wide = BITS64((double)x);
            narrowing(DOUBLE(wide));
            narrowing(DOUBLE(wide + 1));
            narrowing(DOUBLE(wide - 1));
            narrowing(DOUBLE((uint64_t)high << 48 | (uint64_t)low[i] << 37));
        }
    }
}

static void blocks(void) {
    unsigned char bytes[96], wanted[96];
    for (size_t from = 0; from < 16; from++)
        for (size_t to = 0; to < 16; to++)
            for (size_t length = 0; length <= 64; length += 1 + length / 8) {
                for (size_t i = 0; i < sizeof bytes; i++)
                    bytes[i] = wanted[i] = (unsigned char)(i * 37 + 11);
                for (size_t i = 0; i < length; i++)
                    wanted[to + i] = (unsigned char)((from + i) * 37 + 11);
                memmove(bytes + to, bytes + from, length);
                same("memmove", length, (uint64_t)memcmp(bytes, wanted, sizeof bytes), 0);
                for (size_t i = 0; i < length; i++)
                    wanted[to + i] = (unsigned char)from;
                memset(bytes + to, (int)from + 256, length);
                same("memset", length, (uint64_t)memcmp(bytes, wanted, sizeof bytes), 0);
                unsigned char copy[96];
                memcpy(copy + to, wanted + from, length);
                same("memcpy", length, (uint64_t)memcmp(copy + to, wanted + from, length), 0);
            }
    same("memcmp", 0, memcmp("\xff", "a", 1) > 0 && memcmp("ab", "ac", 2) < 0 && memcmp("ab", "ac", 1) == 0, 1);
}

int main(void) {
    conversions();
    blocks();
    printf("runtime check: %ld of %ld checks differ\n", differences, checks);
    return differences ? 1 : 0;
}
