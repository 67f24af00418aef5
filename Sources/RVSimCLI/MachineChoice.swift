import RVModels

/// A machine as options name it: one that comes with rvsim, or a file.
enum MachineChoice {
  /// - Parameters:
  ///   - name: of a machine, or a path (with a slash or `.yaml`).
  ///   - changes: `key=value`, in order.
  static func machine(_ name: GivenValue, changes: [GivenValue]) throws(Failure) -> RVModels.Machine {
    var pairs: [(String, String)] = []
    for given in changes {
      guard let equals = given.text.firstIndex(of: "="), equals != given.text.startIndex else {
        throw given.wrong("must be of the form key=value")
      }
      pairs.append((String(given.text[..<equals]), String(given.text[given.text.index(after: equals)...])))
    }
    let (text, file) = try text(name)
    do throws(MachineError) {
      return try RVModels.Machine(text: text, file: file, changes: pairs)
    } catch {
      throw .usage("\(error)")
    }
  }

  static func text(_ name: GivenValue) throws(Failure) -> (text: String, file: String) {
    if let text = MachineLibrary.text(name.text) { return (text, name.text) }
    guard name.text.contains("/") || name.text.hasSuffix(".yaml") || name.text.hasSuffix(".yml") else {
      throw name.wrong("no such machine; there are \(MachineLibrary.names.joined(separator: ", ")), or the path of a file")
    }
    return (try name.fileText(), name.text)
  }
}
