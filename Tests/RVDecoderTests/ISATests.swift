import Testing

@testable import RVDecoder

@Suite struct ISAStrings {
  private func error(_ string: String) -> ISAError? {
    do throws(ISAError) {
      _ = try ISA(string)
      return nil
    } catch { return error }
  }

  @Test func theRegistryIsWellFormed() {
    for e in Extension.allCases {
      let columns = e.rawValue.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmed)
      #expect(columns.count == 4 && Extension.Support(rawValue: String(columns[1])) != nil, "\(e)")
      for name in columns[2].split(separator: " ") { #expect(Extension(named: name) != nil, "\(e) implies \(name)") }
      #expect(!e.meaning.isEmpty && e.version.contains("."), "\(e)")
      #expect(e.closure.contains(e))
    }
    #expect(Extension.allCases.count <= 256)
  }

  @Test func marchStrings() throws {
    let gc = try ISA("rv64gc")
    #expect(gc == ISA.rv64gc)
    #expect(gc.contains(.zca) && gc.contains(.zcd) && gc.contains(.zicsr) && gc.contains(.zmmul) && gc.contains(.zaamo))
    #expect(!gc.contains(.zbb))
    #expect(try ISA("RV64GC_ZBA_Zbb").contains(.zbb))
    #expect(try ISA("rv64imac").contains(.zcd) == false)
    #expect(try ISA("rv64ic_zcd").contains(.d))
    #expect(try ISA("rv64izicsr2p0_zifencei").contains(.zifencei))
    #expect(try ISA("rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0") == gc)
    #expect(try ISA("rv64i2p0_m2p0").contains(.zifencei) && !ISA("rv64i2p1_m2p0").contains(.zicsr))
    #expect(try ISA("rv64imafdc_zicsr2p0") == ISA("rv64imafdczicsr"))
    #expect(try ISA("rv64i__zbb___zba_").contains(.zba))
    #expect(try ISA("rv64i_zba_zbb_zbs").contains(.b) && ISA("rv64ib").contains(.zbs))
    #expect(try ISA("rv64i_sv391p0_zic64b1p0_za64rs_zkt_zvkt_smstateen").contains(.sv39))
    #expect(try ISA("rv64i_zk").contains(.zbkx) && ISA("rv64i_zk").contains(.zkr))
    #expect(try ISA("rv64i_zfh").contains(.f) && ISA("rv64i_zacas").contains(.zaamo))
    #expect(try ISA("rv64gc_zcb") == ISA("rv64gc").adding([.zcb]))
  }

  @Test func profiles() throws {
    #expect(try ISA("max") == .max && ISA.max.contains(.zfa) && ISA.max.contains(.v) && !ISA.max.contains(.zfinx))
    let rva22 = try ISA("rva22u64")
    #expect(rva22.contains(.zbb) && rva22.contains(.zfhmin) && rva22.contains(.zicboz) && rva22.omitted.isEmpty)
    #expect(try !rva22.contains(.zfh) && ISA("rva22u64_zfh_zba").contains(.zfh))
    let rva23 = try ISA("RVA23U64")
    #expect(rva23.contains(.zcb) && rva23.omitted.isEmpty && rva23.contains(.v) && rva23.contains(.d))
    #expect(error("rva22u64zfh")?.kind == .character && error("rva24u64")?.kind == .noBase)
  }

  @Test func errorsNameWhatIsWrong() {
    #expect(error("rv32gc")?.kind == .otherWidth && error("rv128i")?.kind == .otherWidth)
    #expect(error("rv64e")?.message.contains("extension e ") == true)
    #expect(error("rv64gch")?.message.contains("hypervisor") == true)
    #expect(error("rv64gc_zcmp")?.message.contains("contradicts zcd") == true)
    #expect(error("rv64gc_zfinx")?.message.contains("contradicts f") == true)
    #expect(error("rv64gc_zicfiss")?.kind == .notSupported)
    #expect(error("rv64gc_zfoo")?.description == "unknown extension 'zfoo' (at offset 7)")
    #expect(error("rv64gc_xtheadvector")?.kind == .vendor)
    #expect(error("rv64gc_zbb_zba_zbb")?.message == "extension zbb is named twice")
    #expect(error("rv64imm")?.kind == .duplicate && error("rv64ii")?.kind == .duplicate)
    #expect(error("rv64gc_zbb0p93")?.kind == .version)
    #expect(error("rv64gc zbb")?.kind == .character && error("rv64gcé")?.kind == .character)
    for text in ["", "rv", "rv64", "rv64_", "rv64m", "x", "max_zbb"] { #expect(error(text)?.kind == .noBase, "\(text)") }
    #expect(error("rv64g_g")?.kind == .character && error("rv64ij")?.kind == .unknown)
  }

  @Test func everyVectorNameIsKnown() throws {
    let names =
      "zve32x zve32f zve64x zve64f zve64d zvfh zvfhmin zvfbfmin zvfbfwma zvbb zvbc zvkb zvkg zvkned zvknha zvknhb zvksed zvksh zvkt zvkn "
      + "zvknc zvkng zvks zvksc zvksg zvqdotq zvdot4a8i xtheadvdot xsmtvdot"
    for name in names.split(separator: " ").map(String.init) + (5...16).map({ "zvl\(1 << $0)b" }) {
      let isa = try ISA("rv64gc_" + name)
      #expect(isa.extensions.members.contains { $0.name == name } && (name.hasPrefix("zvl") || name == "zvkt" || isa.contains(.zve32x)))
      #expect(try ISA("rv64gc_\(name)1p0") == isa)
    }
    #expect(try ISA("rv64gcv_zvl512b").leastVLEN == 512 && ISA("rv64gc_zve32x").leastVLEN == 32 && ISA("rv64gc").leastVLEN == 0)
    #expect(try ISA("rv64gcv_zvknha").contains(.zvknhb) == false && ISA("rv64gc_zvknhb").contains(.zve64x))
  }

  @Test func lengthsOfVectors() throws {
    func with(_ isa: ISA, _ vlen: Int?, _ elen: Int?, narrowing: Bool = false) -> Result<ISA, VectorLengthError> {
      do throws(VectorLengthError) {
        return .success(try isa.withVectors(vlen: vlen, elen: elen, narrowing: narrowing))
      } catch { return .failure(error) }
    }
    let v = try ISA("rv64gcv")
    #expect(with(v, 1024, 64) == .success(v.adding([.zvl1024b])))
    #expect(with(v, nil, nil) == .success(v) && with(.rv64gc, 128, nil) == .failure(.noVectors))
    #expect(with(v, 64, nil) == .failure(.registers(least: 128)) && with(v, nil, 32) == .failure(.elements(64)))
    #expect(try with(ISA("rv64gc_zve32f"), 64, 64) == .failure(.elements(32)))
    #expect(try with(ISA("rv64gc_zve32f_zvl256b"), 256, 32) == .success(ISA("rv64gc_zve32f_zvl256b")))
    let small = try with(.max, 64, 32, narrowing: true).get()
    #expect(small.leastVLEN == 64 && small.contains(.zve32f) && !small.contains(.zve64x) && !small.contains(.v) && small.contains(.zvksh))
    #expect(try with(.max, 64, nil, narrowing: true).get().contains(.zve64d))
    #expect(try with(.max, 65536, nil, narrowing: true).get() == ISA.max.adding([.zvl65536b]))
  }

  @Test func descriptionsReadBack() throws {
    #expect(
      ISA.rv64gc.description
        == "rv64imafdc_zaamo_zalrsc_zca_zcd_zicsr_zifencei_zmmul")
    for isa in [ISA.max, .rv64gc, try ISA("rv64i"), try ISA("rva22u64"), try ISA("rv64gcb_zks")] {
      #expect(try ISA(isa.description) == isa)
    }
  }

  @Test func anyStringIsReadOrRefused() {
    var random = Random(7)
    let words =
      Extension.allCases.map(\.name) + ["_", "2p1", "1", "p", "rv64", "rva23u64", "max", "é", "\u{0}", "99999999999999999999p1"]
    let letters = Array("rv64imafdcgbhzsx_0123456789p \u{301}é".unicodeScalars)
    var accepted = 0
    for index in 0..<20_000 {
      var text = index % 2 == 0 ? "rv64i" : ["rv64gc_zba_zbb2p0", "rva22u64_zfh", "rv64imafdc_zicsr2p0_sv39"][index % 3]
      for _ in 0..<Int.random(in: 0..<6, using: &random) {
        if Bool.random(using: &random) {
          text += (Bool.random(using: &random) ? "_" : "") + (words.randomElement(using: &random) ?? "")
        } else {
          var scalars = Array(text.unicodeScalars)
          let at = Int.random(in: 0...scalars.count, using: &random)
          if Bool.random(using: &random), at < scalars.count { scalars.remove(at: at) }
          scalars.insert(letters.randomElement(using: &random) ?? "_", at: min(at, scalars.count))
          text = String(String.UnicodeScalarView(scalars))
        }
      }
      do throws(ISAError) {
        let isa = try ISA(text)
        accepted += 1
        #expect(isa.contains(.i))
      } catch {
        #expect(error.offset <= text.utf8.count && !error.message.isEmpty)
      }
    }
    #expect(accepted > 100)
  }
}
