"""RVM 0.6, one element at a time: a model of what each instruction does to registers, CSRs, x[rd] and memory. Written from shared/specs/rvm.md
(sections 2, 5, 7, 8 and appendix A); the rules that text leaves open are marked "choice" and are those of README.md."""

import re

import formats as f


class Illegal(Exception):
    """With the rule of section 7."""


class Fault(Exception):
    def __init__(self, address, is_store):
        self.address, self.is_store = address, is_store


FLOATS = {"e4": f.E4M3, "e5": f.E5M2, "h": f.HALF, "bf16": f.BF16, "s": f.SINGLE, "d": f.DOUBLE}
SIZES = {"b": 8, "h": 16, "w": 32, "d": 64}


def signed(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def round_shift(value, amount, mode):
    """xmxrm: to nearest up, to nearest even, down, to odd."""
    whole, rest = value >> amount, value & ((1 << amount) - 1)
    half = 1 << amount >> 1
    if mode == 0:
        return whole + (amount > 0 and rest >= half)
    if mode == 1:
        return whole + (amount > 0 and (rest > half or rest == half and whole & 1 == 1))
    return whole | (mode == 3 and rest != 0)


class Model06:
    NAMES = ["tr0", "tr1", "tr2", "tr3", "acc0", "acc1", "acc2", "acc3"]

    def __init__(self, shape, needs):
        self.shape, self.needs = shape, needs
        self.rows = shape["tlen"] // shape["trlen"]
        self.elen = shape["elen"]
        self.registers = [bytearray(self.rows * self.row_bytes(i)) for i in range(8)]
        self.m = self.n = self.k = 0
        self.xmxrm = self.xmsat = self.xmfflags = self.xmfrm = self.xmsaten = 0
        self.ms = self.fs = 1

    def row_bytes(self, register):
        return self.shape["trlen"] // 8 if register < 4 else self.rows * self.elen // 8

    # Elements

    def get(self, register, i, j, bits):
        start = i * self.row_bytes(register)
        if bits == 4:
            return self.registers[register][start + j // 2] >> (j % 2 * 4) & 15
        start += j * bits // 8
        return int.from_bytes(self.registers[register][start:start + bits // 8], "little")

    def put(self, register, i, j, bits, value):
        start = i * self.row_bytes(register) + j * bits // 8
        self.registers[register][start:start + bits // 8] = (value & ((1 << bits) - 1)).to_bytes(bits // 8, "little")

    def columns(self, register, bits):
        return self.row_bytes(register) * 8 // bits

    # CSRs

    @property
    def xmcsr(self):
        return self.xmxrm | self.xmsat << 2 | self.xmfflags << 3 | self.xmfrm << 8 | self.xmsaten << 11

    @xmcsr.setter
    def xmcsr(self, value):
        self.xmxrm, self.xmsat, self.xmfflags = value & 3, value >> 2 & 1, value >> 3 & 0x17
        self.xmfrm, self.xmsaten = value >> 8 & 7, value >> 11 & 1

    def status(self):
        return {"xmcsr": self.xmcsr, "mtilem": self.m, "mtilen": self.n, "mtilek": self.k}

    # Section 7

    def require(self, condition, rule):
        if not condition:
            raise Illegal(rule)

    def require_features(self, mnemonic):
        """The column of the table: alternatives in brackets. choice: what has no bit needs --rvm-unlisted allow, the hybrid is never there."""
        text = self.needs[mnemonic]
        if text == "base":
            return
        self.require("hybrid" not in text, "no such instruction")
        unlisted = "no xmisa bit" in text
        if unlisted:
            self.require(self.shape["unlisted"], "no xmisa bit")
        text = re.sub(r"\(no xmisa bit[^)]*\)", "", text)
        for part in text.split("&"):
            names = [name for name in re.split(r"[()| ]+", part) if name]
            self.require(not names or any(name in self.features for name in names), "xmisa bit")

    @property
    def features(self):
        """choice: all that ELEN has room for."""
        found = set()
        if self.elen >= 16:
            found |= {"mmf16f16", "mmf8f16", "mmf8bf16", "mfew", "mfic"}
        if self.elen >= 32:
            found |= {"mmi4i32", "mmi8i32", "mmf32f32", "mmf16f32", "mmbf16f32", "mmf8f32", "miew"}
        if self.elen >= 64:
            found |= {"mmf64f64", "mmf32f64"}
        return found

    def require_accumulators(self, bits, *registers):
        for register in registers:
            self.require(register >= 4, "register class")
        self.require(bits <= self.elen, "ELEN")

    def require_elements(self, bits, register):
        self.require(self.m <= self.rows and self.n <= self.columns(register, bits), "tile size")

    def require_rounding(self):
        self.require(self.xmfrm <= 4, "xmfrm")

    # Execution

    def execute(self, mnemonic, o, x, memory):
        """o: fields by name; x: values of rs1, rs2, and rd, which may be changed. Raises Illegal or Fault with nothing changed."""
        self.require(self.ms != 0, "MS")
        self.require_features(mnemonic)
        stem = mnemonic.split(".")[0]
        dirty = True
        if mnemonic == "mrelease":
            self.ms = 1
            return
        if m := re.fullmatch(r"msettile([mnk])(i?)", mnemonic):
            setattr(self, m[1], o["uimm"] if m[2] else x["rs1"])
        elif m := re.fullmatch(r"m([ls])m?(?:([abc])(t?))?e(8|16|32|64)", mnemonic):
            dirty = m[1] == "l"
            self.access(m, o, x, memory)
        elif m := re.fullmatch(r"mzero(?:([248])r)?", mnemonic):
            count = int(m[1] or 1)
            self.require(o["md"] % count == 0, "mzero alignment")
            for register in range(o["md"], o["md"] + count):
                self.registers[register][:] = bytes(len(self.registers[register]))
        elif m := re.fullmatch(r"mmov([bhwd])\.x\.m", mnemonic):
            dirty = False
            bits = SIZES[m[1]]
            i, j = self.place(o["ms2"], bits, x["rs1"])
            x["rd"] = signed(self.get(o["ms2"], i, j, bits), bits) & (1 << 64) - 1
        elif m := re.fullmatch(r"mmov([bhwd])\.m\.x", mnemonic):
            bits = SIZES[m[1]]
            self.put(o["md"], *self.place(o["md"], bits, x["rs1"]), bits, x["rs2"])
        elif m := re.fullmatch(r"mdup([bhwd])\.m\.x", mnemonic):
            bits = SIZES[m[1]]
            self.require(self.columns(o["md"], bits) > 0, "no column")
            self.fill(o["md"], bits, lambda i, j: x["rs2"])
        elif mnemonic == "mmov.mm":
            count = min(self.row_bytes(o["md"]), self.row_bytes(o["ms1"]))
            for i in range(self.rows):
                to, source = i * self.row_bytes(o["md"]), i * self.row_bytes(o["ms1"])
                self.registers[o["md"]][to:to + count] = self.registers[o["ms1"]][source:source + count]
        elif stem.startswith("mpack") or stem.startswith(("mrslide", "mcslide", "mrbca", "mcbca")):
            self.move(mnemonic, stem, o)
        elif stem in ("mfmacc",):
            self.multiply_floats(mnemonic, o)
        elif m := re.fullmatch(r"(p?)mmacc(u|us|su|)\.([wd])\.([bh])", mnemonic):
            self.multiply_integers(m, o)
        elif m := re.fullmatch(r"mn4clip([lh])(u?)\.w\.(mm|mv\.i)", mnemonic):
            self.clip(m, o)
        elif "cvt" in stem:
            self.convert(mnemonic, o)
        elif m := re.fullmatch(r"m(f?)(\w+)\.([hswd])\.(mm|mv\.i)", mnemonic):
            self.elementwise(m, o)
        else:
            raise NotImplementedError(mnemonic)
        if dirty:
            self.ms = 3

    def place(self, register, bits, index):
        columns = self.columns(register, bits)
        self.require(columns > 0, "no column")
        index %= self.rows * columns
        return index // columns, index % columns

    def fill(self, register, bits, element):
        new = [[element(i, j) for j in range(self.columns(register, bits))] for i in range(self.rows)]
        for i, row in enumerate(new):
            for j, value in enumerate(row):
                self.put(register, i, j, bits, value)

    def access(self, m, o, x, memory):
        is_load, which, transposed, bits = m[1] == "l", m[2], m[3], int(m[4])
        register = o["md"] if is_load else o["ms3"]
        if which is None:
            # Whole rows, one after the other; the width has no meaning.
            size = len(self.registers[register])
            addresses = [(x["rs1"] + at & (1 << 64) - 1, at) for at in range(size)]
            memory.probe([a for a, _ in addresses], not is_load)
            for address, at in addresses:
                if is_load:
                    self.registers[register][at] = memory.load(address, 1)[0]
                else:
                    memory.store(address, bytes([self.registers[register][at]]))
            return
        self.require((register >= 4) == (which == "c"), "register class")
        rows, columns = {"a": (self.m, self.k), "b": (self.n, self.k), "c": (self.m, self.n)}[which]
        self.require(rows <= self.rows and columns <= self.columns(register, bits), "tile size")
        width = bits // 8
        stride = signed(x["rs2"], 64)
        cells = []
        for i in range(rows):
            for j in range(columns):
                offset = j * stride + i * width if transposed else i * stride + j * width
                cells.append((i, j, x["rs1"] + offset & (1 << 64) - 1))
        memory.probe_elements([address for _, _, address in cells], width, not is_load)
        if is_load:
            outside = 0xfe if self.shape["outside"] == "poison" else 0
            self.registers[register][:] = bytes([outside]) * len(self.registers[register])
        for i, j, address in cells:
            if is_load:
                self.put(register, i, j, bits, int.from_bytes(memory.load(address, width), "little"))
            else:
                memory.store(address, self.get(register, i, j, bits).to_bytes(width, "little"))

    def move(self, mnemonic, stem, o):
        md, ms1 = o["md"], o["ms1"]
        same = [register >= 4 for register in (md, ms1, o.get("ms2", md))]
        self.require(len(set(same)) == 1, "register class")
        uimm = o.get("uimm", 0)
        if stem.startswith("mpack"):
            half = self.row_bytes(md) // 2
            first, second = {"mpack": (0, 0), "mpackhl": (0, 1), "mpackhh": (1, 1)}[stem]
            rows = []
            for i in range(self.rows):
                start = i * self.row_bytes(md)
                a, b = self.registers[ms1][start:start + 2 * half], self.registers[o["ms2"]][start:start + 2 * half]
                rows.append(a[first * half:(first + 1) * half] + b[second * half:(second + 1) * half])
            self.registers[md][:] = b"".join(rows)
            return
        if stem in ("mrslidedown", "mrslideup"):
            shift = uimm % self.rows * (1 if stem == "mrslidedown" else -1)
            self.fill(md, 8, lambda i, j: self.get(ms1, i + shift, j, 8) if 0 <= i + shift < self.rows else 0)
        elif stem in ("mcslidedown", "mcslideup"):
            bits = SIZES[mnemonic.split(".")[1]]
            columns = self.columns(md, bits)
            self.require(columns > 0, "no column")
            shift = uimm % columns * (1 if stem == "mcslidedown" else -1)
            self.fill(md, bits, lambda i, j: self.get(ms1, i, j + shift, bits) if 0 <= j + shift < columns else 0)
        elif stem == "mrbca":
            self.fill(md, 8, lambda i, j: self.get(ms1, uimm % self.rows, j, 8))
        else:
            bits = SIZES[stem[-1]]
            self.require(self.columns(md, bits) > 0, "no column")
            self.fill(md, bits, lambda i, j: self.get(ms1, i, uimm % self.columns(md, bits), bits))

    # Multiplication

    def require_product(self, bits, result_bits, o):
        self.require(o["md"] >= 4 and o["ms1"] < 4 and o["ms2"] < 4, "register class")
        self.require(result_bits <= self.elen, "ELEN")
        self.require(self.m <= self.rows and self.n <= self.rows and self.k <= self.shape["trlen"] // bits, "tile size")
        self.require(self.n <= self.columns(o["md"], result_bits), "tile size")

    def products(self, o, result_bits, element):
        self.fill(o["md"], result_bits, lambda i, j: element(i, j) if i < self.m and j < self.n else 0)
        # What is narrower than ELEN leaves no rest: rows are filled whole.

    def multiply_integers(self, m, o):
        bits, result = 4 if m[1] else SIZES[m[4]], SIZES[m[3]]
        if bits == 4:
            self.require(self.k % 2 == 0, "odd mtilek")
        self.require_product(bits, result, o)
        a_signed, b_signed = {"": (1, 1), "u": (0, 0), "us": (0, 1), "su": (1, 0)}[m[2]]

        def number(register, i, j, is_signed):
            value = self.get(register, i, j, bits)
            return signed(value, bits) if is_signed else value

        def element(i, j):
            total = signed(self.get(o["md"], i, j, result), result)
            for k in range(self.k):
                total += number(o["ms1"], i, k, a_signed) * number(o["ms2"], j, k, b_signed)
            return self.saturated(total, result)
        self.products(o, result, element)

    def saturated(self, total, bits):
        low, high = -(1 << bits - 1), (1 << bits - 1) - 1
        if self.xmsaten and not low <= total <= high:
            self.xmsat = 1
            return low if total < low else high
        return total

    def multiply_floats(self, mnemonic, o):
        _, to, source = (mnemonic.split(".") + [mnemonic.split(".")[1]])[:3]
        fmt = FLOATS[to]
        bits = 32 if source == "tf32" else FLOATS[source].bits
        self.require_product(bits, fmt.bits, o)
        self.require_rounding()

        def number(register, i, j):
            value = self.get(register, i, j, bits)
            return f.decode_tf32(value) if source == "tf32" else f.decode(value, FLOATS[source])

        self.products(o, fmt.bits, lambda i, j: self.accumulate(
            self.get(o["md"], i, j, fmt.bits), [(number(o["ms1"], i, k), number(o["ms2"], j, k)) for k in range(self.k)], fmt))

    def flag(self, result):
        self.xmfflags |= result[1]
        return result[0]

    def rounding(self):
        return self.xmfrm

    def accumulate(self, old, pairs, fmt):
        if not pairs:
            return old
        mode, order = self.rounding(), self.shape["accumulate"]
        if order == "exact":
            return self.flag(f.sum_of_products([(f.decode(old, fmt),)] + pairs, fmt, mode))
        total = old if order == "chain-from-c" else 0
        for a, b in pairs:
            total = self.flag(f.fused(a, b, f.decode(total, fmt), fmt, mode))
        if order == "dot-then-add":
            total = self.flag(f.add(f.decode(total, fmt), f.decode(old, fmt), fmt, mode))
        return total

    # Elements

    def other_row(self, o, i):
        return o["uimm"] % self.rows if "uimm" in o else i

    def elementwise(self, m, o):
        is_float, operation, size = m[1] == "f", m[2], m[3]
        # madd, mmax, … have no f; their names begin with m all the same.
        bits = FLOATS[size].bits if is_float else SIZES[size]
        self.require_accumulators(bits, o["md"], o["ms1"], o["ms2"])
        self.require_elements(bits, o["md"])
        if is_float and operation in ("add", "sub", "mul"):
            self.require_rounding()

        def element(i, j):
            if i >= self.m or j >= self.n:
                return 0
            a, b = self.get(o["ms2"], i, j, bits), self.get(o["ms1"], self.other_row(o, i), j, bits)
            return self.float_element(operation, a, b, FLOATS[size]) if is_float else self.integer_element(operation, a, b, bits)
        self.fill(o["md"], bits, element)

    def float_element(self, operation, a_bits, b_bits, fmt):
        a, b, mode = f.decode(a_bits, fmt), f.decode(b_bits, fmt), self.rounding()
        if operation in ("max", "min"):
            return self.flag(f.extreme(a, b, a_bits, b_bits, fmt, operation == "max"))
        if operation == "mul":
            return self.flag(f.multiply(a, b, fmt, mode))
        return self.flag(f.add(a, b.negated() if operation == "sub" and not b.is_nan else b, fmt, mode))

    def integer_element(self, operation, a, b, bits):
        x, y, amount = signed(a, bits), signed(b, bits), b & bits - 1
        return {"add": lambda: self.saturated(x + y, bits), "sub": lambda: self.saturated(x - y, bits), "mul": lambda: x * y,
                "mulh": lambda: x * y >> bits, "max": lambda: max(x, y), "min": lambda: min(x, y), "umax": lambda: max(a, b),
                "umin": lambda: min(a, b), "sll": lambda: a << amount, "srl": lambda: a >> amount, "sra": lambda: x >> amount}[operation]()

    def clip(self, m, o):
        part, is_unsigned = "lh".index(m[1]), m[2] == "u"
        self.require_accumulators(32, o["md"], o["ms1"], o["ms2"])
        columns = self.columns(o["md"], 32)
        new = [[self.clipped(self.get(o["ms2"], i, j, 32), self.get(o["ms1"], self.other_row(o, i), j, 32), 32, is_unsigned)
                for j in range(columns)] for i in range(self.rows)]
        for i, row in enumerate(new):
            for j, value in enumerate(row):
                self.put(o["md"], i, part * columns + j, 8, value)

    def clipped(self, value, amount, bits, is_unsigned):
        value = round_shift(value if is_unsigned else signed(value, bits), amount & bits - 1, self.xmxrm)
        low, high = (0, (1 << bits // 4) - 1) if is_unsigned else (-(1 << bits // 4 - 1), (1 << bits // 4 - 1) - 1)
        if not low <= value <= high:
            self.xmsat = 1
        return min(max(value, low), high)

    # Conversions: whole registers

    def convert(self, mnemonic, o):
        stem, to, source = mnemonic.split(".")
        kind, part = re.fullmatch(r"m(f|sf|uf|fs|fu|s|u)cvt([lh]?)", stem).groups()
        part = {"": 0, "l": 0, "h": 1}[part]
        from_integer, to_integer, widening_integer = kind in ("sf", "uf"), kind in ("fs", "fu"), kind in ("s", "u")

        def width(name, is_integer):
            return 4 if name == "p" else SIZES[name] if is_integer else 32 if name == "tf32" else FLOATS[name].bits
        source_bits, to_bits = width(source, from_integer or widening_integer), width(to, to_integer or widening_integer)
        self.require_accumulators(max(source_bits, to_bits), o["md"], o["ms1"])
        exact = widening_integer or not to_integer and not from_integer and ("tf32" in (to, source) or to_bits > source_bits)
        # choice: a conversion that cannot round asks nothing of xmfrm, but one of a byte, which is exact too, does.
        if not exact:
            self.require_rounding()
        row = self.row_bytes(o["md"]) * 8
        columns = row // max(source_bits, to_bits)
        first = part * columns if to_bits > source_bits else 0
        start = part * columns if to_bits < source_bits else 0
        new = [[self.converted(self.get(o["ms1"], i, first + j, source_bits), kind, source, to, source_bits, to_bits)
                for j in range(columns)] for i in range(self.rows)]
        for i, line in enumerate(new):
            for j, value in enumerate(line):
                self.put(o["md"], i, start + j, to_bits, value)

    def converted(self, bits, kind, source, to, source_bits, to_bits):
        mode = self.rounding()
        if kind in ("s", "u"):
            return signed(bits, source_bits) if kind == "s" else bits
        if kind in ("sf", "uf"):
            return self.flag(f.convert_from_integer(signed(bits, source_bits) if kind == "sf" else bits, FLOATS[to], mode))
        if kind in ("fs", "fu"):
            return self.flag(f.convert_to_integer(f.decode(bits, FLOATS[source]), to_bits, kind == "fs", mode))
        if "tf32" in (source, to):
            value = f.decode_tf32(bits)
            return self.flag(f.convert(value, f.SINGLE, 1))
        return self.flag(f.convert(f.decode(bits, FLOATS[source]), FLOATS[to], mode, bool(self.xmsaten)))
