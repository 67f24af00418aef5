extension ISA {
  /// Reads a GNU `-march` string (`rv64gc_zba_zbb1p0`), the name of a profile with or without further extensions
  /// (`rva22u64_zfh`), or `max`. Upper and lower case are the same; further underscores between extensions mean nothing.
  public init(_ string: some StringProtocol) throws(ISAError) {
    var parser = ISAParser(string)
    self = try parser.parse()
  }

  /// Profiles: mandatory extensions, spelled as extensions of rv64i.
  static let profiles: [(name: String, extensions: ExtensionSet)] = {
    let rva20: ExtensionSet = [.m, .a, .f, .d, .c, .zicsr, .zicntr, .ziccif, .ziccrse, .ziccamoa, .za128rs, .zicclsm]
    let rva22 = rva20.union([
      .zihpm, .zihintpause, .b, .zic64b, .zicbom, .zicbop, .zicboz, .zfhmin, .zkt, .za64rs,
    ])
    let rva23 = rva22.union([
      .v, .zvfhmin, .zvbb, .zvkt, .zihintntl, .zicond, .zimop, .zcmop, .zcb, .zfa, .zawrs, .supm,
    ])
    return [("rvi20u64", []), ("rva20u64", rva20), ("rva22u64", rva22), ("rva23u64", rva23)]
  }()
}

/// A walk over the bytes of an ISA string.
struct ISAParser {
  private let bytes: [UInt8]
  private var at = 0
  private var named: [Extension] = []
  private var found = ExtensionSet()

  init(_ string: some StringProtocol) {
    bytes = string.utf8.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
  }

  mutating func parse() throws(ISAError) -> ISA {
    if text(0..<bytes.count) == "max" { return .max }
    for (name, extensions) in ISA.profiles where starts(with: name) {
      at = name.utf8.count
      guard at == bytes.count || bytes[at] == UInt8(ascii: "_") else {
        throw error(.character, at..<at + 1, "an underscore is missing behind \(name)")
      }
      try extensionsToEnd()
      var isa = ISA(profile: extensions)
      isa = isa.adding(found)
      return isa
    }
    try base()
    try extensionsToEnd()
    return ISA(found)
  }

  private mutating func base() throws(ISAError) {
    for other in ["rv32", "rv128"] where starts(with: other) {
      throw error(.otherWidth, 0..<other.utf8.count, "\(other) is not supported: rvsim simulates rv64")
    }
    guard starts(with: "rv64") else {
      throw error(.noBase, 0..<bytes.count, "an ISA begins with rv64i, rv64g or the name of a profile, or is 'max'")
    }
    at = 4
    let start = at
    guard at < bytes.count, [UInt8(ascii: "i"), UInt8(ascii: "e"), UInt8(ascii: "g")].contains(bytes[at]) else {
      throw error(.noBase, at..<bytes.count, "rv64 is followed by i or g")
    }
    at += 1
    switch bytes[start] {
    case UInt8(ascii: "g"):
      for member: Extension in [.i, .m, .a, .f, .d, .zicsr, .zifencei] { found.insert(member) }
      try version(of: nil, start)
    case UInt8(ascii: "e"): try add(.e, start..<at)
    default:
      try version(of: .i, start)
      try add(.i, start..<start + 1)
      // Before 2.1 the base held what these are now: ELF files of older tools say so.
      if ["2", "2p0"].contains(text(start + 1..<at)) {
        found.insert(.zicsr)
        found.insert(.zifencei)
      }
    }
  }

  private mutating func extensionsToEnd() throws(ISAError) {
    while at < bytes.count {
      let start = at
      switch bytes[at] {
      case UInt8(ascii: "_"): at += 1
      case UInt8(ascii: "z"), UInt8(ascii: "s"), UInt8(ascii: "x"):
        while at < bytes.count, bytes[at] != UInt8(ascii: "_") { at += 1 }
        try long(start..<at)
      case UInt8(ascii: "g"):
        throw error(.character, at..<at + 1, "g stands only directly behind rv64")
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        at += 1
        guard let letter = Extension(named: text(start..<at)) else {
          throw error(.unknown, start..<at, "unknown extension '\(text(start..<at))'")
        }
        try version(of: letter, start)
        try add(letter, start..<start + 1)
      default:
        throw error(.character, at..<at + 1, "'\(text(at..<at + 1))' is no extension")
      }
    }
  }

  /// A name of several letters, with or without version. Names may end in digits: the whole comes first, then the shortest
  /// version.
  private mutating func long(_ range: Range<Int>) throws(ISAError) {
    if let known = Extension(named: text(range)) ?? Self.otherNames[text(range)] { return try add(known, range) }
    let isDigit = { (b: UInt8) in b >= UInt8(ascii: "0") && b <= UInt8(ascii: "9") }
    var end = range.upperBound
    while end > range.lowerBound, isDigit(bytes[end - 1]) { end -= 1 }
    var starts = Array(stride(from: range.upperBound - 1, through: end, by: -1))
    if end > range.lowerBound, end < range.upperBound, bytes[end - 1] == UInt8(ascii: "p") {
      var major = end - 1
      while major > range.lowerBound, isDigit(bytes[major - 1]) { major -= 1 }
      starts = Array(stride(from: end - 2, through: major, by: -1)) + starts
    }
    for start in starts where start > range.lowerBound {
      guard let known = Extension(named: text(range.lowerBound..<start)) else { continue }
      at = start
      try version(of: known, range.lowerBound)
      return try add(known, range.lowerBound..<start)
    }
    if bytes[range.lowerBound] == UInt8(ascii: "x") {
      throw error(.vendor, range, "extension '\(text(range))' is a vendor's: of those rvsim has \(Self.vendors)")
    }
    throw error(.unknown, range, "unknown extension '\(text(range))'")
  }

  private static var vendors: String {
    Extension.allCases.map(\.name).filter { $0.hasPrefix("x") }.joined(separator: " ")
  }

  /// What tools write into ELF files: versions 0.2 and 0.3 are 0p0 alike, and there is one vendor's library, of 0.3.
  private static let otherNames: [String: Extension] = ["xtheadmatrix": .xtheadmatrix0p6, "xtheadmatrix0p0": .xtheadmatrix0p3]

  /// Reads `2p1` or `2`. Drafts of what is ratified now had other encodings.
  private mutating func version(of member: Extension?, _ start: Int) throws(ISAError) {
    let first = at
    func digits(_ from: Int) -> Int {
      var end = from
      while end < bytes.count, bytes[end] >= UInt8(ascii: "0"), bytes[end] <= UInt8(ascii: "9") { end += 1 }
      return end
    }
    let major = digits(at)
    guard major > first else { return }
    at = major
    if at < bytes.count, bytes[at] == UInt8(ascii: "p"), digits(at + 1) > at + 1 { at = digits(at + 1) }
    guard let number = Int(text(first..<major)), number < 1000 else {
      throw error(.version, start..<at, "'\(text(first..<at))' is no version")
    }
    if number == 0, let member, !member.version.hasPrefix("0.") {
      throw error(
        .version, start..<at, "version \(text(first..<at)) of \(member.name) is a draft: this is \(member.version)")
    }
  }

  private mutating func add(_ member: Extension, _ range: Range<Int>) throws(ISAError) {
    let name = member.name
    switch member.support {
    case .instructions, .alternative, .promise, .privileged: break
    case .vector:
      throw error(.notSupported, range, "extension \(name) (vector) is not supported by this version")
    case .later, .never:
      throw error(.notSupported, range, "extension \(name) (\(member.meaning)) is not supported by this version")
    }
    if let other = named.first(where: member.contradicts) {
      throw error(.notSupported, range, "extension \(name) contradicts \(other.name)")
    }
    guard !named.contains(member) else { throw error(.duplicate, range, "extension \(name) is named twice") }
    named.append(member)
    found.insert(member)
  }

  private func starts(with prefix: String) -> Bool { bytes.starts(with: prefix.utf8) }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  private func error(_ kind: ISAError.Kind, _ range: Range<Int>, _ message: String) -> ISAError {
    ISAError(kind: kind, offset: Swift.min(range.lowerBound, bytes.count), text: text(range), message: message)
  }
}
