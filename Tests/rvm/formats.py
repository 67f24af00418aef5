"""Numbers of the matrix extension: decoded to exact fractions, computed with exactly, rounded once. Written from IEEE 754, OCP's 8-bit formats and
shared/specs/rvm.md, section 5; nothing of the simulator's."""

from dataclasses import dataclass
from fractions import Fraction

NX, UF, OF, NV = 1, 2, 4, 16
RNE, RTZ, RDN, RUP, RMM = range(5)


@dataclass(frozen=True)
class Format:
    name: str
    exponent: int
    fraction: int
    has_infinity: bool = True

    @property
    def bits(self):
        return 1 + self.exponent + self.fraction

    @property
    def bias(self):
        return (1 << (self.exponent - 1)) - 1

    @property
    def top(self):
        """The exponent of the largest numbers."""
        return self.bias + (0 if self.has_infinity else 1)

    @property
    def largest(self):
        """e4m3 gives up one pattern, the largest, for NaN."""
        ones = (1 << self.fraction + 1) - (1 if self.has_infinity else 2)
        return Fraction(ones) * Fraction(2) ** (self.top - self.fraction)

    @property
    def nan(self):
        if not self.has_infinity:
            return (1 << self.bits - 1) - 1
        return ((1 << self.exponent) - 1) << self.fraction | 1 << self.fraction - 1

    @property
    def infinity(self):
        return ((1 << self.exponent) - 1) << self.fraction


E5M2, E4M3 = Format("e5m2", 5, 2), Format("e4m3", 4, 3, has_infinity=False)
HALF, BF16 = Format("half", 5, 10), Format("bf16", 8, 7)
SINGLE, DOUBLE = Format("single", 8, 23), Format("double", 11, 52)


@dataclass(frozen=True)
class Value:
    """A number, an infinity or a NaN. `negative` is the sign of zeros too."""
    negative: bool
    kind: str  # "finite", "infinity", "quiet", "signalling"
    size: Fraction = Fraction(0)

    @property
    def signed(self):
        return -self.size if self.negative else self.size

    @property
    def is_nan(self):
        return self.kind in ("quiet", "signalling")

    @property
    def is_zero(self):
        return self.kind == "finite" and self.size == 0

    def negated(self):
        return Value(not self.negative, self.kind, self.size)


def decode(bits, fmt):
    negative = bits >> (fmt.bits - 1) & 1 == 1
    exponent = bits >> fmt.fraction & ((1 << fmt.exponent) - 1)
    fraction = bits & ((1 << fmt.fraction) - 1)
    if fmt.has_infinity and exponent == (1 << fmt.exponent) - 1:
        if fraction == 0:
            return Value(negative, "infinity")
        return Value(negative, "quiet" if fraction >> (fmt.fraction - 1) else "signalling")
    if not fmt.has_infinity and bits & ((1 << fmt.bits - 1) - 1) == fmt.nan:
        return Value(negative, "quiet")
    scale = max(exponent, 1) - fmt.bias - fmt.fraction
    return Value(negative, "finite", Fraction(fraction | (1 << fmt.fraction if exponent else 0)) * Fraction(2) ** scale)


def decode_tf32(bits):
    """The low 13 bits count for nothing, but a NaN stays one."""
    value = decode(bits, SINGLE)
    return value if value.is_nan else decode(bits & ~0x1fff, SINGLE)


def floor_log2(x):
    guess = x.numerator.bit_length() - x.denominator.bit_length()
    return guess if x >= Fraction(2) ** guess else guess - 1


def to_integer(x, negative, mode):
    """A size without sign to a whole number; whether that was exact."""
    whole = x.numerator // x.denominator
    rest = x - whole
    if rest == 0:
        return whole, True
    up = {RNE: rest > Fraction(1, 2) or rest == Fraction(1, 2) and whole & 1 == 1, RTZ: False, RDN: negative, RUP: not negative,
          RMM: rest >= Fraction(1, 2)}[mode]
    return whole + up, False


def round_size(size, negative, fmt, mode, unbounded=False):
    """To fraction bits at the number's own exponent, or the smallest. Returns the rounded size and whether that was exact."""
    exponent = floor_log2(size)
    scale = Fraction(2) ** ((exponent if unbounded else max(exponent, 1 - fmt.bias)) - fmt.fraction)
    whole, exact = to_integer(size / scale, negative, mode)
    return whole * scale, exact


def encode_size(size, negative, fmt):
    sign = negative << (fmt.bits - 1)
    if size == 0:
        return sign
    exponent = max(floor_log2(size), 1 - fmt.bias)
    fraction = size / Fraction(2) ** (exponent - fmt.fraction)
    assert fraction.denominator == 1
    return sign | (exponent + fmt.bias - 1 << fmt.fraction) + int(fraction)


def round_to(x, fmt, mode):
    """A fraction other than 0 to bits and flags; tininess is looked for after rounding."""
    negative, size = x < 0, abs(x)
    rounded, exact = round_size(size, negative, fmt, mode)
    flags = 0 if exact else NX
    if rounded > fmt.largest:
        to_infinity = mode in (RNE, RMM) or mode == (RDN if negative else RUP)
        return negative << (fmt.bits - 1) | (fmt.infinity if to_infinity else encode_size(fmt.largest, False, fmt)), OF | NX
    if not exact and round_size(size, negative, fmt, mode, unbounded=True)[0] < Fraction(2) ** (1 - fmt.bias):
        flags |= UF
    return encode_size(rounded, negative, fmt), flags


def zero_sign(signs, mode):
    """Of an exact zero: that of all zeros that were added, else minus when rounding down."""
    return signs[0] if None not in signs and len(set(signs)) == 1 else mode == RDN


def sum_of_products(terms, fmt, mode):
    """Σ of products, each a tuple of values, exactly, rounded once."""
    flags, nan, infinities, zeros, total = 0, False, set(), [], Fraction(0)
    for term in terms:
        negative = sum(value.negative for value in term) % 2 == 1
        if any(value.kind == "signalling" for value in term):
            flags |= NV
        if any(value.kind == "infinity" for value in term) and any(value.is_zero for value in term):
            flags |= NV
            nan = True
        elif any(value.is_nan for value in term):
            nan = True
        elif any(value.kind == "infinity" for value in term):
            infinities.add(negative)
        else:
            product = Fraction(1)
            for value in term:
                product *= value.signed
            total += product
            zeros.append(negative if product == 0 else None)
    if not nan and len(infinities) == 2:
        flags |= NV
        nan = True
    if nan:
        return fmt.nan, flags
    if infinities:
        return infinities.pop() << (fmt.bits - 1) | fmt.infinity, flags
    if total == 0:
        return zero_sign(zeros, mode) << (fmt.bits - 1), flags
    bits, more = round_to(total, fmt, mode)
    return bits, flags | more


def add(a, b, fmt, mode):
    return sum_of_products([(a,), (b,)], fmt, mode)


def multiply(a, b, fmt, mode):
    if not any(v.is_nan or v.kind == "infinity" for v in (a, b)) and (a.is_zero or b.is_zero):
        return (a.negative != b.negative) << (fmt.bits - 1), 0
    return sum_of_products([(a, b)], fmt, mode)


def fused(a, b, c, fmt, mode):
    return sum_of_products([(c,), (a, b)], fmt, mode)


def extreme(a, b, a_bits, b_bits, fmt, want_larger):
    """maximumNumber and minimumNumber; -0 is less than +0."""
    flags = NV if "signalling" in (a.kind, b.kind) else 0
    if a.is_nan and b.is_nan:
        return fmt.nan, flags
    if a.is_nan or b.is_nan:
        return (b_bits if a.is_nan else a_bits), flags

    def key(v):
        size = Fraction(10) ** 400 if v.kind == "infinity" else v.size
        return (-size if v.negative else size, not v.negative)
    return (a_bits if (key(a) >= key(b)) == want_larger else b_bits), flags


def convert(value, fmt, mode, saturate=False):
    """Between formats. What is too large for 8 bits is up to `saturate`: the largest number, or NaN (e4m3), infinity (e5m2)."""
    sign = value.negative << (fmt.bits - 1)
    if value.is_nan:
        return fmt.nan, NV if value.kind == "signalling" else 0
    over = sign | (encode_size(fmt.largest, False, fmt) if saturate else fmt.infinity if fmt.has_infinity else fmt.nan)
    if value.kind == "infinity":
        return (over, 0) if fmt.bits == 8 else (sign | fmt.infinity, 0)
    if value.size == 0:
        return sign, 0
    if fmt.bits == 8 and round_size(value.size, value.negative, fmt, mode)[0] > fmt.largest:
        return over, OF | NX
    return round_to(value.signed, fmt, mode)


def convert_to_integer(value, bits, signed, mode):
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if value.is_nan:
        return high, NV
    if value.kind == "infinity":
        return (low if value.negative else high), NV
    size, exact = to_integer(value.size, value.negative, mode)
    whole = -size if value.negative else size
    if not low <= whole <= high:
        return (low if whole < low else high), NV
    return whole, 0 if exact else NX


def convert_from_integer(whole, fmt, mode):
    return (0, 0) if whole == 0 else round_to(Fraction(whole), fmt, mode)
