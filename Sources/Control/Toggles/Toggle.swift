public import Domain

/// A named switch that lets something happen, such as an agent's choosing of models; what was never set is off.
public struct Toggle: Sendable, Equatable {
  /// Who may switch it on.
  public enum Control: String, Sendable, Hashable, CaseIterable {
    /// Admins.
    case adminOnly = "admin_only"
    /// Operators.
    case user
    /// Either.
    case both
  }

  /// Its name, such as `helix_can_change_models`.
  public var name: String
  /// True where what it stands for may happen.
  public var isEnabled: Bool
  /// True where it cannot be switched on before it is unlocked.
  public var isLocked: Bool
  /// Who may switch it on.
  public var control: Control
  /// For people.
  public var notes: String?
  /// Position of its last `toggle.changed`.
  public var position: Int64

  /// Agents need it to ask for a model by name.
  public static let agentsChangeModels = "helix_can_change_models"
}

extension Toggle {
  /// Reads the members of `toggle.changed`; nil where they are not valid.
  init?(_ body: JSON, position: Int64) {
    guard let name = body["toggle"]?.string, let isEnabled = body["enabled"]?.boolean,
      let isLocked = body["locked"]?.boolean,
      let control = body["controlled_by"]?.string.flatMap(Control.init(rawValue:))
    else { return nil }
    self.init(
      name: name, isEnabled: isEnabled, isLocked: isLocked, control: control, notes: body["notes"]?.string,
      position: position)
  }

  /// The members of `toggle.changed`, and the position of its last one.
  public var json: JSON {
    .object([
      "toggle": .text(name), "enabled": .boolean(isEnabled), "locked": .boolean(isLocked),
      "controlled_by": .text(control.rawValue), "notes": notes.map(JSON.text), "position": .integer(position),
    ])
  }
}
