import Domain

/// A root that the log must give once so many events were read.
struct DueRoot: Sendable {
  /// Who says so.
  enum Source: Hashable, Sendable {
    /// The writer, in the database.
    case seal
    /// The caller.
    case given
    /// The notary, in the database's table and, where it is known, in its file.
    case table(series: Int)
    /// The notary, in its file alone, or otherwise than in the table.
    case file(series: Int)
    /// The auditor's own checkpoint, by its place among them.
    case own(Int)
  }

  var size: Int64
  var root: [UInt8]
  var source: Source

  /// What the root is called in a finding.
  var name: String {
    switch source {
    case .seal, .given: "the root kept for position \(size)"
    case .table: "the root of the signed checkpoint of \(Count(size, "event"))"
    case .file: "the root of the signed checkpoint of \(Count(size, "event")) in the file outside the database"
    case .own(let number):
      "the root of the checkpoint of \(Count(size, "event")) that was given"
        + (number > 0 ? " (number \(number + 1))" : "")
    }
  }

  /// What kind of finding it is when the log does not give it.
  var kind: VerificationReport.Finding.Kind {
    switch source {
    case .seal, .given: .root
    case .table, .file, .own: .checkpoint
    }
  }

  /// The series of the notary's checkpoint.
  var series: Int? {
    switch source {
    case .table(let series), .file(let series): series
    case .seal, .given, .own: nil
    }
  }
}
