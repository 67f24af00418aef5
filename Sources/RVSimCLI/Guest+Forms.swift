import RVDecoder
import RVExec
import RVLoader

/// The two forms of guests.
extension Guest {
  static func bare(
    _ configuration: RunConfiguration, _ context: Context, _ image: Image, _ isa: ISA
  ) throws(SystemError) -> System {
    var options = BareOptions()
    options.memorySize = configuration.memorySize
    options.trapsMisaligned = configuration.misaligned == .trap
    options.vector = configuration.vector
    options.matrix = configuration.matrix
    options.arguments = [image.path] + context.guestArguments
    options.input = FileSource(descriptor: configuration.input ?? 0, passesKeys: context.host.handlesInterrupt)
    let console = context.console
    options.complain = { console.say($0) }
    return try BareMetal.system(image, isa: isa, options: options)
  }

  static func user(
    _ configuration: RunConfiguration, _ context: Context, _ image: Image, _ isa: ISA
  ) throws(SystemError) -> System {
    var options = LinuxOptions()
    options.vector = configuration.vector
    options.matrix = configuration.matrix
    options.stackSize = configuration.stackSize
    options.clock = configuration.clock == .host ? .host : .virtual
    options.files =
      switch configuration.files {
      case .host: .readWrite
      case .readOnly: .readOnly
      case .none: .none
      }
    if let input = configuration.input { options.standardInput = .descriptor(input) }
    let console = context.console
    options.report = { console.say($0) }
    let system = try LinuxUser.system(
      image, isa: isa, arguments: context.guestArguments, environment: configuration.environment, options: options)
    if configuration.misaligned == .trap { system.space.misalignedAccessTraps = true }
    return system
  }
}
