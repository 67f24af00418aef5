// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Warnings are errors where nobody looks at them: in CI.
let inCI = ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty && $0 != "false" } ?? false
let swiftSettings: [SwiftSetting] = inCI ? [.treatAllWarnings(as: .error)] : []
let cSettings: [CSetting] = inCI ? [.treatAllWarnings(as: .error)] : []

let package = Package(
  name: "rvsim",
  products: [
    .executable(name: "rvsim", targets: ["rvsim"]),
    .library(name: "RVDecoder", targets: ["RVDecoder"]),
    .library(name: "RVExec", targets: ["RVExec"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    // Rows, decode tree, encoder, disassembler, ISA strings. Standard library only.
    .target(name: "RVDecoder", path: "Decoder", swiftSettings: swiftSettings),
    // IEEE operations under strict floating-point rules.
    .target(name: "RVFloat", path: "Sources/RVFloat", cSettings: cSettings, linkerSettings: [.linkedLibrary("m")]),
    // libelf and libdw (elfutils).
    .systemLibrary(
      name: "CElf", path: "Sources/CElf", pkgConfig: "libdw", providers: [.apt(["libelf-dev", "libdw-dev"])]),
    // ELF files into images: segments, symbols, attributes, DWARF lines.
    .target(name: "RVLoader", dependencies: ["CElf"], swiftSettings: swiftSettings),
    // Calls of the host that Swift's C library module does not show.
    .target(name: "CHost", path: "Sources/CHost", cSettings: cSettings),
    // Hart state, memories, semantics, traps, platforms, run loops.
    .target(
      name: "RVExec",
      dependencies: ["RVDecoder", "RVFloat", "RVLoader", "CHost", .product(name: "SystemPackage", package: "swift-system")],
      path: "Exec", swiftSettings: swiftSettings),
    // Machine descriptions and the timing model: they see ops and what retired, and nothing of a hart.
    .target(
      name: "RVModels", dependencies: ["RVDecoder", .product(name: "Yams", package: "Yams")], path: "Models",
      resources: [.embedInCode("Machines")], swiftSettings: swiftSettings),
    // Everything that leaves as a file: logs, statistics, crash pages.
    .target(
      name: "RVTraces", dependencies: ["RVDecoder", "RVLoader", "RVExec", "RVModels"], path: "Traces", swiftSettings: swiftSettings),
    // Running kernels: timed runs, measured loops and what the model makes of them.
    .target(
      name: "RVKernels",
      dependencies: ["RVDecoder", "RVLoader", "RVExec", "RVModels", .product(name: "SwiftCSV", package: "SwiftCSV")],
      swiftSettings: swiftSettings),
    // One file per sub-command, tested as a library.
    .target(
      name: "RVSimCLI",
      dependencies: [
        "RVDecoder", "RVLoader", "RVExec", "RVTraces", "RVModels", "RVKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(name: "rvsim", dependencies: ["RVSimCLI", "RVExec"], swiftSettings: swiftSettings),

    // Random programs in lock-step with Spike.
    .target(
      name: "DifftestKit", dependencies: ["RVDecoder", "RVExec", "RVLoader"], path: "Tests/DifftestKit",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "rvsim-difftest",
      dependencies: ["DifftestKit", "RVDecoder", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Tests/Difftest", swiftSettings: swiftSettings),

    .testTarget(name: "RVDecoderTests", dependencies: ["RVDecoder"], swiftSettings: swiftSettings),
    .testTarget(name: "RVModelsTests", dependencies: ["RVModels", "RVDecoder"], swiftSettings: swiftSettings),
    .testTarget(name: "RVFloatTests", dependencies: ["RVFloat"], swiftSettings: swiftSettings),
    .testTarget(name: "RVLoaderTests", dependencies: ["RVLoader"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RVExecTests", dependencies: ["CHost", "RVDecoder", "RVLoader", "RVExec", "RVTraces", "DifftestKit"],
      swiftSettings: swiftSettings),
    .testTarget(name: "RVSimCLITests", dependencies: ["RVSimCLI", "RVDecoder", "RVExec", "RVTraces", "RVLoader"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
