import Control
import Domain
import Log

extension Command {
  private static let userScope = "user/"

  /// The persons that the command names, by the member that names them: the log knows persons by tokens only, so that their
  /// names can be erased.
  var persons: [String: PersonName] {
    if let person = change?.erasedPerson { return ["user": PersonName(kind: person.kind, value: person.name)] }
    if let change { return change.user.map { ["scope": PersonName(kind: "user", value: $0)] } ?? [:] }
    return switch self {
    case .activateKillSwitch(let scope, _, _): Self.person(in: scope).map { ["scope": $0] } ?? [:]
    case .decide(let request): Self.persons(of: request)
    case .placeHold(let body): Self.person(heldBy: body).map { ["user": $0] } ?? [:]
    default: [:]
    }
  }

  private static func person(heldBy body: JSON) -> PersonName? {
    guard case .string(let name) = body["user"] else { return nil }
    return PersonName(kind: body["kind"]?.string ?? ErasureSelector.usualKind, value: name)
  }

  private static func persons(of request: JSON) -> [String: PersonName] {
    var persons: [String: PersonName] = [:]
    for kind in ["session", "user"] {
      if case .string(let name) = request[kind] { persons[kind] = PersonName(kind: kind, value: name) }
    }
    return persons
  }

  /// The same command with tokens where it holds persons' names in its own members.
  func naming(_ tokens: [String: String]) -> Command {
    if let token = tokens["user"], !isDecision { return naming(person: token) }
    guard let token = tokens["scope"] else { return self }
    if let change {
      var command = self
      command.change = change.naming(user: token)
      return command
    }
    let scope = ExactText(Self.userScope + token)
    return switch self {
    case .activateKillSwitch(_, let reason, let trigger):
      .activateKillSwitch(scope: scope, reason: reason, triggeredBy: trigger)
    default: self
    }
  }

  private func naming(person token: String) -> Command {
    if let change {
      var command = self
      command.change = change.naming(person: token)
      return command
    }
    guard case .placeHold(var body) = self, let person = Self.person(heldBy: body) else { return self }
    body["user"] = nil
    body["kind"] = .text(person.kind)
    body["person"] = .text(token)
    return .placeHold(body)
  }

  private static func person(in scope: ExactText) -> PersonName? {
    guard scope.string.utf8.starts(with: userScope.utf8) else { return nil }
    let name = String(decoding: scope.string.utf8.dropFirst(userScope.utf8.count), as: UTF8.self)
    return PersonName(kind: "user", value: ExactText(name))
  }
}
