import RVDecoder
import RVExec
import RVLoader
import RVTraces

/// A guest, put together as the options say.
struct Guest {
  let image: Image
  let isa: ISA
  let form: RunConfiguration.Form
  let system: System
  let traps: TrapCounter
  /// The platform, when it is a bare machine.
  let bare: BareMetal?
  let symbolizer: Symbolizer
  /// What was added to the addresses of the file.
  let bias: UInt64

  init(_ configuration: RunConfiguration, _ context: Context) throws(Failure) {
    image = try Self.image(configuration.elf)
    switch configuration.isa {
    case .named(let chosen): isa = chosen
    case .elf: isa = try configuration.withLengths(try Self.isa(of: image))
    }
    form = configuration.form ?? RunConfiguration.Form(of: image)
    let built: System
    do throws(SystemError) {
      built =
        switch form {
        case .bare: try Self.bare(configuration, context, image, isa)
        case .user: try Self.user(configuration, context, image, isa)
        }
    } catch {
      throw .notRunnable("\(configuration.elf): \(error)")
    }
    bare = built.platform as? BareMetal
    traps = TrapCounter(built.platform)
    system = System(space: built.space, hart: built.hart, platform: traps)
    bias = built.hart.pc &- image.entry
    symbolizer = Symbolizer(image, bias: bias)
  }

  /// The program's symbols where it lies in memory.
  var placedSymbols: SymbolTable { image.placed(at: bias).symbols }

  static func image(_ path: String) throws(Failure) -> Image {
    do throws(LoadError) {
      return try Image(path: path)
    } catch {
      throw .notRunnable("\(error)")
    }
  }

  /// What a program says that it needs.
  static func isa(of image: Image) throws(Failure) -> ISA {
    guard let arch = image.attributes.arch else {
      throw .usage("--isa elf: \(image.path) does not say what it needs (no .riscv.attributes): name an ISA")
    }
    do throws(ISAError) {
      return try ISA(arch)
    } catch {
      throw .usage("--isa elf: \(image.path) is made for \(arch): \(error)")
    }
  }
}
