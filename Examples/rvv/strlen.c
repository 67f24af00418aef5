// strlen by fault-only-first loads: it may read past the terminator, but only as far as memory goes. Tried on strings that
// end at the last byte before a page that cannot be read. Exact.
#include "kernel.h"
#include <riscv_vector.h>
#include <stdio.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#ifndef LENGTH
#define LENGTH 4000
#endif
enum { PAGE = 4096, PAGES = LENGTH / PAGE + 2 }; // one before the string's end is its own, the last is the guard

size_t rvv_strlen(const char *text) {
    const uint8_t *byte = (const uint8_t *)text;
    for (size_t all = __riscv_vsetvlmax_e8m8(), read;; byte += read) {
        vuint8m8_t bytes = __riscv_vle8ff_v_u8m8(byte, &read, all);
        long end = __riscv_vfirst_m_b1(__riscv_vmseq_vx_u8m8_b1(bytes, 0, read), read);
        if (end >= 0)
            return (size_t)(byte - (const uint8_t *)text) + (size_t)end;
    }
}

static _Alignas(PAGE) char memory[PAGES][PAGE];
static char *const limit = memory[PAGES - 1]; // strings end here

// Makes the last page unreadable. On bare metal by physical memory protection: entry 0, locked (it binds machine mode too),
// one naturally aligned page without rights; what no entry matches stays open to machine mode.
static int guard(void) {
#ifdef __linux__
    return mprotect(limit, PAGE, PROT_NONE) == 0;
#else
    uintptr_t page = (uintptr_t)limit >> 2 | (PAGE / 8 - 1);
    __asm__ volatile("csrw pmpaddr0, %0\n\tcsrw pmpcfg0, %1\n\tsfence.vma" : : "r"(page), "r"(0x98L) : "memory");
    return 1;
#endif
}

static void fill(void) {
    memset(memory[0], 'x', (size_t)(PAGES - 1) * PAGE);
    limit[-1] = 0;
}

static const char *volatile text = memory[PAGES - 1] - 1 - LENGTH;
static volatile uint64_t measured;

static void work(void) { measured = rvv_strlen(text); }

static uint64_t result(void) { return measured; }

static size_t scalar_strlen(const char *from) {
    size_t length = 0;
    while (from[length])
        length++;
    return length;
}

int main(void) {
    fill();
    int guarded = guard(), wrong = !guarded, strings = 0;
    // Every length up to 200 at the very end; then the terminator inside, with other bytes behind it.
    for (int length = 0; length <= 200; length++, strings++)
        wrong += rvv_strlen(limit - 1 - length) != scalar_strlen(limit - 1 - length);
    for (int end = 1; end <= LENGTH; end += end / 2 + 1) {
        limit[-1 - end] = 0;
        for (int start = end; start < end + 70 && start <= LENGTH; start += 23, strings++)
            wrong += rvv_strlen(limit - 1 - start) != scalar_strlen(limit - 1 - start);
        limit[-1 - end] = 'x';
    }
    repeat(work);
    wrong += result() != LENGTH;
    printf("rvv strlen %d strings before an unreadable page, one of %lu: %d wrong: %s\n", strings, (unsigned long)result(), wrong,
           wrong ? "WRONG" : "ok");
    return wrong ? 1 : 0;
}
