public import Domain

/// An active kill switch: nothing of its scope may run.
public struct KillSwitch: Sendable, Equatable {
  /// `global`, or a name under `operation/`, `model/`, `provider/`, `user/`, `team/`.
  public var scope: ExactText
  /// Why it was activated.
  public var reason: String
  /// `cli`, `api` or `agent`.
  public var triggeredBy: String
  /// The key that activated it.
  public var actor: String
  /// Position of its activation: it takes effect there.
  public var position: Int64
  /// When it was activated.
  public var activatedAt: Timestamp
}

extension KillSwitch {
  /// Prefixes of scopes that name something.
  public static let scopePrefixes = ["operation/", "model/", "provider/", "user/", "team/"]
  /// Longest subject of an event, in characters.
  static let longestSubject = 256

  /// True for a scope that a person may name.
  ///
  /// How long a user is called does not matter: a token takes the name's place before there is a subject.
  public static func isScope(_ scope: ExactText) -> Bool {
    let user = "user/".utf8
    if scope.string.utf8.starts(with: user) { return scope.string.utf8.count > user.count }
    return subject(of: scope) != nil
  }

  /// True for `model/*` and the like, which budgets know and switches do not: a switch stops one name, or everything.
  public static func namesAll(_ scope: ExactText) -> Bool {
    scopePrefixes.contains { ExactText($0 + "*") == scope }
  }

  /// The subject of a scope's events; nil where `scope` is none.
  ///
  /// What is not printable ASCII, and `%`, is percent-encoded.
  public static func subject(of scope: ExactText) -> String? {
    let text = scope.string
    guard
      text == "global"
        || scopePrefixes.contains(where: { text.utf8.starts(with: $0.utf8) && text.utf8.count > $0.utf8.count })
    else { return nil }
    let subject = "kill-switch/" + percentEncoded(text)
    return subject.utf8.count <= longestSubject ? subject : nil
  }

  private static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "%") {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
