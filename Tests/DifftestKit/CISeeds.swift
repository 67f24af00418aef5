/// The seeds of CI: enough for every instruction a thousand times and every cell once.
public enum CISeeds {
  public static let everything: ClosedRange<UInt64> = 1...150
  public static let privileged: ClosedRange<UInt64> = 1...160
  public static let privilegedMisalignedTraps: ClosedRange<UInt64> = 1...10
  public static let misalignedTraps: ClosedRange<UInt64> = 1...20
  /// Vector programs by VLEN: at 128 each cell several times.
  public static let vector: [(vlen: Int, seeds: ClosedRange<UInt64>)] = [
    (64, 1...60), (128, 1...200), (256, 1...30), (512, 1...20), (1024, 1...15), (4096, 1...6),
  ]
  public static let vectorMisalignedTraps: ClosedRange<UInt64> = 1...20
}
