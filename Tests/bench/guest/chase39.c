// The chain of chase.c in supervisor mode, behind Sv39 page tables with pages of 4 KiB: nearly every load misses a small TLB.
#define kernel chase
#include "chase.c"
#undef kernel

enum { DRAM = 0x80000000, TABLE = 512, FINE = 64 }; // 128 MiB by small pages, the rest of the gibibyte by large ones

enum { V = 1, R = 2, W = 4, X = 8, A = 64, D = 128, LEAF = V | R | W | X | A | D };

static uint64_t root[TABLE] __attribute__((aligned(4096)));
static uint64_t middle[TABLE] __attribute__((aligned(4096)));
static uint64_t fine[FINE][TABLE] __attribute__((aligned(4096)));

static uint64_t pointer(const uint64_t *table) { return (uint64_t)(uintptr_t)table >> 12 << 10 | V; }

static void map(void) {
    root[2] = pointer(middle);
    root[3] = (uint64_t)0xC0000000 >> 12 << 10 | LEAF;
    for (uint64_t i = 0; i < TABLE; i++)
        middle[i] = i < FINE ? pointer(fine[i]) : ((uint64_t)DRAM + (i << 21)) >> 12 << 10 | LEAF;
    for (uint64_t i = 0; i < FINE * TABLE; i++)
        fine[i / TABLE][i % TABLE] = ((uint64_t)DRAM + (i << 12)) >> 12 << 10 | LEAF;
}

// Calls a function in supervisor mode, and comes back to machine mode by a call.
__attribute__((naked)) static uint64_t in_supervisor_mode(uint64_t (*function)(void)) {
    __asm__("addi sp, sp, -32\n sd ra, 0(sp)\n sd s0, 8(sp)\n sd s1, 16(sp)\n"
            "mv s0, a0\n csrr s1, mtvec\n la t0, 2f\n csrw mtvec, t0\n la t0, 1f\n csrw mepc, t0\n"
            "li t0, 0x1800\n csrc mstatus, t0\n li t0, 0x800\n csrs mstatus, t0\n mret\n"
            "1: jalr s0\n ecall\n"
            ".balign 4\n 2: csrw mtvec, s1\n ld ra, 0(sp)\n ld s0, 8(sp)\n ld s1, 16(sp)\n addi sp, sp, 32\n ret\n");
}

uint64_t kernel(void) {
    map();
    uint64_t satp = (uint64_t)8 << 60 | (uint64_t)(uintptr_t)root >> 12;
    __asm__ volatile("csrw satp, %0\n sfence.vma" ::"r"(satp) : "memory");
    uint64_t result = in_supervisor_mode(chase);
    __asm__ volatile("csrw satp, zero\n sfence.vma" ::: "memory");
    return result;
}
