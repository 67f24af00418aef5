#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <ucontext.h>

/* In a handler: where the frame keeps the vectors. */
static volatile unsigned long magic, size, saved_vl, saved_vlenb, first_byte;
static unsigned long vlenb;

static void handler(int signal, siginfo_t *info, void *context) {
    char *head = (char *)context + 176 + 256 + 520;
    magic = *(uint32_t *)head;
    if (!magic) return;
    size = *(uint32_t *)(head + 4);
    saved_vl = ((unsigned long *)(head + 8))[1];
    saved_vlenb = ((unsigned long *)(head + 8))[4];
    unsigned char *data = (unsigned char *)((unsigned long *)(head + 8))[5];
    first_byte = data[8 * vlenb];
    /* What the interrupted code finds changed: one byte of v9. */
    if (signal == SIGUSR2) data[9 * vlenb] ^= 0xff;
    asm volatile(
        ".option push\n.option arch, +v\n"
        "vsetvli t0, x0, e8, m8, ta, ma\nvmv.v.i v0, 1\nvmv.v.i v8, 2\nvmv.v.i v16, 3\nvmv.v.i v24, 4\ncsrwi vcsr, 7\n"
        ".option pop" ::: "t0", "memory");
}

static int run(int number) {
    unsigned long vl, vtype, vcsr, different = 0;
    static unsigned char before[8 * 8192], after[8 * 8192];
    for (unsigned i = 0; i < sizeof before; i++) before[i] = i * 7 + 3;
    asm volatile(
        ".option push\n.option arch, +v\n"
        "vl8re8.v v8, (%[in])\ncsrwi vcsr, 4\nvsetivli x0, 3, e32, m2, tu, mu\n"
        /* kill(getpid(), number) without a call: nothing may touch the vectors. */
        "li a7, 172\necall\nmv a1, %[number]\nli a7, 129\necall\n"
        "csrr %[vl], vl\ncsrr %[vtype], vtype\ncsrr %[vcsr], vcsr\nvs8r.v v8, (%[out])\n"
        ".option pop"
        : [vl] "=&r"(vl), [vtype] "=&r"(vtype), [vcsr] "=&r"(vcsr)
        : [in] "r"(before), [out] "r"(after), [number] "r"((long)number)
        : "a0", "a1", "a7", "memory");
    for (unsigned i = 0; i < 8 * vlenb; i++) different += before[i] != after[i];
    printf("vl %lu, vtype 0x%lx, vcsr %lu, %lu bytes differ\n", vl, vtype, vcsr, different);
    printf("frame: magic 0x%lx, size %ld, vl %lu, vlenb %s, v8 begins with %lu\n", magic, size - 32 * vlenb, saved_vl,
           saved_vlenb == vlenb ? "as read" : "wrong", first_byte);
    return 0;
}

int main(void) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, 0);
    sigaction(SIGUSR2, &action, 0);
    raise(SIGUSR1);
    printf("before vectors: magic 0x%lx\n", magic);
    asm volatile(".option push\n.option arch, +v\ncsrr %0, vlenb\n.option pop" : "=r"(vlenb));
    printf("V in AT_HWCAP: %lu, AT_MINSIGSTKSZ less 32 registers: %ld\n", getauxval(AT_HWCAP) >> 21 & 1,
           (long)(getauxval(51) - 32 * vlenb));
    run(SIGUSR1);
    run(SIGUSR2);
    return 0;
}
