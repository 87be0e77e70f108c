/// Finds the persons whom events name by token alone.
public enum PersonScan {
  /// The persons beside the segments of a folder; a file of records has none.
  public static func persons(_ path: String) throws -> [SegmentContents.Person] {
    guard ExportFile.isFolder(path) else { return [] }
    let folder = ExportFolder(path)
    let manifest = try folder.manifest().manifest
    let contents = SegmentContents(folder, ledger: manifest.ledger)
    return try manifest.segments.flatMap { try contents.beside($0).persons }
  }
}
