// The host's rounding mode, flags and abilities.

#include "internal.h"

static unsigned host_mode(unsigned frm) { return frm < RMM ? frm : RNE; }

rvf_env rvf_enter(unsigned frm) {
    rvf_env saved = {read_control(), read_status()};
    write_environment(RVF_CONTROL_CLEAN | mode_bits(host_mode(frm)), 0);
    return saved;
}

void rvf_leave(rvf_env saved) { write_environment(saved.control, saved.status); }

void rvf_set_rounding(unsigned frm) {
    uint64_t mask = (uint64_t)3 << RVF_MODE_SHIFT;
    write_control((read_control() & ~mask) | mode_bits(host_mode(frm)));
}

unsigned rvf_take_flags(void) {
    uint64_t status = read_status();
    if (status & RVF_STATUS_BITS) write_status(status & ~(uint64_t)RVF_STATUS_BITS);
    return fflags_of_status(status);
}

unsigned rvf_peek_flags(void) { return fflags_of_status(read_status()); }

void rvf_raise(unsigned fflags) { raise_flags(fflags); }

#if defined(__x86_64__)
bool rvf_host_has_fma, rvf_host_has_f16c;
int rvf_host_lanes;
static bool plain_host;

__attribute__((constructor)) static void look_at_host(void) {
    __builtin_cpu_init();
    rvf_host_has_fma = !plain_host && __builtin_cpu_supports("fma");
    rvf_host_has_f16c = !plain_host && __builtin_cpu_supports("f16c");
    bool has_blocks = rvf_host_has_fma && rvf_host_has_f16c && __builtin_cpu_supports("avx2");
    rvf_host_lanes = !has_blocks ? 0 : __builtin_cpu_supports("avx512f") ? 2 : 1;
}

bool rvf_assume_plain_host(bool plain) {
    bool before = plain_host;
    plain_host = plain;
    look_at_host();
    return before;
}
#else
bool rvf_assume_plain_host(bool plain) {
    (void)plain;
    return false;
}
#endif
