// The small part of the C library that the examples use: printf and its kin, exit, strings.
// Doubles are printed exactly: the value is expanded to all its decimal digits, then rounded half to even.
#include "rt.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *buffer;   // NULL: straight to the console, through `line`
    size_t size;    // of the buffer
    size_t count;   // characters produced so far
    size_t pending; // characters in `line`
    char line[128];
} Output;

typedef struct {
    bool left, zero, plus, space, alternate;
    int width;
    int precision; // -1: not given
} Format;

static void flush(Output *out) {
    rt_write(out->line, out->pending);
    out->pending = 0;
}

static void put(Output *out, char c) {
    if (out->buffer) {
        if (out->count + 1 < out->size)
            out->buffer[out->count] = c;
    } else {
        out->line[out->pending++] = c;
        if (out->pending == sizeof out->line)
            flush(out);
    }
    out->count++;
}

static void repeat(Output *out, char c, int count) {
    for (int i = 0; i < count; i++)
        put(out, c);
}

// Sign or prefix, zeros and body in the field's width.
static void put_field(Output *out, const Format *format, const char *prefix, int zeros, const char *body, int length) {
    int padding = format->width - (int)strlen(prefix) - zeros - length;
    if (format->zero && !format->left && padding > 0) {
        zeros += padding;
        padding = 0;
    }
    if (!format->left)
        repeat(out, ' ', padding);
    while (*prefix)
        put(out, *prefix++);
    repeat(out, '0', zeros);
    for (int i = 0; i < length; i++)
        put(out, body[i]);
    if (format->left)
        repeat(out, ' ', padding);
}

static const char *sign_of(const Format *format, bool negative) {
    return negative ? "-" : format->plus ? "+" : format->space ? " " : "";
}

static void put_integer(Output *out, Format format, uint64_t value, unsigned base, bool upper, const char *prefix) {
    char digits[64];
    int length = 0;
    for (uint64_t rest = value; rest != 0; rest /= base) {
        unsigned digit = (unsigned)(rest % base);
        digits[sizeof digits - 1 - length++] = (char)(digit < 10 ? '0' + digit : (upper ? 'A' : 'a') + digit - 10);
    }
    int wanted = format.precision < 0 ? 1 : format.precision;
    if (format.precision >= 0)
        format.zero = false;
    put_field(out, &format, prefix, wanted > length ? wanted - length : 0, digits + sizeof digits - length, length);
}

// All decimal digits of a finite double: 0.d0 d1 d2… times 10^point. At most 767 digits are significant.
typedef struct {
    char digit[800];
    int count;
    int point;
} Decimal;

static void multiply(uint32_t *limb, int *limbs, uint32_t factor) {
    uint64_t carry = 0;
    for (int i = 0; i < *limbs; i++) {
        carry += (uint64_t)limb[i] * factor;
        limb[i] = (uint32_t)(carry % 1000000000);
        carry /= 1000000000;
    }
    if (carry)
        limb[(*limbs)++] = (uint32_t)carry;
}

static void drop_zeros(Decimal *decimal) {
    while (decimal->count && decimal->digit[decimal->count - 1] == 0)
        decimal->count--;
}

static void expand(double value, Decimal *decimal) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 2047);
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent)
        mantissa |= UINT64_C(1) << 52;
    else
        exponent = 1;
    exponent -= 1075;
    decimal->count = decimal->point = 0;
    if (mantissa == 0)
        return;
    while (exponent < 0 && (mantissa & 1) == 0) {
        mantissa >>= 1;
        exponent++;
    }
    // m·2^e is an integer for e ≥ 0; for e < 0 it is m·5^-e with the point moved by -e digits. Base 10^9, low limb first.
    uint32_t limb[92] = {(uint32_t)(mantissa % 1000000000), (uint32_t)(mantissa / 1000000000)};
    int limbs = limb[1] ? 2 : 1;
    for (int i = 0; i < exponent; i++)
        multiply(limb, &limbs, 2);
    for (int i = 0; i < -exponent; i++)
        multiply(limb, &limbs, 5);
    for (int i = limbs - 1; i >= 0; i--) {
        uint32_t unit = 100000000;
        for (int k = 0; k < 9; k++, unit /= 10) {
            char digit = (char)(limb[i] / unit % 10);
            if (decimal->count || digit)
                decimal->digit[decimal->count++] = digit;
        }
    }
    decimal->point = decimal->count + (exponent < 0 ? exponent : 0);
    drop_zeros(decimal);
}

// Keeps the first `keep` digits (possibly none or fewer than none), rounding half to even.
static void round_to(Decimal *decimal, int keep) {
    if (keep >= decimal->count)
        return;
    bool up = false;
    if (keep >= 0) {
        char next = decimal->digit[keep];
        bool tie = next == 5 && keep + 1 == decimal->count;
        up = tie ? keep > 0 && decimal->digit[keep - 1] % 2 == 1 : next >= 5;
    }
    decimal->count = keep > 0 ? keep : 0;
    if (!up) {
        drop_zeros(decimal);
        return;
    }
    int i = decimal->count - 1;
    while (i >= 0 && decimal->digit[i] == 9)
        i--;
    decimal->count = i + 1;
    if (i >= 0) {
        decimal->digit[i]++;
    } else {
        decimal->digit[decimal->count++] = 1;
        decimal->point += 1;
    }
}

static char digit_at(const Decimal *decimal, int index) {
    return (char)('0' + (index >= 0 && index < decimal->count ? decimal->digit[index] : 0));
}

static void put_double(Output *out, Format format, double value, char conversion) {
    char text[1600];
    int length = 0;
    bool upper = conversion < 'a';
    char kind = (char)(conversion | 0x20);
    const char *sign = sign_of(&format, __builtin_signbit(value));
    if (__builtin_isnan(value) || __builtin_isinf(value)) {
        format.zero = false;
        bool nan = __builtin_isnan(value);
        put_field(out, &format, sign, 0, nan ? upper ? "NAN" : "nan" : upper ? "INF" : "inf", 3);
        return;
    }
    int precision = format.precision < 0 ? 6 : format.precision > 600 ? 600 : format.precision;
    Decimal decimal;
    expand(value, &decimal);
    bool shorten = false;
    if (kind == 'g') {
        if (precision == 0)
            precision = 1;
        round_to(&decimal, precision);
        int exponent = decimal.count ? decimal.point - 1 : 0;
        kind = exponent < -4 || exponent >= precision ? 'e' : 'f';
        precision = kind == 'e' ? precision - 1 : precision - 1 - exponent;
        shorten = !format.alternate;
    } else {
        round_to(&decimal, kind == 'e' ? precision + 1 : decimal.point + precision);
    }
    if (kind == 'e') {
        int exponent = decimal.count ? decimal.point - 1 : 0;
        if (shorten && precision > decimal.count - 1)
            precision = decimal.count ? decimal.count - 1 : 0;
        text[length++] = digit_at(&decimal, 0);
        if (precision || format.alternate)
            text[length++] = '.';
        for (int i = 1; i <= precision; i++)
            text[length++] = digit_at(&decimal, i);
        text[length++] = upper ? 'E' : 'e';
        text[length++] = exponent < 0 ? '-' : '+';
        int magnitude = exponent < 0 ? -exponent : exponent;
        if (magnitude >= 100)
            text[length++] = (char)('0' + magnitude / 100);
        text[length++] = (char)('0' + magnitude / 10 % 10);
        text[length++] = (char)('0' + magnitude % 10);
    } else {
        int fraction = decimal.count > decimal.point ? decimal.count - decimal.point : 0;
        if (shorten && precision > fraction)
            precision = decimal.count ? fraction : 0;
        int whole = decimal.count && decimal.point > 0 ? decimal.point : 0;
        if (whole == 0)
            text[length++] = '0';
        for (int i = 0; i < whole; i++)
            text[length++] = digit_at(&decimal, i);
        if (precision || format.alternate)
            text[length++] = '.';
        for (int i = 0; i < precision; i++)
            text[length++] = digit_at(&decimal, decimal.point + i);
    }
    put_field(out, &format, sign, 0, text, length);
}

static int64_t signed_argument(va_list *arguments, int longs) {
    return longs >= 1 ? va_arg(*arguments, int64_t) : va_arg(*arguments, int);
}

static uint64_t unsigned_argument(va_list *arguments, int longs) {
    return longs >= 1 ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned);
}

static int number(const char **format, va_list *arguments) {
    if (**format == '*') {
        ++*format;
        return va_arg(*arguments, int);
    }
    int value = 0;
    while (**format >= '0' && **format <= '9')
        value = value * 10 + *(*format)++ - '0';
    return value;
}

static void print(Output *out, const char *text, va_list *arguments) {
    for (; *text; text++) {
        if (*text != '%') {
            put(out, *text);
            continue;
        }
        Format format = {.precision = -1};
        for (text++;; text++) {
            if (*text == '-')
                format.left = true;
            else if (*text == '0')
                format.zero = true;
            else if (*text == '+')
                format.plus = true;
            else if (*text == ' ')
                format.space = true;
            else if (*text == '#')
                format.alternate = true;
            else
                break;
        }
        format.width = number(&text, arguments);
        if (format.width < 0) {
            format.left = true;
            format.width = -format.width;
        }
        if (*text == '.') {
            text++;
            format.precision = number(&text, arguments);
        }
        int longs = 0;
        for (; *text == 'l' || *text == 'z' || *text == 'j' || *text == 't'; text++)
            longs++;
        switch (*text) {
        case 'd':
        case 'i': {
            int64_t value = signed_argument(arguments, longs);
            uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
            put_integer(out, format, magnitude, 10, false, sign_of(&format, value < 0));
            break;
        }
        case 'u':
            put_integer(out, format, unsigned_argument(arguments, longs), 10, false, "");
            break;
        case 'x':
        case 'X': {
            uint64_t value = unsigned_argument(arguments, longs);
            bool upper = *text == 'X';
            put_integer(out, format, value, 16, upper, format.alternate && value ? upper ? "0X" : "0x" : "");
            break;
        }
        case 'p':
            put_integer(out, format, (uintptr_t)va_arg(*arguments, void *), 16, false, "0x");
            break;
        case 'c': {
            char c = (char)va_arg(*arguments, int);
            put_field(out, &format, "", 0, &c, 1);
            break;
        }
        case 's': {
            const char *string = va_arg(*arguments, const char *);
            int length = 0;
            while ((format.precision < 0 || length < format.precision) && string[length])
                length++;
            format.zero = false;
            put_field(out, &format, "", 0, string, length);
            break;
        }
        case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
            put_double(out, format, va_arg(*arguments, double), *text);
            break;
        case '%':
            put(out, '%');
            break;
        default:
            rt_write("printf: unknown conversion\n", 27);
            rt_exit(EXIT_FAILURE);
        }
    }
}

int vsnprintf(char *buffer, size_t size, const char *format, va_list arguments) {
    char nothing;
    Output out = {.buffer = size ? buffer : &nothing, .size = size};
    va_list copy;
    va_copy(copy, arguments);
    print(&out, format, &copy);
    va_end(copy);
    if (size)
        buffer[out.count < size ? out.count : size - 1] = 0;
    return (int)out.count;
}

int snprintf(char *buffer, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(buffer, size, format, arguments);
    va_end(arguments);
    return count;
}

int printf(const char *format, ...) {
    Output out = {0};
    va_list arguments;
    va_start(arguments, format);
    print(&out, format, &arguments);
    va_end(arguments);
    flush(&out);
    return (int)out.count;
}

int puts(const char *text) {
    rt_write(text, strlen(text));
    rt_write("\n", 1);
    return 0;
}

int putchar(int c) {
    char byte = (char)c;
    rt_write(&byte, 1);
    return (unsigned char)c;
}

_Noreturn void exit(int status) { rt_exit(status); }

_Noreturn void abort(void) { rt_exit(128 + 6); }

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

int strcmp(const char *left, const char *right) {
    while (*left && *left == *right) {
        left++;
        right++;
    }
    return (unsigned char)*left - (unsigned char)*right;
}
