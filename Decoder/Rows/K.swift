public enum K: String, InstructionSet {
  case placeholderK = "x"
  public var row: Row? { .k(self) }
}
