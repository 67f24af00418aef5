import Testing

@testable import RVLoader

@Suite struct AttributesTests {
  @Test func everyTag() {
    let values: [UInt8] = [14, 3, 16, 2, 4, 0x90, 0x01, 5, 0x72, 0x76, 0, 6, 0, 127, 0x78, 0, 8, 1]
    let block: [UInt8] = [1] + ELFBuilder.bytes(UInt32(values.count + 5)) + values
    let other: [UInt8] = [7, 0, 0, 0, 0x78, 0, 1]
    let vendor = Array("riscv\0".utf8) + block
    let attributes = Attributes(section: [0x41] + other + ELFBuilder.bytes(UInt32(vendor.count + 4)) + vendor)
    #expect(attributes.atomicABI == 3)
    #expect(attributes.x3Usage == 2)
    #expect(attributes.stackAlignment == 144)
    #expect(attributes.arch == "rv")
    #expect(attributes.unalignedAccess == false)
  }

  @Test func cutOffAnywhere() {
    let whole = ELFBuilder.attributes(arch: "rv64gcv")
    for count in 0..<whole.count {
      #expect(Attributes(section: Array(whole.prefix(count))).arch == nil)
    }
    #expect(Attributes(section: whole).arch == "rv64gcv")
  }

  @Test func numbersBeyond64Bits() {
    let values = [4] + [UInt8](repeating: 0xff, count: 20) + [1]
    let block: [UInt8] = [1] + ELFBuilder.bytes(UInt32(values.count + 5)) + values
    let vendor = Array("riscv\0".utf8) + block
    #expect(Attributes(section: [0x41] + ELFBuilder.bytes(UInt32(vendor.count + 4)) + vendor) == Attributes())
  }
}
