/// The subject of the events of one call of a model: `call/<id>`, the id the caller's own, printable ASCII.
public enum CallSubject {
  static let prefix = "call/"

  /// The subject of a call.
  public static func of(_ id: String) -> String { prefix + id }

  /// The call's id; nil where the subject is not one of a call.
  public static func id(of subject: String) -> String? {
    guard subject.utf8.starts(with: prefix.utf8) else { return nil }
    // By bytes: characters would be put together from them first.
    return String(decoding: subject.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
  }
}
