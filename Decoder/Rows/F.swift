public enum F: String, InstructionSet {
  case placeholderF = "x"
  public var row: Row? { .f(self) }
}
