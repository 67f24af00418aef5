public enum S: String, InstructionSet {
  case placeholderS = "x"
  public var row: Row? { .s(self) }
}
