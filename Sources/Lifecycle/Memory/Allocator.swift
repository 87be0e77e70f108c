internal import CMimalloc
internal import Glibc

/// mimalloc, in place of the C library's malloc for whatever links this room: half a dozen threads that allocate at once wait
/// for glibc's locks, for a fifth of the decisions that a service makes a second.
public enum Allocator {
  /// Its version, such as "2.0.9".
  public static var version: String {
    let number = mi_version()
    return "\(number / 100).\(number / 10 % 10).\(number % 10)"
  }

  /// True where it, and not the C library's, answers `malloc`.
  public static var isInPlace: Bool {
    guard let memory = malloc(16) else { return false }
    defer { free(memory) }
    return mi_is_in_heap_region(memory)
  }
}
