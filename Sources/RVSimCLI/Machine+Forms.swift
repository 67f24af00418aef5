import RVDecoder
import RVExec
import RVLoader

/// The two forms of guests.
extension Machine {
  static func bare(
    _ configuration: RunConfiguration, _ context: Context, _ image: Image, _ isa: ISA
  ) throws(SystemError) -> System {
    try BareMetal.system(image, isa: isa, memorySize: configuration.memorySize)
  }

  static func user(
    _ configuration: RunConfiguration, _ context: Context, _ image: Image, _ isa: ISA
  ) throws(SystemError) -> System {
    throw .noMemory(bytes: 0)
  }
}
