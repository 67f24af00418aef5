/// The seeds of CI: enough for every instruction a thousand times and every cell once.
public enum CISeeds {
  public static let everything: ClosedRange<UInt64> = 1...150
  public static let privileged: ClosedRange<UInt64> = 1...160
  public static let privilegedMisalignedTraps: ClosedRange<UInt64> = 1...10
  public static let misalignedTraps: ClosedRange<UInt64> = 1...20
}
