import RVExec
import RVLoader

extension RunConfiguration.Form {
  /// ELFOSABI_GNU: GNU/Linux.
  private static let gnu: UInt8 = 3

  /// What a program is made for, as the help of `run` says.
  init(of image: Image) {
    if image.interpreter != nil || image.osABI == Self.gnu {
      self = .user
    } else if image.symbols["tohost"] != nil || image.entry >= 0x8000_0000 {
      self = .bare
    } else {
      self = .user
    }
  }
}
