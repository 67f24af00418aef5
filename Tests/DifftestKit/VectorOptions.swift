import RVDecoder

/// What programs of vector instructions are about.
public struct VectorOptions: Sendable {
  /// VLEN in bits.
  public var vlen: Int
  /// Whether the families of vector bit manipulation and cryptography take part.
  public var crypto: Bool

  public init(vlen: Int, crypto: Bool = false) {
    self.vlen = vlen
    self.crypto = crypto
  }

  /// The extensions, in words that Spike understands, too. V promises a VLEN of 128.
  var isaName: String {
    "rv64gc_" + (vlen < 128 ? "zve64d" : "v") + "_zvfh_zvfbfmin_zvfbfwma_zicsr_zifencei_zicntr_zihpm"
      + (crypto ? "_zvbb_zvbc_zvkg_zvkned_zvknhb_zvksed_zvksh" : "") + "_zvl\(vlen)b"
  }
}

extension Generator.Options {
  /// Programs of vector instructions.
  /// - Throws: an error of the ISA string's parser, for a VLEN that there is not.
  public init(vector: VectorOptions, visits: Int = 700, misalignedTraps: Bool = false) throws {
    self.init(isa: try ISA(vector.isaName), visits: visits, misalignedTraps: misalignedTraps)
    self.vector = vector
  }
}
