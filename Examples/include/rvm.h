// XuanTie's matrix extension (RVM) for clang and gcc, C and C++: no assembler knows its mnemonics, so each is a word in `.insn`.
//
//     rvm_msettilem(m);                             version 0.6: rvm_ and the mnemonic, with _ for .
//     rvm_mlae8(rvm_tr0, a, stride);                stride in bytes
//     rvm_mmacc_w_b(rvm_acc0, rvm_tr1, rvm_tr0);    operands in the order of assembly: md, ms2 (B), ms1 (A)
//     size = rvm03_mcfgm(4);                        version 0.3: rvm03_ and the mnemonic; the result of rd is returned
//
// Numbers of registers and immediates are constants. What can be told from them is checked when compiling: classes, pairs and alignment of
// registers, ranges of immediates (of a row in `.mv.i` of 0.6 up to 6: with 7 the word means `.mm`), and that a pointer is to elements of
// the size in the mnemonic. What depends on the size of a register is not. Loads and stores are ordered with the C program's own accesses;
// all stay in their order. A compiler knows nothing of matrix registers: no call keeps them.
#ifndef RVSIM_EXAMPLES_RVM_H
#define RVSIM_EXAMPLES_RVM_H

#ifdef __cplusplus
#define RVM_ASSERT_ static_assert
#else
#define RVM_ASSERT_ _Static_assert
#endif

// Registers of version 0.6: tiles (A, B) and accumulators (C). Those of 0.3 are 0 to 7.
enum { rvm_tr0, rvm_tr1, rvm_tr2, rvm_tr3, rvm_acc0, rvm_acc1, rvm_acc2, rvm_acc3 };

// Control and status registers: rvm_read(rvm_xtlenb), rvm_write(rvm_xmfrm, 1).
enum {
    rvm_xmcsr = 0x802, rvm_mtilem, rvm_mtilen, rvm_mtilek, rvm_xmxrm, rvm_xmsat, rvm_xmfflags, rvm_xmfrm, rvm_xmsaten,
    rvm_xmisa = 0xcc0, rvm_xtlenb, rvm_xtrlenb, rvm_xalenb,
    rvm03_xmrstart = 0x801, rvm03_xmcsr, rvm03_xmsize, rvm03_xmlenb = 0xcc0, rvm03_xrlenb, rvm03_xmisa,
};
#define rvm_read(csr)                                                                                                              \
    __extension__({                                                                                                                \
        unsigned long rvm_value_;                                                                                                  \
        __asm__ volatile("csrr %0, %1" : "=r"(rvm_value_) : "i"(csr));                                                             \
        rvm_value_;                                                                                                                \
    })
#define rvm_write(csr, value) __asm__ volatile("csrw %0, %1" : : "i"(csr), "r"((unsigned long)(value)))

// Registers and immediates that fit their fields; accumulators; both of a class.
#define RVM_FITS_(x, count) ((unsigned)(x) < (count))
#define RVM_IS_ACC_(r) ((unsigned)(r) - 4 < 4)
#define RVM_SAME_(r1, r2) (RVM_FITS_(r1, 8) && RVM_FITS_(r2, 8) && RVM_IS_ACC_(r1) == RVM_IS_ACC_(r2))
#define RVM_CHECKED_(condition, text, what)                                                                                        \
    do {                                                                                                                           \
        RVM_ASSERT_(condition, text);                                                                                              \
        what;                                                                                                                      \
    } while (0)

// The fields of a word as `.insn r` takes them; a register of the C program stands for one of the last three.
#define RVM_TOP_(word) "i"((word) >> 12 & 7), "i"((word) >> 25 & 127)
#define RVM_RD_(word) "i"((word) >> 7 & 31)
#define RVM_RS1_(word) "i"((word) >> 15 & 31)
#define RVM_RS2_(word) "i"((word) >> 20 & 31)

#define RVM_WORD_(word)                                                                                                            \
    __asm__ volatile(".insn r 0x2b, %0, %1, x%2, x%3, x%4" : : RVM_TOP_(word), RVM_RD_(word), RVM_RS1_(word), RVM_RS2_(word))
#define RVM_IN1_(word, x)                                                                                                          \
    __asm__ volatile(".insn r 0x2b, %0, %1, x%2, %3, x%4" : : RVM_TOP_(word), RVM_RD_(word), "r"((unsigned long)(x)), RVM_RS2_(word))
#define RVM_IN_(word, md, x)                                                                                                       \
    RVM_CHECKED_(RVM_FITS_(md, 8), "no such register",                                                                             \
                 __asm__ volatile(".insn r 0x2b, %0, %1, x%2, x%3, %4"                                                             \
                                  : : RVM_TOP_(word), RVM_RD_((word) | (unsigned)(md) << 7), RVM_RS1_(word), "r"((unsigned long)(x))))
#define RVM_IN2_(word, md, index, x)                                                                                               \
    RVM_CHECKED_(RVM_FITS_(md, 8), "no such register",                                                                             \
                 __asm__ volatile(".insn r 0x2b, %0, %1, x%2, %3, %4" : : RVM_TOP_(word), RVM_RD_((word) | (unsigned)(md) << 7),   \
                                  "r"((unsigned long)(index)), "r"((unsigned long)(x))))
#define RVM_OUT1_(word, x)                                                                                                         \
    __extension__({                                                                                                                \
        unsigned long rvm_value_;                                                                                                  \
        __asm__ volatile(".insn r 0x2b, %1, %2, %0, %3, x%4"                                                                       \
                         : "=r"(rvm_value_) : RVM_TOP_(word), "r"((unsigned long)(x)), RVM_RS2_(word));                            \
        rvm_value_;                                                                                                                \
    })
#define RVM_OUT_SIZE_(word, uimm)                                                                                                  \
    __extension__({                                                                                                                \
        RVM_ASSERT_(RVM_FITS_(uimm, 128), "7 bits");                                                                               \
        RVM_OUT0_((word) | (unsigned)(uimm) << 18);                                                                                \
    })
#define RVM_OUT_INDEX_(word, bit, ms2, index)                                                                                      \
    __extension__({                                                                                                                \
        RVM_ASSERT_(RVM_FITS_(ms2, 8), "no such register");                                                                        \
        RVM_OUT1_((word) | (unsigned)(ms2) << (bit), index);                                                                       \
    })
#define RVM_OUT0_(word)                                                                                                            \
    __extension__({                                                                                                                \
        unsigned long rvm_value_;                                                                                                  \
        __asm__ volatile(".insn r 0x2b, %1, %2, %0, x%3, x%4" : "=r"(rvm_value_) : RVM_TOP_(word), RVM_RS1_(word), RVM_RS2_(word)); \
        rvm_value_;                                                                                                                \
    })
#define RVM_ACCESS_(word, size, md, base, stride)                                                                                  \
    do {                                                                                                                           \
        RVM_ASSERT_(RVM_FITS_(md, 8), "no such register");                                                                         \
        RVM_ASSERT_(sizeof *(base) == (size), "the elements have another size");                                                   \
        __asm__ volatile(".insn r 0x2b, %0, %1, x%2, %3, %4" : : RVM_TOP_(word), RVM_RD_((word) | (unsigned)(md) << 7), "r"(base), \
                         "r"((long)(stride)) : "memory");                                                                          \
    } while (0)
#define RVM_WHOLE_(word, count, md, base)                                                                                          \
    RVM_CHECKED_(RVM_FITS_(md, 8) && (md) % (count) == 0, "no such register, or not the first of so many",                         \
                 __asm__ volatile(".insn r 0x2b, %0, %1, x%2, %3, x%4"                                                             \
                                  : : RVM_TOP_(word), RVM_RD_((word) | (unsigned)(md) << 7), "r"(base), RVM_RS2_(word) : "memory"))

// Version 0.6: md at bit 7, ms1 at 15, ms2 at 20, an immediate at 23 or 15.
#define RVM_MD_(word, md) RVM_WORD_((word) | (unsigned)(md) << 7)
#define RVM_MS1_(word, md, ms1) RVM_MD_((word) | (unsigned)(ms1) << 15, md)
#define RVM_MS2_(word, md, ms2, ms1) RVM_MS1_((word) | (unsigned)(ms2) << 20, md, ms1)
#define RVM_SIZE_(word, uimm) RVM_CHECKED_(RVM_FITS_(uimm, 1024), "10 bits", RVM_WORD_((word) | (unsigned)(uimm) << 15))
#define RVM_ZERO_(word, count, md)                                                                                                 \
    RVM_CHECKED_(RVM_FITS_(md, 8) && (md) % (count) == 0, "no such register, or not the first of so many", RVM_MD_(word, md))
#define RVM_ANY_(word, md, ms1) RVM_CHECKED_(RVM_FITS_(md, 8) && RVM_FITS_(ms1, 8), "no such register", RVM_MS1_(word, md, ms1))
#define RVM_CLASS_(word, md, ms1, uimm)                                                                                            \
    RVM_CHECKED_(RVM_SAME_(md, ms1) && RVM_FITS_(uimm, 8), "both tiles or both accumulators, 3 bits",                              \
                 RVM_MS1_((word) | (unsigned)(uimm) << 23, md, ms1))
#define RVM_PACK_(word, md, ms2, ms1)                                                                                              \
    RVM_CHECKED_(RVM_SAME_(md, ms2) && RVM_SAME_(md, ms1), "all tiles or all accumulators", RVM_MS2_(word, md, ms2, ms1))
#define RVM_MUL_(word, md, ms2, ms1)                                                                                               \
    RVM_CHECKED_(RVM_IS_ACC_(md) && RVM_FITS_(ms2, 4) && RVM_FITS_(ms1, 4), "an accumulator += a tile * a tile",                   \
                 RVM_MS2_(word, md, ms2, ms1))
#define RVM_ACC2_(word, md, ms1) RVM_CHECKED_(RVM_IS_ACC_(md) && RVM_IS_ACC_(ms1), "accumulators", RVM_MS1_(word, md, ms1))
#define RVM_ACC3_(word, md, ms2, ms1)                                                                                              \
    RVM_CHECKED_(RVM_IS_ACC_(md) && RVM_IS_ACC_(ms2) && RVM_IS_ACC_(ms1), "accumulators", RVM_MS2_(word, md, ms2, ms1))
#define RVM_ACC3I_(word, md, ms2, ms1, uimm)                                                                                       \
    RVM_CHECKED_(RVM_FITS_(uimm, 7), "a row up to 6", RVM_ACC3_((word) | (unsigned)(uimm) << 23, md, ms2, ms1))
#define RVM_TILE_(word, size, md, base, stride)                                                                                    \
    RVM_CHECKED_(RVM_FITS_(md, 4), "a tile", RVM_ACCESS_(word, size, md, base, stride))
#define RVM_ACC_(word, size, md, base, stride)                                                                                     \
    RVM_CHECKED_(RVM_IS_ACC_(md), "an accumulator", RVM_ACCESS_(word, size, md, base, stride))

// Version 0.3: md at bit 15, ms1 at 18, ms2 at 21; an immediate, or a register from x8 to x15, at 7: it is a0, the third of these.
#define RVM03_1_(word, md) RVM_CHECKED_(RVM_FITS_(md, 8), "no such register", RVM_WORD_((word) | (unsigned)(md) << 15))
#define RVM03_2_(word, md, ms1) RVM_CHECKED_(RVM_FITS_(ms1, 8), "no such register", RVM03_1_((word) | (unsigned)(ms1) << 18, md))
#define RVM03_3_(word, md, ms2, ms1) RVM_CHECKED_(RVM_FITS_(ms2, 8), "no such register", RVM03_2_((word) | (unsigned)(ms2) << 21, md, ms1))
#define RVM03_2I_(word, md, ms1, uimm) RVM_CHECKED_(RVM_FITS_(uimm, 8), "3 bits", RVM03_2_((word) | (unsigned)(uimm) << 7, md, ms1))
#define RVM03_3I_(word, md, ms2, ms1, uimm)                                                                                        \
    RVM_CHECKED_(RVM_FITS_(uimm, 8), "3 bits", RVM03_3_((word) | (unsigned)(uimm) << 7, md, ms2, ms1))
#define RVM03_MUL_(word, md, ms2, ms1)                                                                                             \
    RVM_CHECKED_((md) != (ms2) && (md) != (ms1), "the result is none of the sources", RVM03_3_(word, md, ms2, ms1))
// The result is a pair of registers; B is.
#define RVM03_WIDE_(word, md, ms2, ms1) RVM_CHECKED_((md) % 2 == 0, "a pair begins at an even register", RVM03_MUL_(word, md, ms2, ms1))
#define RVM03_TALL_(word, md, ms2, ms1) RVM_CHECKED_((ms2) % 2 == 0, "a pair begins at an even register", RVM03_MUL_(word, md, ms2, ms1))
#define RVM03_FIELDS_(word, md, ms2, ms1) ((word) | (unsigned)(md) << 15 | (unsigned)(ms2) << 21 | (unsigned)(ms1) << 18 | 2u << 7)
#define RVM03_3X_(word, md, ms2, ms1, x)                                                                                           \
    do {                                                                                                                           \
        RVM_ASSERT_(RVM_FITS_(md, 8) && RVM_FITS_(ms2, 8) && RVM_FITS_(ms1, 8), "no such register");                               \
        register unsigned long rvm_a0_ __asm__("a0") = (unsigned long)(x);                                                         \
        __asm__ volatile(".insn r 0x2b, %0, %1, x%2, x%3, x%4" : : RVM_TOP_(RVM03_FIELDS_(word, md, ms2, ms1)),                    \
                         RVM_RD_(RVM03_FIELDS_(word, md, ms2, ms1)), RVM_RS1_(RVM03_FIELDS_(word, md, ms2, ms1)),                  \
                         RVM_RS2_(RVM03_FIELDS_(word, md, ms2, ms1)), "r"(rvm_a0_));                                               \
    } while (0)

// ---- Version 0.6 ----

// Configuration
#define rvm_mrelease() RVM_WORD_(0x0000002b)
#define rvm_msettileki(uimm) RVM_SIZE_(0x1000002b, uimm)
#define rvm_msettilek(x) RVM_IN1_(0x1200002b, x)
#define rvm_msettilemi(uimm) RVM_SIZE_(0x2000002b, uimm)
#define rvm_msettilem(x) RVM_IN1_(0x2200002b, x)
#define rvm_msettileni(uimm) RVM_SIZE_(0x3000002b, uimm)
#define rvm_msettilen(x) RVM_IN1_(0x3200002b, x)

// Moves
#define rvm_mzero(md) RVM_ZERO_(0x0c00002b, 1, md)
#define rvm_mzero2r(md) RVM_ZERO_(0x0c80002b, 2, md)
#define rvm_mzero4r(md) RVM_ZERO_(0x0d80002b, 4, md)
#define rvm_mzero8r(md) RVM_ZERO_(0x0f80002b, 8, md)
#define rvm_mmov_mm(md, ms1) RVM_ANY_(0x1c00002b, md, ms1)
#define rvm_mmovb_x_m(ms2, index) RVM_OUT_INDEX_(0x2c00002b, 20, ms2, index)
#define rvm_mmovh_x_m(ms2, index) RVM_OUT_INDEX_(0x2c80002b, 20, ms2, index)
#define rvm_mmovw_x_m(ms2, index) RVM_OUT_INDEX_(0x2d00002b, 20, ms2, index)
#define rvm_mmovd_x_m(ms2, index) RVM_OUT_INDEX_(0x2d80002b, 20, ms2, index)
#define rvm_mmovb_m_x(md, x, index) RVM_IN2_(0x3e00002b, md, index, x)
#define rvm_mmovh_m_x(md, x, index) RVM_IN2_(0x3e00042b, md, index, x)
#define rvm_mmovw_m_x(md, x, index) RVM_IN2_(0x3e00082b, md, index, x)
#define rvm_mmovd_m_x(md, x, index) RVM_IN2_(0x3e000c2b, md, index, x)
#define rvm_mdupb_m_x(md, x) RVM_IN_(0x3c00002b, md, x)
#define rvm_mduph_m_x(md, x) RVM_IN_(0x3c00042b, md, x)
#define rvm_mdupw_m_x(md, x) RVM_IN_(0x3c00082b, md, x)
#define rvm_mdupd_m_x(md, x) RVM_IN_(0x3c000c2b, md, x)
#define rvm_mpack(md, ms2, ms1) RVM_PACK_(0x4c00002b, md, ms2, ms1)
#define rvm_mpackhl(md, ms2, ms1) RVM_PACK_(0x4d00002b, md, ms2, ms1)
#define rvm_mpackhh(md, ms2, ms1) RVM_PACK_(0x4d80002b, md, ms2, ms1)
#define rvm_mrslidedown(md, ms1, uimm) RVM_CLASS_(0x5c00002b, md, ms1, uimm)
#define rvm_mrslideup(md, ms1, uimm) RVM_CLASS_(0x6c00002b, md, ms1, uimm)
#define rvm_mcslidedown_b(md, ms1, uimm) RVM_CLASS_(0x7c00002b, md, ms1, uimm)
#define rvm_mcslidedown_h(md, ms1, uimm) RVM_CLASS_(0x7c04042b, md, ms1, uimm)
#define rvm_mcslidedown_w(md, ms1, uimm) RVM_CLASS_(0x7c08082b, md, ms1, uimm)
#define rvm_mcslidedown_d(md, ms1, uimm) RVM_CLASS_(0x7c0c0c2b, md, ms1, uimm)
#define rvm_mcslideup_b(md, ms1, uimm) RVM_CLASS_(0x8c00002b, md, ms1, uimm)
#define rvm_mcslideup_h(md, ms1, uimm) RVM_CLASS_(0x8c04042b, md, ms1, uimm)
#define rvm_mcslideup_w(md, ms1, uimm) RVM_CLASS_(0x8c08082b, md, ms1, uimm)
#define rvm_mcslideup_d(md, ms1, uimm) RVM_CLASS_(0x8c0c0c2b, md, ms1, uimm)
#define rvm_mrbca_mv_i(md, ms1, uimm) RVM_CLASS_(0x9c00002b, md, ms1, uimm)
#define rvm_mcbcab_mv_i(md, ms1, uimm) RVM_CLASS_(0xac00002b, md, ms1, uimm)
#define rvm_mcbcah_mv_i(md, ms1, uimm) RVM_CLASS_(0xac04042b, md, ms1, uimm)
#define rvm_mcbcaw_mv_i(md, ms1, uimm) RVM_CLASS_(0xac08082b, md, ms1, uimm)
#define rvm_mcbcad_mv_i(md, ms1, uimm) RVM_CLASS_(0xac0c0c2b, md, ms1, uimm)

// Matrix multiplication
#define rvm_mfmacc_h_e5(md, ms2, ms1) RVM_MUL_(0x0800042b, md, ms2, ms1)
#define rvm_mfmacc_h_e4(md, ms2, ms1) RVM_MUL_(0x0880042b, md, ms2, ms1)
#define rvm_mfmacc_bf16_e5(md, ms2, ms1) RVM_MUL_(0x0a00042b, md, ms2, ms1)
#define rvm_mfmacc_bf16_e4(md, ms2, ms1) RVM_MUL_(0x0a80042b, md, ms2, ms1)
#define rvm_mfmacc_s_e5(md, ms2, ms1) RVM_MUL_(0x0800082b, md, ms2, ms1)
#define rvm_mfmacc_s_e4(md, ms2, ms1) RVM_MUL_(0x0880082b, md, ms2, ms1)
#define rvm_mfmacc_h(md, ms2, ms1) RVM_MUL_(0x0804042b, md, ms2, ms1)
#define rvm_mfmacc_s_h(md, ms2, ms1) RVM_MUL_(0x0804082b, md, ms2, ms1)
#define rvm_mfmacc_s_bf16(md, ms2, ms1) RVM_MUL_(0x0884082b, md, ms2, ms1)
#define rvm_mfmacc_s_tf32(md, ms2, ms1) RVM_MUL_(0x0888082b, md, ms2, ms1)
#define rvm_mfmacc_s(md, ms2, ms1) RVM_MUL_(0x0808082b, md, ms2, ms1)
#define rvm_mfmacc_d_s(md, ms2, ms1) RVM_MUL_(0x08080c2b, md, ms2, ms1)
#define rvm_mfmacc_d(md, ms2, ms1) RVM_MUL_(0x080c0c2b, md, ms2, ms1)
#define rvm_mmacc_w_b(md, ms2, ms1) RVM_MUL_(0x1980082b, md, ms2, ms1)
#define rvm_mmaccu_w_b(md, ms2, ms1) RVM_MUL_(0x1800082b, md, ms2, ms1)
#define rvm_mmaccus_w_b(md, ms2, ms1) RVM_MUL_(0x1880082b, md, ms2, ms1)
#define rvm_mmaccsu_w_b(md, ms2, ms1) RVM_MUL_(0x1900082b, md, ms2, ms1)
#define rvm_pmmacc_w_b(md, ms2, ms1) RVM_MUL_(0x1b80082b, md, ms2, ms1)
#define rvm_pmmaccu_w_b(md, ms2, ms1) RVM_MUL_(0x1a00082b, md, ms2, ms1)
#define rvm_pmmaccus_w_b(md, ms2, ms1) RVM_MUL_(0x1a80082b, md, ms2, ms1)
#define rvm_pmmaccsu_w_b(md, ms2, ms1) RVM_MUL_(0x1b00082b, md, ms2, ms1)
#define rvm_mmacc_d_h(md, ms2, ms1) RVM_MUL_(0x19840c2b, md, ms2, ms1)
#define rvm_mmaccu_d_h(md, ms2, ms1) RVM_MUL_(0x18040c2b, md, ms2, ms1)
#define rvm_mmaccus_d_h(md, ms2, ms1) RVM_MUL_(0x18840c2b, md, ms2, ms1)
#define rvm_mmaccsu_d_h(md, ms2, ms1) RVM_MUL_(0x19040c2b, md, ms2, ms1)
#define rvm_mmacc_w_bp(md, ms2, ms1) RVM_MUL_(0x2980082b, md, ms2, ms1)
#define rvm_mmaccu_w_bp(md, ms2, ms1) RVM_MUL_(0x2800082b, md, ms2, ms1)

// Loads and stores
#define rvm_mlae8(md, base, stride) RVM_TILE_(0x0400002b, 1, md, base, stride)
#define rvm_mlae16(md, base, stride) RVM_TILE_(0x0400042b, 2, md, base, stride)
#define rvm_mlae32(md, base, stride) RVM_TILE_(0x0400082b, 4, md, base, stride)
#define rvm_mlae64(md, base, stride) RVM_TILE_(0x04000c2b, 8, md, base, stride)
#define rvm_mlbe8(md, base, stride) RVM_TILE_(0x1400002b, 1, md, base, stride)
#define rvm_mlbe16(md, base, stride) RVM_TILE_(0x1400042b, 2, md, base, stride)
#define rvm_mlbe32(md, base, stride) RVM_TILE_(0x1400082b, 4, md, base, stride)
#define rvm_mlbe64(md, base, stride) RVM_TILE_(0x14000c2b, 8, md, base, stride)
#define rvm_mlce8(md, base, stride) RVM_ACC_(0x2400002b, 1, md, base, stride)
#define rvm_mlce16(md, base, stride) RVM_ACC_(0x2400042b, 2, md, base, stride)
#define rvm_mlce32(md, base, stride) RVM_ACC_(0x2400082b, 4, md, base, stride)
#define rvm_mlce64(md, base, stride) RVM_ACC_(0x24000c2b, 8, md, base, stride)
#define rvm_msae8(ms3, base, stride) RVM_TILE_(0x0600002b, 1, ms3, base, stride)
#define rvm_msae16(ms3, base, stride) RVM_TILE_(0x0600042b, 2, ms3, base, stride)
#define rvm_msae32(ms3, base, stride) RVM_TILE_(0x0600082b, 4, ms3, base, stride)
#define rvm_msae64(ms3, base, stride) RVM_TILE_(0x06000c2b, 8, ms3, base, stride)
#define rvm_msbe8(ms3, base, stride) RVM_TILE_(0x1600002b, 1, ms3, base, stride)
#define rvm_msbe16(ms3, base, stride) RVM_TILE_(0x1600042b, 2, ms3, base, stride)
#define rvm_msbe32(ms3, base, stride) RVM_TILE_(0x1600082b, 4, ms3, base, stride)
#define rvm_msbe64(ms3, base, stride) RVM_TILE_(0x16000c2b, 8, ms3, base, stride)
#define rvm_msce8(ms3, base, stride) RVM_ACC_(0x2600002b, 1, ms3, base, stride)
#define rvm_msce16(ms3, base, stride) RVM_ACC_(0x2600042b, 2, ms3, base, stride)
#define rvm_msce32(ms3, base, stride) RVM_ACC_(0x2600082b, 4, ms3, base, stride)
#define rvm_msce64(ms3, base, stride) RVM_ACC_(0x26000c2b, 8, ms3, base, stride)
#define rvm_mlme8(md, base) RVM_WHOLE_(0x3400002b, 1, md, base)
#define rvm_mlme16(md, base) RVM_WHOLE_(0x3400042b, 1, md, base)
#define rvm_mlme32(md, base) RVM_WHOLE_(0x3400082b, 1, md, base)
#define rvm_mlme64(md, base) RVM_WHOLE_(0x34000c2b, 1, md, base)
#define rvm_msme8(ms3, base) RVM_WHOLE_(0x3600002b, 1, ms3, base)
#define rvm_msme16(ms3, base) RVM_WHOLE_(0x3600042b, 1, ms3, base)
#define rvm_msme32(ms3, base) RVM_WHOLE_(0x3600082b, 1, ms3, base)
#define rvm_msme64(ms3, base) RVM_WHOLE_(0x36000c2b, 1, ms3, base)
#define rvm_mlate8(md, base, stride) RVM_TILE_(0x4400002b, 1, md, base, stride)
#define rvm_mlate16(md, base, stride) RVM_TILE_(0x4400042b, 2, md, base, stride)
#define rvm_mlate32(md, base, stride) RVM_TILE_(0x4400082b, 4, md, base, stride)
#define rvm_mlate64(md, base, stride) RVM_TILE_(0x44000c2b, 8, md, base, stride)
#define rvm_mlbte8(md, base, stride) RVM_TILE_(0x5400002b, 1, md, base, stride)
#define rvm_mlbte16(md, base, stride) RVM_TILE_(0x5400042b, 2, md, base, stride)
#define rvm_mlbte32(md, base, stride) RVM_TILE_(0x5400082b, 4, md, base, stride)
#define rvm_mlbte64(md, base, stride) RVM_TILE_(0x54000c2b, 8, md, base, stride)
#define rvm_mlcte8(md, base, stride) RVM_ACC_(0x6400002b, 1, md, base, stride)
#define rvm_mlcte16(md, base, stride) RVM_ACC_(0x6400042b, 2, md, base, stride)
#define rvm_mlcte32(md, base, stride) RVM_ACC_(0x6400082b, 4, md, base, stride)
#define rvm_mlcte64(md, base, stride) RVM_ACC_(0x64000c2b, 8, md, base, stride)
#define rvm_msate8(ms3, base, stride) RVM_TILE_(0x4600002b, 1, ms3, base, stride)
#define rvm_msate16(ms3, base, stride) RVM_TILE_(0x4600042b, 2, ms3, base, stride)
#define rvm_msate32(ms3, base, stride) RVM_TILE_(0x4600082b, 4, ms3, base, stride)
#define rvm_msate64(ms3, base, stride) RVM_TILE_(0x46000c2b, 8, ms3, base, stride)
#define rvm_msbte8(ms3, base, stride) RVM_TILE_(0x5600002b, 1, ms3, base, stride)
#define rvm_msbte16(ms3, base, stride) RVM_TILE_(0x5600042b, 2, ms3, base, stride)
#define rvm_msbte32(ms3, base, stride) RVM_TILE_(0x5600082b, 4, ms3, base, stride)
#define rvm_msbte64(ms3, base, stride) RVM_TILE_(0x56000c2b, 8, ms3, base, stride)
#define rvm_mscte8(ms3, base, stride) RVM_ACC_(0x6600002b, 1, ms3, base, stride)
#define rvm_mscte16(ms3, base, stride) RVM_ACC_(0x6600042b, 2, ms3, base, stride)
#define rvm_mscte32(ms3, base, stride) RVM_ACC_(0x6600082b, 4, ms3, base, stride)
#define rvm_mscte64(ms3, base, stride) RVM_ACC_(0x66000c2b, 8, ms3, base, stride)

// Conversions
#define rvm_mfcvtl_h_e4(md, ms1) RVM_ACC2_(0x0000142b, md, ms1)
#define rvm_mfcvth_h_e4(md, ms1) RVM_ACC2_(0x0100142b, md, ms1)
#define rvm_mfcvtl_h_e5(md, ms1) RVM_ACC2_(0x0080142b, md, ms1)
#define rvm_mfcvth_h_e5(md, ms1) RVM_ACC2_(0x0180142b, md, ms1)
#define rvm_mfcvtl_e4_h(md, ms1) RVM_ACC2_(0x0004102b, md, ms1)
#define rvm_mfcvth_e4_h(md, ms1) RVM_ACC2_(0x0104102b, md, ms1)
#define rvm_mfcvtl_e5_h(md, ms1) RVM_ACC2_(0x0084102b, md, ms1)
#define rvm_mfcvth_e5_h(md, ms1) RVM_ACC2_(0x0184102b, md, ms1)
#define rvm_mfcvtl_s_h(md, ms1) RVM_ACC2_(0x0004182b, md, ms1)
#define rvm_mfcvth_s_h(md, ms1) RVM_ACC2_(0x0104182b, md, ms1)
#define rvm_mfcvtl_s_bf16(md, ms1) RVM_ACC2_(0x0084182b, md, ms1)
#define rvm_mfcvth_s_bf16(md, ms1) RVM_ACC2_(0x0184182b, md, ms1)
#define rvm_mfcvtl_e4_s(md, ms1) RVM_ACC2_(0x0008102b, md, ms1)
#define rvm_mfcvth_e4_s(md, ms1) RVM_ACC2_(0x0108102b, md, ms1)
#define rvm_mfcvtl_e5_s(md, ms1) RVM_ACC2_(0x0208102b, md, ms1)
#define rvm_mfcvth_e5_s(md, ms1) RVM_ACC2_(0x0308102b, md, ms1)
#define rvm_mfcvtl_h_s(md, ms1) RVM_ACC2_(0x0008142b, md, ms1)
#define rvm_mfcvth_h_s(md, ms1) RVM_ACC2_(0x0108142b, md, ms1)
#define rvm_mfcvtl_bf16_s(md, ms1) RVM_ACC2_(0x0208142b, md, ms1)
#define rvm_mfcvth_bf16_s(md, ms1) RVM_ACC2_(0x0308142b, md, ms1)
#define rvm_mfcvt_tf32_s(md, ms1) RVM_ACC2_(0x0308182b, md, ms1)
#define rvm_mfcvt_s_tf32(md, ms1) RVM_ACC2_(0x0088182b, md, ms1)
#define rvm_mfcvtl_d_s(md, ms1) RVM_ACC2_(0x00081c2b, md, ms1)
#define rvm_mfcvth_d_s(md, ms1) RVM_ACC2_(0x01081c2b, md, ms1)
#define rvm_mfcvtl_s_d(md, ms1) RVM_ACC2_(0x000c182b, md, ms1)
#define rvm_mfcvth_s_d(md, ms1) RVM_ACC2_(0x010c182b, md, ms1)
#define rvm_msfcvtl_h_b(md, ms1) RVM_ACC2_(0x1080142b, md, ms1)
#define rvm_msfcvth_h_b(md, ms1) RVM_ACC2_(0x1180142b, md, ms1)
#define rvm_mufcvtl_h_b(md, ms1) RVM_ACC2_(0x1000142b, md, ms1)
#define rvm_mufcvth_h_b(md, ms1) RVM_ACC2_(0x1100142b, md, ms1)
#define rvm_msfcvt_s_w(md, ms1) RVM_ACC2_(0x1088182b, md, ms1)
#define rvm_mufcvt_s_w(md, ms1) RVM_ACC2_(0x1008182b, md, ms1)
#define rvm_mfscvt_w_s(md, ms1) RVM_ACC2_(0x1288182b, md, ms1)
#define rvm_mfucvt_w_s(md, ms1) RVM_ACC2_(0x1208182b, md, ms1)
#define rvm_mfucvtl_b_h(md, ms1) RVM_ACC2_(0x1204102b, md, ms1)
#define rvm_mfucvth_b_h(md, ms1) RVM_ACC2_(0x1304102b, md, ms1)
#define rvm_mfscvtl_b_h(md, ms1) RVM_ACC2_(0x1284102b, md, ms1)
#define rvm_mfscvth_b_h(md, ms1) RVM_ACC2_(0x1384102b, md, ms1)
#define rvm_mn4clipl_w_mm(md, ms2, ms1) RVM_ACC3_(0x2388182b, md, ms2, ms1)
#define rvm_mn4clipl_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x2008182b, md, ms2, ms1, uimm)
#define rvm_mn4cliph_w_mm(md, ms2, ms1) RVM_ACC3_(0x3388182b, md, ms2, ms1)
#define rvm_mn4cliph_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x3008182b, md, ms2, ms1, uimm)
#define rvm_mn4cliplu_w_mm(md, ms2, ms1) RVM_ACC3_(0x4388182b, md, ms2, ms1)
#define rvm_mn4cliplu_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x4008182b, md, ms2, ms1, uimm)
#define rvm_mn4cliphu_w_mm(md, ms2, ms1) RVM_ACC3_(0x5388182b, md, ms2, ms1)
#define rvm_mn4cliphu_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x5008182b, md, ms2, ms1, uimm)
#define rvm_mscvtl_b_p(md, ms1) RVM_ACC2_(0x6080102b, md, ms1)
#define rvm_mscvth_b_p(md, ms1) RVM_ACC2_(0x6180102b, md, ms1)
#define rvm_mucvtl_b_p(md, ms1) RVM_ACC2_(0x6000102b, md, ms1)
#define rvm_mucvth_b_p(md, ms1) RVM_ACC2_(0x6100102b, md, ms1)

// Integer elements
#define rvm_madd_w_mm(md, ms2, ms1) RVM_ACC3_(0x0788182b, md, ms2, ms1)
#define rvm_madd_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x0408182b, md, ms2, ms1, uimm)
#define rvm_msub_w_mm(md, ms2, ms1) RVM_ACC3_(0x1788182b, md, ms2, ms1)
#define rvm_msub_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x1408182b, md, ms2, ms1, uimm)
#define rvm_mmul_w_mm(md, ms2, ms1) RVM_ACC3_(0x2788182b, md, ms2, ms1)
#define rvm_mmul_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x2408182b, md, ms2, ms1, uimm)
#define rvm_mmulh_w_mm(md, ms2, ms1) RVM_ACC3_(0x3788182b, md, ms2, ms1)
#define rvm_mmulh_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x3408182b, md, ms2, ms1, uimm)
#define rvm_mmax_w_mm(md, ms2, ms1) RVM_ACC3_(0x4788182b, md, ms2, ms1)
#define rvm_mmax_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x4408182b, md, ms2, ms1, uimm)
#define rvm_mumax_w_mm(md, ms2, ms1) RVM_ACC3_(0x5788182b, md, ms2, ms1)
#define rvm_mumax_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x5408182b, md, ms2, ms1, uimm)
#define rvm_mmin_w_mm(md, ms2, ms1) RVM_ACC3_(0x6788182b, md, ms2, ms1)
#define rvm_mmin_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x6408182b, md, ms2, ms1, uimm)
#define rvm_mumin_w_mm(md, ms2, ms1) RVM_ACC3_(0x7788182b, md, ms2, ms1)
#define rvm_mumin_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x7408182b, md, ms2, ms1, uimm)
#define rvm_msrl_w_mm(md, ms2, ms1) RVM_ACC3_(0x8788182b, md, ms2, ms1)
#define rvm_msrl_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x8408182b, md, ms2, ms1, uimm)
#define rvm_msll_w_mm(md, ms2, ms1) RVM_ACC3_(0x9788182b, md, ms2, ms1)
#define rvm_msll_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x9408182b, md, ms2, ms1, uimm)
#define rvm_msra_w_mm(md, ms2, ms1) RVM_ACC3_(0xa788182b, md, ms2, ms1)
#define rvm_msra_w_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0xa408182b, md, ms2, ms1, uimm)

// Floating-point elements
#define rvm_mfadd_h_mm(md, ms2, ms1) RVM_ACC3_(0x0b84142b, md, ms2, ms1)
#define rvm_mfadd_h_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x0804142b, md, ms2, ms1, uimm)
#define rvm_mfadd_s_mm(md, ms2, ms1) RVM_ACC3_(0x0b88182b, md, ms2, ms1)
#define rvm_mfadd_s_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x0808182b, md, ms2, ms1, uimm)
#define rvm_mfadd_d_mm(md, ms2, ms1) RVM_ACC3_(0x0b8c1c2b, md, ms2, ms1)
#define rvm_mfadd_d_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x080c1c2b, md, ms2, ms1, uimm)
#define rvm_mfsub_h_mm(md, ms2, ms1) RVM_ACC3_(0x1b84142b, md, ms2, ms1)
#define rvm_mfsub_h_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x1804142b, md, ms2, ms1, uimm)
#define rvm_mfsub_s_mm(md, ms2, ms1) RVM_ACC3_(0x1b88182b, md, ms2, ms1)
#define rvm_mfsub_s_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x1808182b, md, ms2, ms1, uimm)
#define rvm_mfsub_d_mm(md, ms2, ms1) RVM_ACC3_(0x1b8c1c2b, md, ms2, ms1)
#define rvm_mfsub_d_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x180c1c2b, md, ms2, ms1, uimm)
#define rvm_mfmul_h_mm(md, ms2, ms1) RVM_ACC3_(0x2b84142b, md, ms2, ms1)
#define rvm_mfmul_h_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x2804142b, md, ms2, ms1, uimm)
#define rvm_mfmul_s_mm(md, ms2, ms1) RVM_ACC3_(0x2b88182b, md, ms2, ms1)
#define rvm_mfmul_s_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x2808182b, md, ms2, ms1, uimm)
#define rvm_mfmul_d_mm(md, ms2, ms1) RVM_ACC3_(0x2b8c1c2b, md, ms2, ms1)
#define rvm_mfmul_d_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x280c1c2b, md, ms2, ms1, uimm)
#define rvm_mfmax_h_mm(md, ms2, ms1) RVM_ACC3_(0x3b84142b, md, ms2, ms1)
#define rvm_mfmax_h_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x3804142b, md, ms2, ms1, uimm)
#define rvm_mfmax_s_mm(md, ms2, ms1) RVM_ACC3_(0x3b88182b, md, ms2, ms1)
#define rvm_mfmax_s_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x3808182b, md, ms2, ms1, uimm)
#define rvm_mfmax_d_mm(md, ms2, ms1) RVM_ACC3_(0x3b8c1c2b, md, ms2, ms1)
#define rvm_mfmax_d_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x380c1c2b, md, ms2, ms1, uimm)
#define rvm_mfmin_h_mm(md, ms2, ms1) RVM_ACC3_(0x4b84142b, md, ms2, ms1)
#define rvm_mfmin_h_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x4804142b, md, ms2, ms1, uimm)
#define rvm_mfmin_s_mm(md, ms2, ms1) RVM_ACC3_(0x4b88182b, md, ms2, ms1)
#define rvm_mfmin_s_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x4808182b, md, ms2, ms1, uimm)
#define rvm_mfmin_d_mm(md, ms2, ms1) RVM_ACC3_(0x4b8c1c2b, md, ms2, ms1)
#define rvm_mfmin_d_mv_i(md, ms2, ms1, uimm) RVM_ACC3I_(0x480c1c2b, md, ms2, ms1, uimm)

// ---- Version 0.3 ----

// Moves
#define rvm03_mmov_mm(md, ms1) RVM03_2_(0x000000ab, md, ms1)
#define rvm03_mmov_mv_x(md, ms1, row) RVM03_3X_(0x0200002b, md, 0, ms1, row)
#define rvm03_mmov_mv_i(md, ms1, uimm) RVM03_2I_(0x0400002b, md, ms1, uimm)

// Matrix multiplication
#define rvm03_fmmacc_h(md, ms2, ms1) RVM03_TALL_(0x1000042b, md, ms2, ms1)
#define rvm03_fmmacc_s(md, ms2, ms1) RVM03_MUL_(0x1000082b, md, ms2, ms1)
#define rvm03_fmmacc_d(md, ms2, ms1) RVM03_WIDE_(0x10000c2b, md, ms2, ms1)
#define rvm03_fwmmacc_h(md, ms2, ms1) RVM03_MUL_(0x1100042b, md, ms2, ms1)
#define rvm03_fwmmacc_s(md, ms2, ms1) RVM03_WIDE_(0x1100082b, md, ms2, ms1)
#define rvm03_mmaqa_b(md, ms2, ms1) RVM03_MUL_(0x2000002b, md, ms2, ms1)
#define rvm03_mmaqau_b(md, ms2, ms1) RVM03_MUL_(0x200000ab, md, ms2, ms1)
#define rvm03_mmaqaus_b(md, ms2, ms1) RVM03_MUL_(0x2000012b, md, ms2, ms1)
#define rvm03_mmaqasu_b(md, ms2, ms1) RVM03_MUL_(0x200001ab, md, ms2, ms1)
#define rvm03_mmaqa_h(md, ms2, ms1) RVM03_WIDE_(0x2000042b, md, ms2, ms1)
#define rvm03_mmaqau_h(md, ms2, ms1) RVM03_WIDE_(0x200004ab, md, ms2, ms1)
#define rvm03_mmaqaus_h(md, ms2, ms1) RVM03_WIDE_(0x2000052b, md, ms2, ms1)
#define rvm03_mmaqasu_h(md, ms2, ms1) RVM03_WIDE_(0x200005ab, md, ms2, ms1)
#define rvm03_pmmaqa_b(md, ms2, ms1) RVM03_MUL_(0x2100002b, md, ms2, ms1)
#define rvm03_pmmaqau_b(md, ms2, ms1) RVM03_MUL_(0x210000ab, md, ms2, ms1)
#define rvm03_pmmaqaus_b(md, ms2, ms1) RVM03_MUL_(0x2100012b, md, ms2, ms1)
#define rvm03_pmmaqasu_b(md, ms2, ms1) RVM03_MUL_(0x210001ab, md, ms2, ms1)

// Integer elements
#define rvm03_madd_s_mm(md, ms2, ms1) RVM03_3_(0x3000082b, md, ms2, ms1)
#define rvm03_madd_s_mv_x(md, ms2, ms1, row) RVM03_3X_(0x3200082b, md, ms2, ms1, row)
#define rvm03_madd_s_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x3400082b, md, ms2, ms1, uimm)
#define rvm03_madd_s_mx(md, ms2, x) RVM03_3X_(0x3600082b, md, ms2, 0, x)
#define rvm03_msub_s_mm(md, ms2, ms1) RVM03_3_(0x4000082b, md, ms2, ms1)
#define rvm03_msub_s_mv_x(md, ms2, ms1, row) RVM03_3X_(0x4200082b, md, ms2, ms1, row)
#define rvm03_msub_s_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x4400082b, md, ms2, ms1, uimm)
#define rvm03_msub_s_mx(md, ms2, x) RVM03_3X_(0x4600082b, md, ms2, 0, x)
#define rvm03_msra_s_mm(md, ms2, ms1) RVM03_3_(0x5000082b, md, ms2, ms1)
#define rvm03_msra_s_mv_x(md, ms2, ms1, row) RVM03_3X_(0x5200082b, md, ms2, ms1, row)
#define rvm03_msra_s_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x5400082b, md, ms2, ms1, uimm)
#define rvm03_msra_s_mx(md, ms2, x) RVM03_3X_(0x5600082b, md, ms2, 0, x)

// Clips
#define rvm03_mn4clip_s_mm(md, ms2, ms1) RVM03_3_(0x6000082b, md, ms2, ms1)
#define rvm03_mn4clip_s_mv_x(md, ms2, ms1, row) RVM03_3X_(0x6200082b, md, ms2, ms1, row)
#define rvm03_mn4clip_s_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x6400082b, md, ms2, ms1, uimm)
#define rvm03_mn4clip_s_mx(md, ms2, x) RVM03_3X_(0x6600082b, md, ms2, 0, x)
#define rvm03_mn4clipu_s_mm(md, ms2, ms1) RVM03_3_(0x7000082b, md, ms2, ms1)
#define rvm03_mn4clipu_s_mv_x(md, ms2, ms1, row) RVM03_3X_(0x7200082b, md, ms2, ms1, row)
#define rvm03_mn4clipu_s_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x7400082b, md, ms2, ms1, uimm)
#define rvm03_mn4clipu_s_mx(md, ms2, x) RVM03_3X_(0x7600082b, md, ms2, 0, x)

// Integer elements
#define rvm03_mmul_s_mm(md, ms2, ms1) RVM03_3_(0x8000082b, md, ms2, ms1)
#define rvm03_mmul_s_mv_x(md, ms2, ms1, row) RVM03_3X_(0x8200082b, md, ms2, ms1, row)
#define rvm03_mmul_s_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x8400082b, md, ms2, ms1, uimm)
#define rvm03_mmul_s_mx(md, ms2, x) RVM03_3X_(0x8600082b, md, ms2, 0, x)
#define rvm03_mmulh_s_mm(md, ms2, ms1) RVM03_3_(0x9000082b, md, ms2, ms1)
#define rvm03_mmulh_s_mv_x(md, ms2, ms1, row) RVM03_3X_(0x9200082b, md, ms2, ms1, row)
#define rvm03_mmulh_s_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x9400082b, md, ms2, ms1, uimm)
#define rvm03_mmulh_s_mx(md, ms2, x) RVM03_3X_(0x9600082b, md, ms2, 0, x)
#define rvm03_madd_d_mm(md, ms2, ms1) RVM03_3_(0x30000c2b, md, ms2, ms1)
#define rvm03_madd_d_mv_x(md, ms2, ms1, row) RVM03_3X_(0x32000c2b, md, ms2, ms1, row)
#define rvm03_madd_d_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x34000c2b, md, ms2, ms1, uimm)
#define rvm03_madd_d_mx(md, ms2, x) RVM03_3X_(0x36000c2b, md, ms2, 0, x)
#define rvm03_msub_d_mm(md, ms2, ms1) RVM03_3_(0x40000c2b, md, ms2, ms1)
#define rvm03_msub_d_mv_x(md, ms2, ms1, row) RVM03_3X_(0x42000c2b, md, ms2, ms1, row)
#define rvm03_msub_d_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x44000c2b, md, ms2, ms1, uimm)
#define rvm03_msub_d_mx(md, ms2, x) RVM03_3X_(0x46000c2b, md, ms2, 0, x)
#define rvm03_msra_d_mm(md, ms2, ms1) RVM03_3_(0x50000c2b, md, ms2, ms1)
#define rvm03_msra_d_mv_x(md, ms2, ms1, row) RVM03_3X_(0x52000c2b, md, ms2, ms1, row)
#define rvm03_msra_d_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x54000c2b, md, ms2, ms1, uimm)
#define rvm03_msra_d_mx(md, ms2, x) RVM03_3X_(0x56000c2b, md, ms2, 0, x)

// Clips
#define rvm03_mn4clip_d_mm(md, ms2, ms1) RVM03_3_(0x60000c2b, md, ms2, ms1)
#define rvm03_mn4clip_d_mv_x(md, ms2, ms1, row) RVM03_3X_(0x62000c2b, md, ms2, ms1, row)
#define rvm03_mn4clip_d_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x64000c2b, md, ms2, ms1, uimm)
#define rvm03_mn4clip_d_mx(md, ms2, x) RVM03_3X_(0x66000c2b, md, ms2, 0, x)
#define rvm03_mn4clipu_d_mm(md, ms2, ms1) RVM03_3_(0x70000c2b, md, ms2, ms1)
#define rvm03_mn4clipu_d_mv_x(md, ms2, ms1, row) RVM03_3X_(0x72000c2b, md, ms2, ms1, row)
#define rvm03_mn4clipu_d_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x74000c2b, md, ms2, ms1, uimm)
#define rvm03_mn4clipu_d_mx(md, ms2, x) RVM03_3X_(0x76000c2b, md, ms2, 0, x)

// Integer elements
#define rvm03_mmul_d_mm(md, ms2, ms1) RVM03_3_(0x80000c2b, md, ms2, ms1)
#define rvm03_mmul_d_mv_x(md, ms2, ms1, row) RVM03_3X_(0x82000c2b, md, ms2, ms1, row)
#define rvm03_mmul_d_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x84000c2b, md, ms2, ms1, uimm)
#define rvm03_mmul_d_mx(md, ms2, x) RVM03_3X_(0x86000c2b, md, ms2, 0, x)
#define rvm03_mmulh_d_mm(md, ms2, ms1) RVM03_3_(0x90000c2b, md, ms2, ms1)
#define rvm03_mmulh_d_mv_x(md, ms2, ms1, row) RVM03_3X_(0x92000c2b, md, ms2, ms1, row)
#define rvm03_mmulh_d_mv_i(md, ms2, ms1, uimm) RVM03_3I_(0x94000c2b, md, ms2, ms1, uimm)
#define rvm03_mmulh_d_mx(md, ms2, x) RVM03_3X_(0x96000c2b, md, ms2, 0, x)

// Loads and stores
#define rvm03_mldb(md, stride, base) RVM_ACCESS_(0x0800002b, 1, md, base, stride)
#define rvm03_mldh(md, stride, base) RVM_ACCESS_(0x0800042b, 2, md, base, stride)
#define rvm03_mldw(md, stride, base) RVM_ACCESS_(0x0800082b, 4, md, base, stride)
#define rvm03_mldd(md, stride, base) RVM_ACCESS_(0x08000c2b, 8, md, base, stride)
#define rvm03_mstb(ms3, stride, base) RVM_ACCESS_(0x0a00002b, 1, ms3, base, stride)
#define rvm03_msth(ms3, stride, base) RVM_ACCESS_(0x0a00042b, 2, ms3, base, stride)
#define rvm03_mstw(ms3, stride, base) RVM_ACCESS_(0x0a00082b, 4, ms3, base, stride)
#define rvm03_mstd(ms3, stride, base) RVM_ACCESS_(0x0a000c2b, 8, ms3, base, stride)
#define rvm03_msldb(md, stride, base) RVM_ACCESS_(0x1800002b, 1, md, base, stride)
#define rvm03_msldh(md, stride, base) RVM_ACCESS_(0x1800042b, 2, md, base, stride)
#define rvm03_msldw(md, stride, base) RVM_ACCESS_(0x1800082b, 4, md, base, stride)
#define rvm03_msldd(md, stride, base) RVM_ACCESS_(0x18000c2b, 8, md, base, stride)
#define rvm03_msstb(ms3, stride, base) RVM_ACCESS_(0x1a00002b, 1, ms3, base, stride)
#define rvm03_mssth(ms3, stride, base) RVM_ACCESS_(0x1a00042b, 2, ms3, base, stride)
#define rvm03_msstw(ms3, stride, base) RVM_ACCESS_(0x1a00082b, 4, ms3, base, stride)
#define rvm03_msstd(ms3, stride, base) RVM_ACCESS_(0x1a000c2b, 8, ms3, base, stride)
#define rvm03_mld1mb(md, base) RVM_WHOLE_(0x2800002b, 1, md, base)
#define rvm03_mld2mb(md, base) RVM_WHOLE_(0x2810002b, 2, md, base)
#define rvm03_mld4mb(md, base) RVM_WHOLE_(0x2830002b, 4, md, base)
#define rvm03_mld8mb(md, base) RVM_WHOLE_(0x2870002b, 8, md, base)
#define rvm03_mld1mh(md, base) RVM_WHOLE_(0x2800042b, 1, md, base)
#define rvm03_mld2mh(md, base) RVM_WHOLE_(0x2810042b, 2, md, base)
#define rvm03_mld4mh(md, base) RVM_WHOLE_(0x2830042b, 4, md, base)
#define rvm03_mld8mh(md, base) RVM_WHOLE_(0x2870042b, 8, md, base)
#define rvm03_mld1mw(md, base) RVM_WHOLE_(0x2800082b, 1, md, base)
#define rvm03_mld2mw(md, base) RVM_WHOLE_(0x2810082b, 2, md, base)
#define rvm03_mld4mw(md, base) RVM_WHOLE_(0x2830082b, 4, md, base)
#define rvm03_mld8mw(md, base) RVM_WHOLE_(0x2870082b, 8, md, base)
#define rvm03_mld1md(md, base) RVM_WHOLE_(0x28000c2b, 1, md, base)
#define rvm03_mld2md(md, base) RVM_WHOLE_(0x28100c2b, 2, md, base)
#define rvm03_mld4md(md, base) RVM_WHOLE_(0x28300c2b, 4, md, base)
#define rvm03_mld8md(md, base) RVM_WHOLE_(0x28700c2b, 8, md, base)
#define rvm03_mst1mb(ms3, base) RVM_WHOLE_(0x2a00002b, 1, ms3, base)
#define rvm03_mst2mb(ms3, base) RVM_WHOLE_(0x2a10002b, 2, ms3, base)
#define rvm03_mst4mb(ms3, base) RVM_WHOLE_(0x2a30002b, 4, ms3, base)
#define rvm03_mst8mb(ms3, base) RVM_WHOLE_(0x2a70002b, 8, ms3, base)
#define rvm03_mst1mh(ms3, base) RVM_WHOLE_(0x2a00042b, 1, ms3, base)
#define rvm03_mst2mh(ms3, base) RVM_WHOLE_(0x2a10042b, 2, ms3, base)
#define rvm03_mst4mh(ms3, base) RVM_WHOLE_(0x2a30042b, 4, ms3, base)
#define rvm03_mst8mh(ms3, base) RVM_WHOLE_(0x2a70042b, 8, ms3, base)
#define rvm03_mst1mw(ms3, base) RVM_WHOLE_(0x2a00082b, 1, ms3, base)
#define rvm03_mst2mw(ms3, base) RVM_WHOLE_(0x2a10082b, 2, ms3, base)
#define rvm03_mst4mw(ms3, base) RVM_WHOLE_(0x2a30082b, 4, ms3, base)
#define rvm03_mst8mw(ms3, base) RVM_WHOLE_(0x2a70082b, 8, ms3, base)
#define rvm03_mst1md(ms3, base) RVM_WHOLE_(0x2a000c2b, 1, ms3, base)
#define rvm03_mst2md(ms3, base) RVM_WHOLE_(0x2a100c2b, 2, ms3, base)
#define rvm03_mst4md(ms3, base) RVM_WHOLE_(0x2a300c2b, 4, ms3, base)
#define rvm03_mst8md(ms3, base) RVM_WHOLE_(0x2a700c2b, 8, ms3, base)

// Configuration
#define rvm03_mcfgk(x) RVM_OUT1_(0x8e00002b, x)
#define rvm03_mcfgm(x) RVM_OUT1_(0x9e00002b, x)
#define rvm03_mcfgn(x) RVM_OUT1_(0xae00002b, x)
#define rvm03_mcfg(x) RVM_OUT1_(0xfe00002b, x)
#define rvm03_mcfgki(uimm) RVM_OUT_SIZE_(0x0e00002b, uimm)
#define rvm03_mcfgmi(uimm) RVM_OUT_SIZE_(0x1e00002b, uimm)
#define rvm03_mcfgni(uimm) RVM_OUT_SIZE_(0x2e00002b, uimm)

// Moves
#define rvm03_mzero(md) RVM03_1_(0xa000002b, md)

// Configuration
#define rvm03_mrelease() RVM_WORD_(0x7e00002b)

// Moves
#define rvm03_mmovb_x_m(ms2, index) RVM_OUT_INDEX_(0x0c00002b, 21, ms2, index)
#define rvm03_mmovh_x_m(ms2, index) RVM_OUT_INDEX_(0x0c10002b, 21, ms2, index)
#define rvm03_mmovw_x_m(ms2, index) RVM_OUT_INDEX_(0x0d00002b, 21, ms2, index)
#define rvm03_mmovd_x_m(ms2, index) RVM_OUT_INDEX_(0x0d10002b, 21, ms2, index)
#define rvm03_mdupb_m_x(md, x) RVM_IN_(0x1c00002b, md, x)
#define rvm03_mduph_m_x(md, x) RVM_IN_(0x1c00042b, md, x)
#define rvm03_mdupw_m_x(md, x) RVM_IN_(0x1c00082b, md, x)
#define rvm03_mdupd_m_x(md, x) RVM_IN_(0x1c000c2b, md, x)
#define rvm03_mmovb_m_x(md, x, index) RVM_IN2_(0x2c00002b, md, index, x)
#define rvm03_mmovh_m_x(md, x, index) RVM_IN2_(0x2c00042b, md, index, x)
#define rvm03_mmovw_m_x(md, x, index) RVM_IN2_(0x2c00082b, md, index, x)
#define rvm03_mmovd_m_x(md, x, index) RVM_IN2_(0x2c000c2b, md, index, x)

#endif
