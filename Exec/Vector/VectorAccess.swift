import RVDecoder

/// How the elements of a vector load or store lie in memory. "V", chapter 7.
struct VectorAccess {
  enum Addressing { case unitStride, strided, indexed }

  var addressing: Addressing
  var isStore: Bool
  /// A fault behind element 0 shortens vl instead of trapping.
  var faultOnlyFirst = false
  /// Bytes of a mask: ceil(vl / 8) of them, none masked off.
  var isMask = false

  static let load = VectorAccess(addressing: .unitStride, isStore: false)
  static let store = VectorAccess(addressing: .unitStride, isStore: true)
  static let loadFaultOnlyFirst = VectorAccess(addressing: .unitStride, isStore: false, faultOnlyFirst: true)
  static let loadMask = VectorAccess(addressing: .unitStride, isStore: false, isMask: true)
  static let storeMask = VectorAccess(addressing: .unitStride, isStore: true, isMask: true)
  static let loadStrided = VectorAccess(addressing: .strided, isStore: false)
  static let storeStrided = VectorAccess(addressing: .strided, isStore: true)
  static let loadIndexed = VectorAccess(addressing: .indexed, isStore: false)
  static let storeIndexed = VectorAccess(addressing: .indexed, isStore: true)
}
