import RVDecoder

/// vfrec7 and vfrsqrt7 in lock-step with Spike, in all rounding modes: every f16; of f32 and f64 every index of the tables at every edge of
/// the exponents, and random ones.
public enum EstimateTrial {
  /// - Returns: the first difference, and how many instructions were compared.
  public static func run(vlen: Int = 512) throws -> (divergence: String?, compared: Int)? {
    let vector = VectorOptions(vlen: vlen)
    guard let spike = Spike(vector: vector) else { return nil }
    let options = try Generator.Options(vector: vector)
    let shared = Generator.Shared(isa: options.isa, vector: vector)
    var generator = Generator(seed: 7, options: options, shared: shared)
    let program = generator.estimates()
    let directory = try Files.temporaryDirectory()
    defer { Files.removeDirectory(directory) }
    let trial = Trial(spike: spike, options: options, directory: directory, name: "estimates")
    defer { trial.clean() }
    guard let result = try trial.run(program, coverage: Coverage(shared)) else { return nil }
    return (result.divergence.map { "\($0)" }, result.coverage.instructions)
  }
}

extension Generator {
  /// Loops over tables in the constants: for each table and rounding mode.
  mutating func estimates() -> Program {
    fillIntegers()
    start()
    append("addi", Operands(rd: 6, imm: 0x600), pinned: true)
    append("csrrs", Operands(rs1: 6, imm: 0x300), pinned: true)
    table(1, (0..<0x1_0000).map { UInt64($0) })
    table(2, Self.edges(.single, &random))
    table(3, Self.edges(.double, &random))
    end()
    return Program(seed: seed, items: items, integers: integers, constants: constants, data: noise())
  }

  /// - Parameters:
  ///   - width: log2 of the bytes of a number.
  ///   - numbers: whole registers of them.
  private mutating func table(_ width: Int, _ numbers: [UInt64]) {
    let base = Layout.constants + UInt64(constants.count * 8)
    let perWord = 8 >> width
    let bits = UInt64(8 << width)
    for at in stride(from: 0, to: numbers.count, by: perWord) {
      constants.append((0..<perWord).reduce(0) { $0 | numbers[min(at + $1, numbers.count - 1)] << (UInt64($1) * bits) })
    }
    while constants.count * 8 % context.vlenb != 0 { constants.append(0) }
    let (pointer, limit, flags): (UInt8, UInt8, UInt8) = (5, 6, 7)
    append("vsetvli", Operands(rd: flags, imm: Int32(VectorCells.vtype(sew: width, lmul: 0))))
    for mode in UInt8(0)..<5 {
      append("csrrwi", Operands(rs1: mode, imm: 2))
      append(.address(rd: pointer, .absolute(base)))
      append(.address(rd: limit, .absolute(Layout.constants + UInt64(constants.count * 8))))
      let top = items.count
      append("vle\(8 << width).v", Operands(rd: 8, rs1: pointer, aux: 1))
      for (mnemonic, rd) in [("vfrec7.v", 9), ("vfrsqrt7.v", 10)] as [(String, UInt8)] {
        append("csrrwi", Operands(imm: 1))
        append(mnemonic, Operands(rd: rd, rs2: 8, aux: 1))
        append("csrrs", Operands(rd: flags, imm: 1))
      }
      append("addi", Operands(rd: pointer, rs1: pointer, imm: Int32(context.vlenb)))
      jump("bne", Operands(rs1: pointer, rs2: limit), to: .item(top))
    }
  }

  /// Signs, exponents at their edges and the tables' 128 indices (7 bits of the fraction; for the root one of the exponent and 6), with low
  /// bits clear and set; subnormals of every length; random ones.
  private static func edges(_ format: FloatFormat, _ random: inout Random) -> [UInt64] {
    var numbers: [UInt64] = []
    let (bias, top) = (format.bias, Int(format.maxExponent))
    let low = UInt64(format.fraction - 7)
    for exponent in [0, 1, 2, 3, bias - 1, bias, bias + 1, top - 4, top - 3, top - 2, top - 1, top] {
      for index in UInt64(0)..<128 {
        for rest in [0, 1 << low - 1] as [UInt64] {
          numbers.append(UInt64(exponent) << UInt64(format.fraction) | index << low | rest)
        }
      }
    }
    for place in 0..<UInt64(format.fraction) {
      for index in UInt64(0)..<128 {
        let below = place >= 7 ? index << (place - 7) : index >> (7 - place)
        numbers.append(1 << place | below)
      }
    }
    for _ in 0..<2000 { numbers.append(random.next() & (format.sign - 1)) }
    return numbers + numbers.map { $0 | format.sign }
  }
}
