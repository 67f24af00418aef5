"""How programs of version 0.6 are drawn."""

import model06


class Driver06:
    CSRS = [0x802, 0x803, 0x804, 0x805]
    SHAPES = [(512, 128, 32), (256, 64, 32), (512, 32, 32), (256, 256, 32), (512, 128, 64), (1024, 128, 64), (256, 64, 16), (256, 64, 8)]

    # Section 7, by the names that the model has for them.
    RULES = ["ELEN", "MS", "mzero alignment", "no such instruction", "no xmisa bit", "odd mtilek", "register class", "tile size", "xmfrm", "xmisa bit",
             "fault"]

    @staticmethod
    def is_never(mnemonic):
        return mnemonic.endswith(".bp")

    def __init__(self, rows, draw):
        self.rows = rows
        tlen, trlen, elen = draw.choice(self.SHAPES)
        self.shape = {"tlen": tlen, "trlen": trlen, "elen": elen, "accumulate": draw.choice(["dot-then-add", "chain-from-c", "exact"]),
                      "outside": draw.choice(["zero", "poison"]), "unlisted": draw.randrange(4) > 0}
        self.model = model06.Model06(self.shape, {name: row[3] for name, row in rows.items()})

    def options(self):
        s = self.shape
        return ["--rvm", "0.6", "--rvm-tlen", str(s["tlen"]), "--rvm-trlen", str(s["trlen"]), "--rvm-elen", str(s["elen"]), "--rvm-accumulate",
                s["accumulate"], "--rvm-outside", s["outside"], "--rvm-unlisted", "allow" if s["unlisted"] else "trap"]

    def csrs(self):
        return list(zip(self.CSRS, self.model.status().values()))

    def load_whole(self, program, register):
        return program.word("mlme8", {"md": register, "rs1": 5})

    def store_whole(self, program, register):
        return program.word("msme8", {"ms3" if "ms3" in self.rows["msme8"][1] else "md": register, "rs1": 5})

    def operands(self, draw, mnemonic):
        model = self.model
        _, places, text, _ = self.rows[mnemonic]
        fields = {}
        for name in places:
            if name == "uimm":
                fields[name] = draw.choice([0, 1, 2, draw.getrandbits(places[name][1])])
                if places[name][1] == 3 and ".mv.i" in mnemonic:
                    fields[name] %= 7
            elif name.startswith("m"):
                register = draw.randrange(8)
                if draw.randrange(12):
                    if f"{name}(acc)" in text:
                        register |= 4
                    elif f"{name}(tr)" in text:
                        register &= 3
                fields[name] = register
            else:
                fields[name] = {"rd": 12, "rs1": 10, "rs2": 11}[name]
        if mnemonic.startswith(("mrslide", "mcslide", "mrbca", "mcbca", "mpack")) and draw.randrange(8):
            for name in ("ms1", "ms2"):
                if name in fields:
                    fields[name] = fields[name] & 3 | fields["md"] & 4
        if mnemonic.startswith("mzero") and draw.randrange(3):
            fields["md"] = 0 if "8" in mnemonic else fields["md"] & 4 if "4" in mnemonic else fields["md"] & 6
        rows, deepest = model.rows, self.shape["trlen"] // 8

        def size(limit):
            if draw.randrange(25) == 0:
                return draw.choice([limit + 1, 1 << 40, (1 << 64) - 1])
            return min(limit, draw.choice([0, 1, limit // 2, limit, limit, draw.randint(0, limit)]))
        limit = self.depth(mnemonic) if draw.randrange(20) else deepest * 2
        m, n = size(rows), size(rows)
        if mnemonic.startswith(("mlc", "msc")) and not mnemonic.startswith(("mscvt",)):
            n = size(model.columns(4, int("".join(c for c in mnemonic[-2:] if c.isdigit()))))
        k = size(limit)
        if mnemonic.startswith("pmm"):  # a rule of few instructions: met on purpose
            k = k & ~1 | (draw.randrange(4) == 0)
        setup = []
        for name, value in (("m", m), ("n", n), ("k", k)):
            setup += [f" li t0, {value - (1 << 64) if value >> 63 else value}", f" .4byte {self.rows['msettile' + name][0] | 5 << 15:#010x}"]
            setattr(model, name, value)
        xmcsr = draw.getrandbits(12) & 0x7ff | draw.getrandbits(1) << 11
        if draw.randrange(5):
            xmcsr = xmcsr & ~0x700 | draw.randrange(5) << 8
        setup += [f" li t0, {xmcsr}", " csrw 0x802, t0"]
        model.xmcsr = xmcsr
        x = {"rs1": draw.choice([draw.getrandbits(64), draw.randrange(64), draw.randrange(2 * rows)]), "rs2": draw.getrandbits(64), "rd": draw.getrandbits(64)}
        moves = mnemonic.startswith(("ml", "ms")) and mnemonic[-1].isdigit()
        if moves:
            width = int("".join(c for c in mnemonic[-2:] if c.isdigit())) // 8
            x["rs1"], x["rs2"] = memory_operands(draw, width)
        return fields, x, setup, moves

    def depth(self, mnemonic):
        """Elements of a tile's row, as the instruction counts them."""
        last = mnemonic.split(".")[-1]
        if mnemonic.startswith("pmm"):
            return self.shape["trlen"] // 4
        bits = {"b": 8, "e4": 8, "e5": 8, "h": 16, "bf16": 16, "s": 32, "tf32": 32, "d": 64, "bp": 8}.get(last, 8)
        if mnemonic[-1].isdigit() and "." not in mnemonic:
            bits = int("".join(c for c in mnemonic[-2:] if c.isdigit()))
        return self.shape["trlen"] // bits


def memory_operands(draw, width):
    """A base and a stride, multiples of the width: inside of the pages, or over their end."""
    kind = draw.randrange(6)
    stride = draw.choice([0, width, 64, -64, 16 * width, -width, 128, 96, 256])
    base = 0x10000 + 4096 + draw.randrange(64) * 16
    if kind == 0:
        base = 0x10000 + draw.choice([2, 3]) * 4096 - draw.randrange(1, 40) * 16  # into what may not be written, or is not there
    elif kind == 1:
        base = 0x10000 + draw.randrange(8) * 16  # strides below 0 leave it at the front
    elif kind == 2:
        base = draw.choice([0x10000 - 64, 0x40000, 0x7fffffff0000])
    return base // width * width, stride & (1 << 64) - 1
