public enum A: String, InstructionSet {
  case placeholderA = "x"
  public var row: Row? { .a(self) }
}
