// Integer work of several kinds, about equal shares: quicksort, SHA-256, a hash table, a CRC by table, a matrix product, string
// search.
#include "bench.h"
#include <string.h>

static uint64_t seed = 0x2545F4914F6CDD1D;

// Sort.
enum { SORTED = 1 << 13 };
static uint32_t numbers[SORTED];

static void sort(uint32_t *low, uint32_t *high) {
    while (high - low > 12) {
        uint32_t *middle = low + (high - low) / 2, pivot = *middle, *left = low, *right = high;
        while (left <= right) {
            while (*left < pivot)
                left++;
            while (*right > pivot)
                right--;
            if (left <= right) {
                uint32_t swapped = *left;
                *left++ = *right;
                *right-- = swapped;
            }
        }
        if (right - low < high - left) {
            sort(low, right);
            low = left;
        } else {
            sort(left, high);
            high = right;
        }
    }
    for (uint32_t *next = low + 1; next <= high; next++) {
        uint32_t value = *next, *hole = next;
        for (; hole > low && hole[-1] > value; hole--)
            *hole = hole[-1];
        *hole = value;
    }
}

static uint64_t sorting(void) {
    for (int i = 0; i < SORTED; i++)
        numbers[i] = (uint32_t)next_random(&seed);
    sort(numbers, numbers + SORTED - 1);
    uint64_t sum = 0;
    for (int i = 1; i < SORTED; i++)
        sum = mix(sum, numbers[i] - numbers[i - 1]);
    return sum;
}

// SHA-256: the constants are the first 32 bits of the fractional parts of cube roots of primes, computed at the start.
static uint32_t constants[64];

static void make_constants(void) {
    int count = 0;
    for (uint64_t n = 2; count < 64; n++) {
        int prime = 1;
        for (uint64_t d = 2; d * d <= n; d++)
            prime &= n % d != 0;
        if (!prime)
            continue;
        // floor(cbrt(n) * 2^32), bit by bit.
        uint64_t root = 0;
        for (int bit = 34; bit >= 0; bit--) {
            uint64_t trial = root | UINT64_C(1) << bit;
            unsigned __int128 square = (unsigned __int128)trial * trial;
            // trial^3 <= n * 2^96, compared with the low 64 bits of the square apart.
            unsigned __int128 low = (unsigned __int128)(uint64_t)square * trial;
            unsigned __int128 high = (unsigned __int128)(uint64_t)(square >> 64) * trial + (low >> 64);
            if (high < (unsigned __int128)n << 32 || (high == (unsigned __int128)n << 32 && (uint64_t)low == 0))
                root = trial;
        }
        constants[count++] = (uint32_t)root;
    }
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void compress(uint32_t hash[8], const uint8_t *block) {
    uint32_t w[64] = {0}, s[8];
    for (int i = 0; i < 16; i++)
        for (int k = 0; k < 4; k++)
            w[i] = w[i] << 8 | block[4 * i + k];
    for (int i = 16; i < 64; i++) {
        uint32_t small = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t large = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + small + w[i - 7] + large;
    }
    for (int i = 0; i < 8; i++)
        s[i] = hash[i];
    for (int i = 0; i < 64; i++) {
        uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]), majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint32_t first = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + choice + constants[i] + w[i];
        uint32_t second = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + majority;
        for (int k = 7; k > 0; k--)
            s[k] = s[k - 1];
        s[4] += first;
        s[0] = first + second;
    }
    for (int i = 0; i < 8; i++)
        hash[i] += s[i];
}

static uint8_t message[1 << 14];

static uint64_t hashing(void) {
    uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (size_t at = 0; at < sizeof message * 3 / 4; at += 64)
        compress(hash, message + at);
    return (uint64_t)hash[0] << 32 | hash[7];
}

// A hash table with open addressing: insert, look up, delete by tombstone.
enum { SLOTS = 1 << 14 };
static struct { uint64_t key, value; } table[SLOTS];

static size_t slot_of(uint64_t key) {
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 50);
    while (table[at].key != 0 && table[at].key != key)
        at = (at + 1) % SLOTS;
    return at;
}

static uint64_t tabulating(void) {
    memset(table, 0, sizeof table);
    uint64_t start = seed, sum = 0;
    for (int i = 0; i < SLOTS * 2 / 3; i++) {
        uint64_t key = next_random(&seed) | 1;
        size_t at = slot_of(key);
        table[at].key = key;
        table[at].value += (uint64_t)i;
    }
    for (int round = 0; round < 2; round++) {
        uint64_t again = start;
        for (int i = 0; i < SLOTS * 2 / 3; i++)
            sum += table[slot_of((next_random(&again) | 1) + (uint64_t)(round * (i & 2)))].value;
    }
    return sum;
}

// CRC-32 by table.
static uint32_t crc_table[256];

static void make_crc_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (UINT32_C(0xEDB88320) & -(crc & 1));
        crc_table[i] = crc;
    }
}

static uint64_t checking(void) {
    uint32_t crc = ~UINT32_C(0);
    for (int round = 0; round < 6; round++)
        for (size_t i = 0; i < sizeof message; i++)
            crc = crc >> 8 ^ crc_table[(crc ^ message[i]) & 255];
    return crc;
}

// Matrix product of 32-bit integers.
enum { ORDER = 52 };
static int32_t left[ORDER][ORDER], right[ORDER][ORDER], product[ORDER][ORDER];

static uint64_t multiplying(void) {
    for (int i = 0; i < ORDER; i++)
        for (int j = 0; j < ORDER; j++) {
            left[i][j] = (int32_t)next_random(&seed);
            right[i][j] = product[i][j] ^ i;
        }
    uint64_t sum = 0;
    for (int i = 0; i < ORDER; i++)
        for (int j = 0; j < ORDER; j++) {
            int32_t dot = 0;
            for (int k = 0; k < ORDER; k++)
                dot += (int32_t)((uint32_t)left[i][k] * (uint32_t)right[k][j] >> 3);
            product[i][j] = dot;
            sum = mix(sum, (uint32_t)dot);
        }
    return sum;
}

// Horspool's search for short words in text of four letters.
static char text[1 << 14];

static uint64_t searching(void) {
    uint64_t found = 0;
    for (int word = 0; word < 14; word++) {
        char pattern[6];
        size_t length = sizeof pattern, skip[256];
        for (size_t i = 0; i < length; i++)
            pattern[i] = (char)('a' + (next_random(&seed) >> 40) % 4);
        for (int i = 0; i < 256; i++)
            skip[i] = length;
        for (size_t i = 0; i + 1 < length; i++)
            skip[(uint8_t)pattern[i]] = length - 1 - i;
        for (size_t at = 0; at + length <= sizeof text; at += skip[(uint8_t)text[at + length - 1]]) {
            size_t i = length;
            while (i > 0 && text[at + i - 1] == pattern[i - 1])
                i--;
            if (i == 0)
                found = mix(found, at);
        }
    }
    return found;
}

uint64_t kernel(void) {
    make_constants();
    make_crc_table();
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)(next_random(&seed) >> 32);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + (next_random(&seed) >> 40) % 4);
    uint64_t sum = 0;
    for (uint64_t round = scaled(200); round > 0; round--) {
        sum = mix(sum, sorting());
        sum = mix(sum, hashing());
        sum = mix(sum, tabulating());
        sum = mix(sum, checking());
        sum = mix(sum, multiplying());
        sum = mix(sum, searching());
        message[round % sizeof message] ^= (uint8_t)sum;
    }
    return sum;
}
