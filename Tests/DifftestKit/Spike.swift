import RVDecoder

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reference: Spike, from `RVSIM_SPIKE` or the PATH.
public struct Spike: Sendable {
  public let path: String
  let isa: String

  /// - Returns: `nil` when there is none.
  /// - Parameter vector: what programs of vector instructions need; `nil` for other ones.
  public init?(misalignedTraps: Bool = false, vector: VectorOptions? = nil) {
    guard let path = Self.find() else { return nil }
    self.path = path
    isa = (vector?.isaName ?? Self.isa) + (misalignedTraps ? "" : "_zicclsm")
  }

  /// What Spike is to know: the extensions of rvsim's `max` that have instructions.
  static let isa =
    "rv64gc_zicsr_zifencei_zicntr_zihpm_zba_zbb_zbs_zbc_zbkb_zbkc_zbkx_zknd_zkne_zknh_zksed_zksh_zicond_zfh_zfhmin_zfa_zfbfmin"
    + "_zca_zcb_zcd_zcmop_zimop_zawrs_zacas_zabha_zicbom_zicbop_zicboz_zihintpause_zihintntl"
    + "_svadu_svpbmt_svnapot_svinval_sstc_sscofpmf_smstateen"

  /// Bytes of a log at most: many times what a program of usual length gives.
  private static let logLimit = 200 << 20

  public static func find() -> String? {
    if let value = getenv("RVSIM_SPIKE").map({ String(cString: $0) }), !value.isEmpty { return value }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map { "\($0)/spike" }.first { access($0, X_OK) == 0 }
  }

  enum Failure: Error, CustomStringConvertible {
    case cannotStart(String, Int32)
    case timeout

    var description: String {
      switch self {
      case .cannotStart(let path, let code): "cannot start \(path): \(String(cString: strerror(code)))"
      case .timeout: "Spike does not come to an end"
      }
    }
  }

  /// Runs an ELF file and leaves its commit log in a file.
  func run(elf: String, log: String, seconds: Int = 60) throws {
    let memory = "-m0x80000000:0x" + String(Layout.memorySize, radix: 16)
    let words = [path, "--isa=\(isa)", "--log-commits", "--log=\(log)", memory, elf]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in Int32(0)..<3 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
    var child = pid_t()
    let code = posix_spawnp(&child, path, &actions, nil, &arguments, environ)
    guard code == 0 else { throw Failure.cannotStart(path, code) }
    var status: Int32 = 0
    for _ in 0..<(seconds * 500) {
      if waitpid(child, &status, WNOHANG) == child { return }
      usleep(2000)
      // A program that goes round and round would fill the disk.
      var information = stat()
      if stat(log, &information) == 0, information.st_size > Self.logLimit { break }
    }
    kill(child, SIGKILL)
    waitpid(child, &status, 0)
    throw Failure.timeout
  }
}

/// Reads and writes whole files.
enum Files {
  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "wb") else { throw Failure(path: path) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure(path: path) }
  }

  static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw Failure(path: path) }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    fseek(file, 0, SEEK_SET)
    return [UInt8](unsafeUninitializedCapacity: max(0, size)) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
  }

  struct Failure: Error, CustomStringConvertible {
    var path: String
    var description: String { "cannot read or write \(path)" }
  }

  /// A new directory for temporary files.
  static func temporaryDirectory() throws -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((base + "/rvsim-difftest.XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(path: base) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func remove(_ path: String) { unlink(path) }
  static func removeDirectory(_ path: String) { rmdir(path) }
}
