public import Domain

extension Change {
  /// The person whom an erasure selects by name.
  public var erasedPerson: (kind: String, name: ExactText)? {
    guard operation == .eraseData, case .string(let name) = body["user"] else { return nil }
    return (body["kind"]?.string ?? ErasureSelector.usualKind, name)
  }

  /// The same erasure with a token in the person's place.
  public func naming(person token: String) -> Change {
    guard let person = erasedPerson else { return self }
    var change = self
    change.body["user"] = nil
    change.body["kind"] = .text(person.kind)
    change.body["person"] = .text(token)
    return change
  }

  private static let userScope = "user/"

  /// The user whom the change's scope names; nil where it names none. `user/*` is every user's.
  public var user: ExactText? {
    guard let scope = body["scope"]?.string, scope.utf8.starts(with: Self.userScope.utf8) else { return nil }
    let name = String(decoding: scope.utf8.dropFirst(Self.userScope.utf8.count), as: UTF8.self)
    return operation == .configureBudget && ExactText(name) == "*" ? nil : ExactText(name)
  }

  /// The same change with a token in the user's place, so that no name stands in the log for ever.
  public func naming(user token: String) -> Change {
    guard user != nil else { return self }
    var change = self
    change.body["scope"] = .text(Self.userScope + token)
    change.subject = CommandCatalogue.forms[operation]?.subject(change.body) ?? subject
    return change
  }
}

extension Command {
  /// The change that the command makes, or asks an approval of, where the ledger can make it.
  public var change: Change? {
    get {
      switch self {
      case .change(let change, _, _): change
      case .requestApproval(let body): body["change"].flatMap { Change($0) }
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .change(_, let terms, let breakGlass):
        self = .change(newValue, terms: terms, breakGlass: breakGlass)
      case .requestApproval(var body):
        body["change"] = newValue.json
        self = .requestApproval(body)
      default: return
      }
    }
  }
}
