import RVExec
import RVLoader
import RVDecoder
let image = try Image(path: CommandLine.arguments[1])
let system = try BareMetal.system(image, isa: ISA.max, memorySize: 2 << 30)
let start = ContinuousClock.now
print(system.run())
print(system.hart.retired, String(system.hart.pc, radix: 16), ContinuousClock.now - start)
