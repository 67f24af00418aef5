import Foundation
import Testing

@testable import RVLoader

@Suite struct LoadErrorTests {
  @Test(arguments: BadFile.headers + BadFile.segments) func badFile(_ file: BadFile) {
    let error = #expect(throws: LoadError.self) { try Image(bytes: file.bytes, name: "bad") }
    #expect(error?.reason == file.reason)
    #expect(error?.description == "bad: \(file.text)")
    #expect(error?.path == "bad")
  }

  @Test func limitsAreParameters() throws {
    let bytes = ELFBuilder().build()
    #expect(throws: LoadError(.imageTooLarge(size: 0x250, limit: 0x24f), path: "x", offset: 160)) {
      try Image(bytes: bytes, name: "x", limits: .init(memorySize: 0x24f))
    }
    #expect(
      throws: LoadError(.addressAboveLimit(segment: 1, address: 0x11200, size: 0x50, limit: 0x1124f), path: "x", offset: 136)
    ) {
      try Image(bytes: bytes, name: "x", limits: .init(address: 0x1124f))
    }
    _ = try Image(bytes: bytes, name: "x", limits: .init(memorySize: 0x250, address: 0x11250))
    // A kernel in the upper half, where the limit allows it.
    var kernel = ELFBuilder()
    kernel.entry = 0xffff_ffff_8000_0100
    kernel.programs = [.init(offset: 0, address: 0xffff_ffff_8000_0000, fileSize: 0x200, memorySize: 0x200)]
    _ = try Image(bytes: kernel.build(), name: "x", limits: .init(address: .max))
  }

  @Test func paths() throws {
    let folder = try TemporaryFolder()
    func expect(_ reason: LoadError.Reason, _ text: String, _ path: String) {
      let error = #expect(throws: LoadError.self) { try Image(path: path) }
      #expect(error?.reason == reason)
      #expect(error?.description == "\(path): \(text)")
    }
    expect(.notFound, "no such file", folder.path + "/missing")
    expect(.notFound, "no such file", folder.path + "/file/below")
    expect(.notFound, "no such file", "")
    expect(.isDirectory, "is a directory", folder.path)
    expect(.notRegularFile, "is not a regular file", "/dev/zero")
    expect(.empty, "is empty", try folder.write([], "empty"))
    let fifo = folder.path + "/fifo"
    #expect(mkfifo(fifo, 0o600) == 0)
    expect(.notRegularFile, "is not a regular file", fifo)
    expect(.unreadable(errno: ENAMETOOLONG), "cannot be read: File name too long", "/" + String(repeating: "x", count: 300))
    #expect(throws: LoadError(.notFound, path: "a\0b")) { try Image(path: "a\0b") }

    let good = try folder.write(ELFBuilder.complete().build(), "good")
    let image = try Image(path: good)
    #expect(image.path == good)
    #expect(image.segments == (try Image(bytes: ELFBuilder.complete().build(), name: "")).segments)
    #expect(image.symbols["loop"]?.address == 0x10110)
    #expect(throws: LoadError(.entryMisaligned(entry: 1), path: folder.path + "/odd", offset: 24)) {
      var builder = ELFBuilder()
      builder.entry = 1
      _ = try Image(path: try folder.write(builder.build(), "odd"))
    }
  }

  @Test func causesOfOpening() {
    #expect(LoadError.Reason(opening: ENOENT) == .notFound)
    #expect(LoadError.Reason(opening: EACCES) == .permissionDenied)
    #expect(LoadError.Reason(opening: EMFILE) == .unreadable(errno: EMFILE))
    #expect(LoadError(.permissionDenied, path: "x").description == "x: permission to read it is denied")
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything")) func permission() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(ELFBuilder().build(), "secret")
    #expect(chmod(path, 0) == 0)
    #expect(throws: LoadError(.permissionDenied, path: path)) { try Image(path: path) }
  }

  @Test func oneLineWhateverThePath() {
    #expect(LoadError(.empty, path: "a\nb\u{1b}[1m").description == "a?b?[1m: is empty")
    #expect(LoadError(.shrunk, path: "a", offset: 16).description == "a: became shorter while it was read (at file offset 0x10)")
    #expect(LoadError(.refused("why"), path: "a").description == "a: cannot be read as ELF: why")
  }
}

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("rvloader-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
