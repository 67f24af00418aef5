# Start-up code for one hart in machine mode, and the way from a trap to report_trap().
# Hart 0 runs main(); other harts sleep.

    .section .text.start, "ax"
    .globl _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la t0, trap_entry
    csrw mtvec, t0
    csrr t0, mhartid
    bnez t0, sleep

    # Floating-point, vector and matrix state on (mstatus.FS, .VS and, where there are matrices, .MS = initial).
    li t0, 0x2002200
    csrs mstatus, t0
    csrw fcsr, zero

    la sp, __stack_top
    la t0, __bss_start
    la t1, __bss_end
clear:
    bgeu t0, t1, cleared
    sd zero, 0(t0)
    addi t0, t0, 8
    j clear
cleared:
    li a0, 0
    la a1, no_arguments
    li a2, 0
    call main
    call exit

sleep:
    wfi
    j sleep

    # mtvec wants 4-byte alignment. A trap here is always the end: no registers need saving.
    .balign 4
trap_entry:
    la sp, __stack_top
    csrr a0, mcause
    csrr a1, mepc
    csrr a2, mtval
    call report_trap

    .section .rodata
    .balign 8
no_arguments:
    .dword 0
