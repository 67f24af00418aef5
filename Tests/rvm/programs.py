"""Random programs of matrix instructions, for bare metal: each instruction is executed once with registers, sizes, CSRs and addresses drawn anew, and
what it did is written to memory; the models do the same, and all of it is compared."""

import csv
import pathlib
import random
import re
import subprocess

import formats as f
from model06 import FLOATS, Fault, Illegal

PAGE = 4096
BASE = 0x10000  # where the pages of the program are seen: two to be written, one to be read, then none


def table(folder, version):
    """Rows of rvm-encodings.csv by mnemonic: match, fields (name, low bit), operands, needs."""
    rows = {}
    with open(pathlib.Path(folder) / "rvm-encodings.csv", newline="") as file:
        for line in csv.DictReader(file):
            if line["rvm_version"] != version:
                continue
            fields = {}
            for name, high, low in re.findall(r"([a-z0-9]+'?)\[(\d+):(\d+)\]", line["operands"]):
                fields["uimm" if name.startswith("uimm") else "ms3" if name == "ms3" else name] = (int(low), int(high) - int(low) + 1)
            rows[line["mnemonic"]] = (int(line["match"], 16), fields, line["operands"], line["extension_subset"])
    return rows


class Memory:
    """The pages, as the loads and stores of the program see them."""

    def __init__(self, content):
        self.bytes = bytearray(content)

    def allowed(self, address, is_store):
        return BASE <= address < BASE + (2 if is_store else 3) * PAGE

    def probe(self, addresses, is_store):
        for address in addresses:
            if not self.allowed(address, is_store):
                raise Fault(address, is_store)

    def probe_elements(self, addresses, width, is_store):
        for address in addresses:
            if not (self.allowed(address, is_store) and self.allowed(address + width - 1, is_store)):
                raise Fault(address, is_store)

    def load(self, address, count):
        return bytes(self.bytes[address - BASE:address - BASE + count])

    def store(self, address, data):
        self.bytes[address - BASE:address - BASE + len(data)] = data


class Draw(random.Random):
    def number(self, fmt):
        """Bits of a number: anything, or one of those that make trouble."""
        kind = self.randrange(10)
        sign = self.getrandbits(1) << fmt.bits - 1
        if kind < 2:
            top = ((1 << fmt.exponent) - 1) << fmt.fraction
            return sign | self.choice([0, 0, 1, (1 << fmt.fraction) - 1, 1 << fmt.fraction, top - 1, top, fmt.nan, top | 1, f.encode_size(fmt.largest, False, fmt)])
        if kind < 3:
            return self.getrandbits(fmt.bits)
        # Near 1, so that sums stay finite and round; few bits, so that they may be exact.
        exponent = fmt.bias + self.randint(-3, 3)
        keep = self.choice([0, 1, fmt.fraction])
        fraction = self.getrandbits(fmt.fraction) >> (fmt.fraction - keep) << (fmt.fraction - keep) if keep else 0
        return sign | exponent << fmt.fraction | fraction

    def integer(self, bits):
        return self.choice([self.getrandbits(bits), self.getrandbits(bits), 0, 1, (1 << bits) - 1, 1 << bits - 1, (1 << bits - 1) - 1, self.randrange(64) & (1 << bits) - 1])

    def content(self, size, kinds):
        """Bytes of a register made of elements of some of these kinds: formats or numbers of bits."""
        kind = self.choice(kinds)
        if isinstance(kind, int):
            width = max(kind, 8) // 8
            elements = [self.integer(width * 8).to_bytes(width, "little") for _ in range(size // width)]
        else:
            elements = [self.number(kind).to_bytes(kind.bits // 8, "little") for _ in range(size * 8 // kind.bits)]
        return b"".join(elements)[:size].ljust(size, b"\0")


def kinds_of(mnemonic):
    names = re.split(r"[.]", mnemonic)[1:]
    if mnemonic.startswith(("mf", "ms", "mu", "ff", "fm", "fw")) and ("cvt" in mnemonic or "mf" in mnemonic or "mmacc" in mnemonic):
        found = [FLOATS[name] for name in names if name in FLOATS] + ([f.SINGLE] if "tf32" in names else [])
        found += [{"b": 8, "w": 32, "p": 8}[name] for name in names if name in ("b", "w", "p") and name not in FLOATS]
        if found:
            return found
    return [{"b": 8, "h": 16, "w": 32, "d": 64, "s": 32, "p": 8}[name] for name in names if name in "bhwdsp"] or [8, 32]


class Program:
    """Assembly text of cases, and what the model expects of each."""

    def __init__(self, driver, seed):
        self.driver, self.draw = driver, Draw(seed)
        self.lines, self.data, self.expected = [], [], []
        self.memory = Memory(self.draw.randbytes(3 * PAGE))
        self.first = bytes(self.memory.bytes)
        self.outcomes = []

    def word(self, mnemonic, fields):
        match, places, _, _ = self.driver.rows[mnemonic]
        for name, value in fields.items():
            low, width = places[name]
            assert value < 1 << width
            match |= value << low
        return f" .4byte {match:#010x}"

    def case(self, mnemonic):
        driver, draw, model = self.driver, self.draw, self.driver.model
        fields, x, setup, moves_memory = driver.operands(draw, mnemonic)
        lines = self.lines
        # Registers get new content, from the data that follow.
        blob = b""
        for register in range(8):
            if draw.randrange(8) < (5 if register in (fields.get("md"), fields.get("ms1"), fields.get("ms2")) else 1):
                content = draw.content(len(model.registers[register]), kinds_of(mnemonic))
                model.registers[register][:] = content
                lines += [f" la t0, data+{sum(map(len, self.data)) + len(blob)}", driver.load_whole(self, register)]
                blob += content
        self.data.append(blob)
        lines += setup
        ms = draw.choice([1, 2, 3, 3, 3, 3, 3, 0]) if draw.randrange(4) == 0 else draw.choice([1, 2, 3])
        model.ms = ms
        lines += [" li t0, 3 << 25", " csrc mstatus, t0", f" li t0, {ms} << 25", " csrs mstatus, t0"]
        for name, value in (("a0", x["rs1"]), ("a1", x["rs2"]), ("a2", x["rd"]), ("a3", x.get("row", 0))):
            lines.append(f" li {name}, {value - (1 << 64) if value >> 63 else value}")
        lines += [" li s2, -1", " li s3, 0"]
        # Loads and stores see the pages; code and the rest of the data do not.
        if moves_memory:
            lines += [" li t0, 1 << 17 | 1 << 11", " csrs mstatus, t0"]
        lines.append(self.word(mnemonic, fields))
        if moves_memory:
            lines += [" li t0, 1 << 17 | 3 << 11", " csrc mstatus, t0"]
        cause, tval, rule = -1, 0, "legal"
        try:
            model.execute(mnemonic, fields, x, self.memory)
        except Illegal as illegal:
            cause, rule = 2, str(illegal)
        except Fault as fault:
            cause, tval, rule = 15 if fault.is_store else 13, fault.address, "fault"
        self.outcomes.append((mnemonic, rule))
        ms_after = model.ms
        model.ms = max(ms_after, 1)
        lines += [" csrr t1, mstatus", " li t0, 3 << 25 | 3 << 13", " and t1, t1, t0", " srli t1, t1, 13", " li t0, 1 << 25 | 1 << 13", " csrs mstatus, t0"]
        lines += [" sd s2, 0(s0)", " sd s3, 8(s0)", " sd t1, 16(s0)", " sd a2, 24(s0)"]
        state = [cause & (1 << 64) - 1, tval, ms_after << 12 | model.fs, x["rd"]]
        if cause == 2:
            # mtval of an illegal instruction is its word, or 0.
            lines[-3] = " sd zero, 8(s0)"
            state[1] = 0
        offset = 32
        for number, value in driver.csrs():
            lines += [f" csrr t0, {number:#x}", f" sd t0, {offset}(s0)"]
            state.append(value)
            offset += 8
        target = fields.get("md", 0)
        lines += [f" addi s0, s0, {offset}", " mv t0, s0", driver.store_whole(self, target)]
        register = bytes(model.registers[target])
        lines += [f" li t0, {len(register)}", " add s0, s0, t0"]
        self.expected.append((mnemonic, fields, dict(x), rule, state, target, register))

    def text(self):
        size = sum(len(state) * 8 + len(register) for *_, state, _, register in self.expected)
        size += sum(map(len, self.driver.model.registers))
        data = b"".join(self.data)
        return f"""
 .globl _start
_start:
 la t0, trap
 csrw mtvec, t0
 li t0, 1 << 25 | 1 << 13
 csrs mstatus, t0
 la s0, begin_signature
 # Sv39: the pages at {BASE:#x}, the last of which only to be read.
 la t0, root
 la t1, middle
 srli t2, t1, 2
 ori t2, t2, 1
 sd t2, 0(t0)
 la t2, leaf
 srli t3, t2, 2
 ori t3, t3, 1
 sd t3, 0(t1)
 la t3, pages
 srli t3, t3, 2
 ori t4, t3, 0xc7
 sd t4, {BASE // PAGE * 8}(t2)
 li t5, 1 << 10
 add t4, t4, t5
 sd t4, {BASE // PAGE * 8 + 8}(t2)
 add t4, t4, t5
 andi t4, t4, -5
 sd t4, {BASE // PAGE * 8 + 16}(t2)
 srli t0, t0, 12
 li t1, 8 << 60
 or t0, t0, t1
 csrw satp, t0
 sfence.vma
{chr(10).join(self.lines)}
{chr(10).join(f" mv t0, s0{chr(10)}{self.driver.store_whole(self, r)}{chr(10)} li t0, {len(b)}{chr(10)} add s0, s0, t0" for r, b in enumerate(self.driver.model.registers))}
 la t0, tohost
 li t1, 1
 sd t1, 0(t0)
wait: j wait
 .balign 4
trap:
 csrr s2, mcause
 csrr s3, mtval
 csrr t6, mepc
 addi t6, t6, 4
 csrw mepc, t6
 mret
 .data
 .balign 4096
root: .zero 4096
middle: .zero 4096
leaf: .zero 4096
 .globl begin_signature, end_signature, tohost
pages: .byte {", ".join(map(str, self.first))}
begin_signature: .zero {(size + 63) // 64 * 64}
end_signature:
 .balign 64
tohost: .dword 0, 0
data: .byte {", ".join(map(str, data or b"0"))}
"""

    def compare(self, signature):
        at = 0

        def take(count):
            nonlocal at
            at += count
            return signature[at - count:at]
        for index, (mnemonic, fields, x, rule, state, target, register) in enumerate(self.expected):
            found = [int.from_bytes(take(8), "little") for _ in state]
            content = take(len(register))
            if found != state or content != register:
                names = ["mcause", "mtval", "MS, FS", "rd"] + [hex(number) for number, _ in self.driver.csrs()]
                differences = [f"{name} {a:#x}, expected {b:#x}" for name, a, b in zip(names, found, state) if a != b]
                if content != register:
                    differences.append(f"{self.driver.model.NAMES[target]}:\n      {content.hex()}, expected\n      {register.hex()}")
                return f"case {index}: {mnemonic} {fields} x {({k: hex(v) for k, v in x.items()})} ({rule}): " + "; ".join(differences)
        for name, register in zip(self.driver.model.NAMES, self.driver.model.registers):
            if take(len(register)) != register:
                return f"{name} differs at the end"
        return None


def build(clang, folder, text):
    source, script, elf = folder / "program.S", folder / "program.ld", folder / "program.elf"
    source.write_text(text)
    script.write_text("ENTRY(_start) SECTIONS { . = 0x80000000; .text : { *(.text*) } . = ALIGN(4096); .data : { *(.data*) } }")
    subprocess.run([clang, "--target=riscv64-unknown-elf", "-march=rv64gc", "-nostdlib", "-static", "-fuse-ld=lld", "-mno-relax",
                    f"-Wl,-T,{script}", "-o", elf, source], check=True)
    return elf


def run(rvsim, elf, options, folder):
    signature = folder / "signature"
    signature.unlink(missing_ok=True)
    result = subprocess.run([rvsim, "run", *options, "--max-insns", "50000000", "--signature", signature, elf], stdin=subprocess.DEVNULL,
                            capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"rvsim ended with {result.returncode}: {result.stderr.strip()[-2000:]}")
    return b"".join(int(line, 16).to_bytes(4, "little") for line in signature.read_text().split())
