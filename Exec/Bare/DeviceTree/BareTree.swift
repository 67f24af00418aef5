import RVDecoder

/// The device tree of a bare machine: what Spike says of itself, as far as both have it, in the bindings' words of today.
struct BareTree {
  var isa: ISA
  var memorySize: UInt64
  /// What a kernel takes for its command line.
  var bootArguments: String
  var hasHTIF: Bool
  var hartCount: UInt32 = 1

  /// Hertz of mtime.
  private static let timebase: UInt32 = 10_000_000
  private static let cacheBlock = UInt32(Hart.cacheBlock)

  /// What other nodes refer to.
  private enum Handle {
    static let plic: UInt32 = 1
    static let finisher: UInt32 = 2
    /// Of a hart's interrupt controller.
    static func interrupts(_ hart: UInt32) -> UInt32 { 3 + hart }
  }

  var blob: [UInt8] { FlattenedTree.bytes(root) }

  private var root: TreeNode {
    var children = [chosen, TreeNode("aliases", ["serial0": .string(Self.uartPath)]), cpus, memory, soc]
    if hasHTIF { children.append(TreeNode("htif", ["compatible": .string("ucb,htif0")])) }
    children.append(power("poweroff", "syscon-poweroff", Finisher.powerOff))
    children.append(power("reboot", "syscon-reboot", Finisher.reset))
    return TreeNode(
      "",
      [
        "#address-cells": .cell(2), "#size-cells": .cell(2), "compatible": .string("rvsim,bare"), "model": .string("rvsim,bare"),
      ], children)
  }

  private var chosen: TreeNode {
    var node = TreeNode("chosen", ["stdout-path": .string(Self.uartPath)])
    if !bootArguments.isEmpty { node.properties.append(("bootargs", .string(bootArguments))) }
    return node
  }

  private var memory: TreeNode {
    TreeNode(
      Self.name("memory", BareMap.dramBase), ["device_type": .string("memory"), "reg": .wide(BareMap.dramBase, memorySize)])
  }

  // MARK: Harts

  private var cpus: TreeNode {
    TreeNode(
      "cpus", ["#address-cells": .cell(1), "#size-cells": .cell(0), "timebase-frequency": .cell(Self.timebase)],
      (0..<hartCount).map(cpu))
  }

  private func cpu(_ hart: UInt32) -> TreeNode {
    let controller = TreeNode(
      "interrupt-controller",
      [
        "#address-cells": .cell(0), "#interrupt-cells": .cell(1), "interrupt-controller": .present,
        "compatible": .string("riscv,cpu-intc"), "phandle": .cell(Handle.interrupts(hart)),
      ])
    var node = TreeNode(
      Self.name("cpu", UInt64(hart)),
      [
        "device_type": .string("cpu"), "reg": .cell(hart), "status": .string("okay"), "compatible": .string("riscv"),
        "riscv,isa": .string(isa.description), "riscv,isa-base": .string("rv64i"),
        "riscv,isa-extensions": .strings(isa.extensions.members.map(\.name)), "mmu-type": .string("riscv,\(translation)"),
        "clock-frequency": .cell(1_000_000_000),
      ], [controller])
    let blocks: [(Extension, String)] = [(.zicbom, "cbom"), (.zicbop, "cbop"), (.zicboz, "cboz")]
    for (member, name) in blocks where isa.contains(member) {
      node.properties.append(("riscv,\(name)-block-size", .cell(Self.cacheBlock)))
    }
    return node
  }

  /// The widest form of translation.
  private var translation: String { [.sv57, .sv48, .sv39].first { isa.contains($0) }.map(\.name) ?? "none" }

  // MARK: Devices

  private var soc: TreeNode {
    TreeNode(
      "soc", ["#address-cells": .cell(2), "#size-cells": .cell(2), "compatible": .string("simple-bus"), "ranges": .present],
      [finisher, clint, plic, uart])
  }

  private var finisher: TreeNode {
    TreeNode(
      Self.name("test", BareMap.finisher.base),
      [
        "compatible": .strings(["sifive,test1", "sifive,test0", "syscon"]), "reg": Self.reg(BareMap.finisher),
        "phandle": .cell(Handle.finisher),
      ])
  }

  private func power(_ name: String, _ compatible: String, _ value: UInt32) -> TreeNode {
    TreeNode(
      name,
      [
        "compatible": .string(compatible), "regmap": .cell(Handle.finisher), "offset": .cell(0), "value": .cell(value),
      ])
  }

  private var clint: TreeNode {
    TreeNode(
      Self.name("clint", BareMap.clint.base),
      [
        "compatible": .strings(["sifive,clint0", "riscv,clint0"]), "interrupts-extended": interrupts([3, 7]),
        "reg": Self.reg(BareMap.clint),
      ])
  }

  private var plic: TreeNode {
    TreeNode(
      Self.name("interrupt-controller", BareMap.plic.base),
      [
        "compatible": .strings(["sifive,plic-1.0.0", "riscv,plic0"]), "#address-cells": .cell(0), "#interrupt-cells": .cell(1),
        "interrupt-controller": .present, "interrupts-extended": interrupts([11, 9]), "reg": Self.reg(BareMap.plic),
        "riscv,ndev": .cell(UInt32(PLIC.sources - 1)), "riscv,max-priority": .cell(PLIC.maxPriority),
        "phandle": .cell(Handle.plic),
      ])
  }

  private static let uartName = name("serial", BareMap.uart.base)
  private static let uartPath = "/soc/" + uartName

  private var uart: TreeNode {
    TreeNode(
      Self.uartName,
      [
        "compatible": .string("ns16550a"), "clock-frequency": .cell(UART.clockFrequency), "interrupt-parent": .cell(Handle.plic),
        "interrupts": .cell(UInt32(UART.source)), "reg": Self.reg(BareMap.uart), "reg-shift": .cell(0), "reg-io-width": .cell(1),
      ])
  }

  // MARK: Parts

  private static func name(_ name: String, _ address: UInt64) -> String { name + "@" + String(address, radix: 16) }

  private static func reg(_ region: BareMap.Region) -> TreeNode.Value { .wide(region.base, region.size) }

  /// Interrupts of every hart, by their numbers in mip.
  private func interrupts(_ numbers: [UInt32]) -> TreeNode.Value {
    .cells((0..<hartCount).flatMap { hart in numbers.flatMap { [Handle.interrupts(hart), $0] } })
  }
}
