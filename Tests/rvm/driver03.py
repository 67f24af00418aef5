"""How programs of version 0.3 are drawn."""

import model03
from driver06 import memory_operands


class Driver03:
    RULES = ["FS", "MS", "fault", "frm", "register number", "tile size"]

    @staticmethod
    def is_never(mnemonic):
        return False

    def __init__(self, rows, draw):
        self.rows = rows
        self.shape = {"rlen": draw.choice([64, 128, 128, 256]), "accumulate": draw.choice(["dot-then-add", "chain-from-c", "exact"])}
        self.model = model03.Model03(self.shape)

    def options(self):
        return ["--rvm", "0.3", "--rvm-rlen", str(self.shape["rlen"]), "--rvm-accumulate", self.shape["accumulate"]]

    def csrs(self):
        return list(zip([0x802, 0x803, 0x003, 0x801], self.model.status().values()))

    def load_whole(self, program, register):
        return program.word("mld1mb", {"md": register, "rs1": 5})

    def store_whole(self, program, register):
        name = "ms3" if "ms3" in self.rows["mst1mb"][1] else "md"
        return program.word("mst1mb", {name: register, "rs1": 5})

    def operands(self, draw, mnemonic):
        model = self.model
        _, places, text, _ = self.rows[mnemonic]
        fields = {}
        for name in places:
            if name == "uimm":
                fields[name] = draw.getrandbits(places[name][1])
            elif name.startswith("m"):
                fields[name] = draw.randrange(8)
            else:
                # The third of x8 … x15 is a0; rows and scalars come from a3, the sixth.
                fields[name] = {"rd": 12, "rs1": 10, "rs2": 11, "rs1'": 13 - 8}[name]
        is_product = "mmaqa" in mnemonic or "mmacc" in mnemonic
        if is_product and draw.randrange(8):
            fields["md"], fields["ms2"], fields["ms1"] = draw.sample([0, 2, 4, 6], 3)
            fields["ms1"] += draw.randrange(2)
        elif mnemonic[:3] in ("mld", "mst") and mnemonic[3].isdigit() and draw.randrange(6):
            for name in ("md", "ms3"):
                if name in fields:
                    fields[name] &= -int(mnemonic[3])
        rows, row = model.rows, model.row

        def size(limit, step=1):
            if draw.randrange(25) == 0:
                return draw.choice([limit + step, 255, limit + 1])
            return min(limit, draw.choice([0, step, limit // 2, limit, limit, draw.randint(0, limit)])) // step * step
        last = mnemonic.split(".")[1] if "." in mnemonic else mnemonic[-1]
        step = {"b": 1, "h": 2, "w": 4, "d": 8, "s": 4}.get(last, 1)
        if draw.randrange(20) == 0:
            step = 1
        m, n, k = size(rows), size(rows * (2 if mnemonic == "fmmacc.h" else 1)), size(row, step)
        model.m, model.n, model.k = m & 255, n & 255, k & 65535
        xmcsr = draw.getrandbits(3)
        model.xmcsr = xmcsr
        frm = draw.randrange(5) if draw.randrange(8) else draw.randrange(8)
        model.frm, model.fflags = frm, draw.choice([0, 0, 31])
        model.fs = draw.choice([1, 2, 3]) if draw.randrange(6) else 0
        setup = [f" li t0, {model.xmsize}", " csrw 0x803, t0", f" li t0, {xmcsr}", " csrw 0x802, t0", " li t0, 3 << 13", " csrs mstatus, t0",
                 f" li t0, {frm << 5 | model.fflags}", " csrw fcsr, t0", " li t0, 3 << 13", " csrc mstatus, t0", f" li t0, {model.fs} << 13",
                 " csrs mstatus, t0"]
        x = {"rs1": draw.choice([draw.getrandbits(64), draw.randrange(64), draw.getrandbits(32)]), "rs2": draw.getrandbits(64), "rd": draw.getrandbits(64),
             "row": draw.choice([draw.getrandbits(64), draw.randrange(64), 0, (1 << 64) - 1])}
        moves = mnemonic.startswith(("mld", "mst", "msld", "msst"))
        if moves:
            x["rs1"], x["rs2"] = memory_operands(draw, {"b": 1, "h": 2, "w": 4, "d": 8}[mnemonic[-1]])
        return fields, x, setup, moves
