/// One message of a conversation. Never sent to a ledger.
public struct AIMessage: Sendable, Hashable {
  /// Who speaks.
  public enum Role: String, Sendable, CaseIterable {
    /// The instructions.
    case system
    /// The person.
    case user
    /// The model.
    case assistant
    /// A tool that the model called.
    case tool
  }

  /// A part of what is said.
  public enum Part: Sendable, Hashable {
    /// A text.
    case text(String)
    /// An image, by its `https:` or `data:` address.
    case image(url: String)
  }

  /// Who speaks.
  public var role: Role
  /// What is said.
  public var parts: [Part]
  /// The id of the call that a tool answers.
  public var toolCall: String?

  /// Makes a message of parts.
  public init(_ role: Role, parts: [Part], toolCall: String? = nil) {
    self.role = role
    self.parts = parts
    self.toolCall = toolCall
  }

  /// The instructions.
  public static func system(_ text: String) -> Self { Self(.system, parts: [.text(text)]) }
  /// What a person says.
  public static func user(_ text: String) -> Self { Self(.user, parts: [.text(text)]) }
  /// What the model said.
  public static func assistant(_ text: String) -> Self { Self(.assistant, parts: [.text(text)]) }

  /// Characters of text, for an estimate.
  var characters: Int64 {
    parts.reduce(0) { sum, part in
      if case .text(let text) = part { sum + Int64(text.unicodeScalars.count) } else { sum }
    }
  }
}

extension AIMessage: CustomStringConvertible, CustomReflectable {
  /// Who speaks; never what.
  public var description: String { "AIMessage(\(role.rawValue))" }
  /// As `description`.
  public var customMirror: Mirror { Mirror(self, children: ["role": role]) }
}
