/// The bounds of what is read: an export comes from others, and may be hostile.
public enum ExportLimits {
  /// Bytes of a segment's or personal file's text, decompressed. Writers close a segment at a quarter of it.
  public static let segmentText = 64 << 20
  /// Bytes of a segment or personal file as it lies on disk.
  public static let segmentFile = 64 << 20
  /// Events of a segment.
  public static let segmentEvents: Int64 = 1 << 20
  /// Bytes of a manifest: a quarter of a million segments.
  public static let manifest = 64 << 20
  /// Bytes of a dictionary.
  public static let dictionary = 1 << 20
  /// Bytes of one record: 48 KiB of data, its conclusions, and escapes.
  public static let record = 1 << 20
  /// Findings kept; an export that is wrong everywhere need not be listed whole.
  public static let findings = 100
}
