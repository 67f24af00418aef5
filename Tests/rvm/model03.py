"""RVM 0.3, as model06.py does 0.6; from shared/specs/rvm.md, section 6 and appendix B. K counts bytes. Flags and rounding mode are those of fcsr."""

import re

import formats as f
from model06 import FLOATS, SIZES, Model06, round_shift, signed


class Model03(Model06):
    NAMES = [f"m{i}" for i in range(8)]

    def __init__(self, shape):
        self.shape = shape
        self.row = shape["rlen"] // 8
        self.rows = shape["rlen"] // 32
        self.registers = [bytearray(self.rows * self.row) for _ in range(8)]
        self.m = self.n = self.k = 0
        self.xmxrm = self.xmsat = 0
        self.frm = self.fflags = 0
        self.fs = 1
        self.ms = 1
        # Sums wrap here.
        self.xmsaten = 0

    def row_bytes(self, register):
        return self.row

    @property
    def xmsize(self):
        return self.m | self.n << 8 | self.k << 16

    @property
    def xmcsr(self):
        return self.xmxrm | self.xmsat << 2

    @xmcsr.setter
    def xmcsr(self, value):
        self.xmxrm, self.xmsat = value & 3, value >> 2 & 1

    def status(self):
        return {"xmcsr": self.xmcsr, "xmsize": self.xmsize, "fcsr": self.fflags | self.frm << 5, "xmrstart": 0}

    def rounding(self):
        return self.frm

    def flag(self, result):
        self.fflags |= result[1]
        return result[0]

    # Pairs: the left half of a wide row is in the even register, the right one in the next.

    def pair_get(self, register, i, j, bits):
        columns = self.columns(register, bits)
        return self.get(register + j // columns, i, j % columns, bits)

    def pair_put(self, register, i, j, bits, value):
        columns = self.columns(register, bits)
        self.put(register + j // columns, i, j % columns, bits, value)

    def require_k(self, width):
        self.require(self.k <= self.row and self.k % width == 0, "tile size")

    def execute(self, mnemonic, o, x, memory):
        self.require(self.ms != 0, "MS")
        stem = mnemonic.split(".")[0]
        dirty = True
        if mnemonic == "mrelease":
            self.ms = 1
            return
        if m := re.fullmatch(r"mcfg([kmn]?)(i?)", mnemonic):
            value = o["uimm"] if m[2] else x["rs1"]
            if m[1] == "":
                self.m, self.n, self.k = value & 255, value >> 8 & 255, value >> 16 & 65535
            elif m[1] == "k":
                self.k = value & 65535
            else:
                setattr(self, m[1], value & 255)
            x["rd"] = signed(self.xmsize, 64) & (1 << 64) - 1
        elif m := re.fullmatch(r"m(ld|st|sld|sst)([bhwd])", mnemonic):
            dirty = "ld" in m[1]
            self.tile_access(m, o, x, memory)
        elif m := re.fullmatch(r"m(ld|st)([1248])m[bhwd]", mnemonic):
            dirty = m[1] == "ld"
            self.whole_access(m, o, x, memory)
        elif mnemonic == "mzero":
            self.registers[o["md"]][:] = bytes(len(self.registers[0]))
        elif m := re.fullmatch(r"mmov([bhwd])\.x\.m", mnemonic):
            dirty = False
            bits = SIZES[m[1]]
            x["rd"] = signed(self.get(o["ms2"], *self.place(o["ms2"], bits, x["rs1"]), bits), bits) & (1 << 64) - 1
        elif m := re.fullmatch(r"mmov([bhwd])\.m\.x", mnemonic):
            bits = SIZES[m[1]]
            self.put(o["md"], *self.place(o["md"], bits, x["rs1"]), bits, x["rs2"])
        elif m := re.fullmatch(r"mdup([bhwd])\.m\.x", mnemonic):
            self.fill(o["md"], SIZES[m[1]], lambda i, j: x["rs2"])
        elif mnemonic == "mmov.mm":
            self.registers[o["md"]][:] = self.registers[o["ms1"]]
        elif stem == "mmov":
            row = self.other_row(o, 0, x)
            self.fill(o["md"], 8, lambda i, j: self.get(o["ms1"], row, j, 8))
        elif m := re.fullmatch(r"(p?)mmaqa(u|us|su|)\.([bh])", mnemonic):
            self.multiply_integers03(m, o)
        elif m := re.fullmatch(r"f(w?)mmacc\.([hsd])", mnemonic):
            self.multiply_floats03(m, o)
        elif m := re.fullmatch(r"m(\w+)\.([sd])\.(mm|mv\.x|mv\.i|mx)", mnemonic):
            self.elementwise03(m, o, x)
        else:
            raise NotImplementedError(mnemonic)
        if dirty:
            self.ms = 3

    def tile_access(self, m, o, x, memory):
        is_load, width = "ld" in m[1], SIZES[m[2]] // 8
        register = o["md"] if "md" in o else o["ms3"]
        # choice: the sizes must be legal even when there is nothing to do.
        self.require(self.m <= self.rows, "tile size")
        self.require_k(width)
        cells = [(i, j, x["rs1"] + i * signed(x["rs2"], 64) + j * width & (1 << 64) - 1) for i in range(self.m) for j in range(self.k // width)]
        memory.probe_elements([address for _, _, address in cells], width, not is_load)
        if is_load:
            self.registers[register][:] = bytes(len(self.registers[register]))
        for i, j, address in cells:
            if is_load:
                self.put(register, i, j, 8 * width, int.from_bytes(memory.load(address, width), "little"))
            else:
                memory.store(address, self.get(register, i, j, 8 * width).to_bytes(width, "little"))

    def whole_access(self, m, o, x, memory):
        is_load, count = m[1] == "ld", int(m[2])
        register = o["md"] if "md" in o else o["ms3"]
        self.require(register % count == 0, "register number")
        size = len(self.registers[0])
        addresses = [x["rs1"] + at & (1 << 64) - 1 for at in range(count * size)]
        memory.probe(addresses, not is_load)
        for at, address in enumerate(addresses):
            if is_load:
                self.registers[register + at // size][at % size] = memory.load(address, 1)[0]
            else:
                memory.store(address, bytes([self.registers[register + at // size][at % size]]))

    # Multiplication

    def require_product03(self, bits, o, pair_result, pair_b, most_n):
        self.require(o["md"] % (2 if pair_result else 1) == 0 and o["ms2"] % (2 if pair_b else 1) == 0, "register number")
        results = {o["md"], o["md"] + pair_result}
        self.require(not results & {o["ms1"], o["ms2"], o["ms2"] + pair_b}, "register number")
        self.require(self.m <= self.rows and self.n <= most_n, "tile size")
        self.require_k(max(bits, 8) // 8)

    def results(self, o, pair, bits, element):
        columns = self.columns(0, bits) * (2 if pair else 1)
        new = [[element(i, j) if i < self.m and j < self.n else 0 for j in range(columns)] for i in range(self.rows)]
        for i, row in enumerate(new):
            for j, value in enumerate(row):
                self.pair_put(o["md"], i, j, bits, value)

    def multiply_integers03(self, m, o):
        bits, result = (4, 32) if m[1] else (SIZES[m[3]], 32 if m[3] == "b" else 64)
        self.require_product03(bits, o, result == 64, False, self.rows)
        a_signed, b_signed = {"": (1, 1), "u": (0, 0), "us": (0, 1), "su": (1, 0)}[m[2]]

        def number(register, i, j, is_signed):
            value = self.get(register, i, j, bits)
            return signed(value, bits) if is_signed else value

        def element(i, j):
            total = self.pair_get(o["md"], i, j, result)
            return total + sum(number(o["ms1"], i, k, a_signed) * number(o["ms2"], j, k, b_signed) for k in range(self.k * 8 // bits))
        self.results(o, result == 64, result, element)

    def multiply_floats03(self, m, o):
        source = FLOATS[m[2]]
        fmt = {"h": f.SINGLE, "s": f.DOUBLE}[m[2]] if m[1] else source
        self.require(self.fs != 0, "FS")
        pair_b = fmt is f.HALF
        self.require_product03(source.bits, o, fmt is f.DOUBLE, pair_b, self.rows * (2 if pair_b else 1))
        self.require(self.frm <= 4, "frm")

        def b_value(j, k):
            return self.get(o["ms2"] + j // self.rows, j % self.rows, k, source.bits)
        before, self.fflags = self.fflags, 0
        self.results(o, fmt is f.DOUBLE, fmt.bits, lambda i, j: self.accumulate(
            self.pair_get(o["md"], i, j, fmt.bits),
            [(f.decode(self.get(o["ms1"], i, k, source.bits), source), f.decode(b_value(j, k), source)) for k in range(self.k * 8 // source.bits)], fmt))
        # Flags that are raised make FS dirty, set before or not.
        if self.fflags:
            self.fs = 3
        self.fflags |= before

    # Elements: M × K, K counted in bytes

    def other_row(self, o, i, x):
        if "uimm" in o:
            return o["uimm"] % self.rows
        return x["row"] % self.rows if "rs1'" in o else i

    def elementwise03(self, m, o, x):
        operation, bits = m[1], {"s": 32, "d": 64}[m[2]]
        self.require(self.m <= self.rows, "tile size")
        self.require_k(bits // 8)
        columns = self.k * 8 // bits
        clip = re.fullmatch(r"n4clip(u?)", operation)

        def operands(i, j):
            other = x["row"] & (1 << bits) - 1 if m[3] == "mx" else self.get(o["ms1"], self.other_row(o, i, x), j, bits)
            return self.get(o["ms2"], i, j, bits), other
        if clip:
            new = [[self.clipped(*operands(i, j), bits, clip[1] == "u") for j in range(columns)] for i in range(self.m)]
            self.registers[o["md"]][:] = bytes(len(self.registers[0]))
            for i, row in enumerate(new):
                for j, value in enumerate(row):
                    self.put(o["md"], i, j, bits // 4, value)
            return

        def element(i, j):
            if i >= self.m or j >= columns:
                return 0
            a, b = operands(i, j)
            if operation == "sra":
                return round_shift(signed(a, bits), b & bits - 1, self.xmxrm)
            return self.integer_element(operation, a, b, bits)
        self.fill(o["md"], bits, element)
