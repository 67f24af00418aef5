import RVExec
import RVTraces

/// One run: from the options to the exit code.
struct RunSession {
  private let configuration: RunConfiguration
  private let context: Context
  private let machine: Guest
  private let files: RunFiles

  init(_ configuration: RunConfiguration, _ context: Context) throws(Failure) {
    self.configuration = configuration
    self.context = context
    machine = try Guest(configuration, context)
    files = try RunFiles(configuration, machine)
  }

  func run() throws(Failure) -> Int32 {
    let system = machine.system
    if let observer = files.observer { system.observer = observer }
    let start = ContinuousClock.now
    let ending = supervised()
    Terminal.restore()
    let seconds = start.duration(to: .now) / .seconds(1)
    let code = exitCode(ending)
    machine.bare?.flush()
    report(ending)
    let statistics = Statistics(
      elf: configuration.elf, environment: machine.form.rawValue, isa: machine.isa.description, instructions: system.hart.retired,
      traps: machine.traps.byCause, exit: .init(ending, code: Int(code)))
    try files.finish(statistics, .init(seconds: seconds), machine, context.console)
    return code
  }

  /// Runs until the guest ends, a limit is reached or somebody presses Ctrl-C.
  private func supervised() -> Ending {
    let (console, timeout) = (context.console, configuration.timeout)
    nonisolated(unsafe) let system = machine.system
    let supervisor = Supervisor(machine.system, timeout: timeout, ownsInterrupt: context.host.handlesInterrupt) { event in
      Terminal.restore()
      system.platform.abandon()
      console.say(event == .interrupt ? "interrupted" : "time limit reached; the guest is inside a call of the host")
      endProcess(event == .interrupt ? ExitCode.interrupted : ExitCode.limit)
    }
    let ending = machine.system.run(limit: configuration.maxInstructions ?? .max)
    supervisor?.stop()
    switch ending {
    case .interrupted, .limit: system.platform.abandon()
    default: break
    }
    if case .interrupted = ending, supervisor?.reason == .timeout { return .limit(.time) }
    return ending
  }

  private func exitCode(_ ending: Ending) -> Int32 {
    // A Linux process has eight bits to say it.
    if machine.form == .user, case .exited(let code) = ending { return Int32(code & 255) }
    return ExitCode.of(ending)
  }

  /// What rvsim itself has to say about an ending.
  private func report(_ ending: Ending) {
    // Symbols are those of the program that runs, which may have been executed by another.
    let symbolizer = machine.system.platform.otherProgram.map { Symbolizer($0) } ?? machine.symbolizer
    let pc = symbolizer.symbol(machine.system.hart.pc)
    let place = "pc 0x" + String(pc.address, radix: 16) + (pc.symbol == nil ? "" : " " + pc.symbolText)
    switch ending {
    case .exited(let code):
      if machine.form == .bare, !(0...255).contains(code) {
        context.console.say("the guest's exit code is \(code), which does not fit: exit code 255")
      }
    case .killed, .unhandled:
      guard let headline = ending.headline else { break }
      if ending.isCrash {
        let page = CrashPage(headline: headline, trap: ending.trap, system: machine.system, symbolizer: symbolizer)
        context.console.error(page.description)
      } else {
        context.console.say(headline)
      }
    case .asleep: context.console.say("the guest waits for an interrupt that nothing can raise, at \(place)")
    case .limit(.instructions):
      context.console.say("limit of \(configuration.maxInstructions ?? 0) instructions reached at \(place)")
    case .limit(.time):
      context.console.say("limit of \(configuration.timeout?.words ?? "some time") reached at \(place)")
    case .interrupted: context.console.say("interrupted at \(place)")
    }
  }
}

extension Duration {
  /// `500 ms`, `60 s`.
  fileprivate var words: String {
    let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
