public enum H: String, InstructionSet {
  case placeholderH = "x"
  public var row: Row? { .h(self) }
}
