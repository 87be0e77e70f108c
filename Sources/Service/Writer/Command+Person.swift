import Control
import Domain
import Log

extension Command {
  private static let userScope = "user/"

  /// The person that the command names: the log knows persons by tokens only, so that their names can be erased.
  var person: PersonName? {
    switch self {
    case .activateKillSwitch(let scope, _, _), .deactivateKillSwitch(let scope, _, _): Self.person(in: scope)
    default: nil
    }
  }

  /// The same command with a token in the person's place.
  func naming(_ token: String) -> Command {
    let scope = ExactText(Self.userScope + token)
    return switch self {
    case .activateKillSwitch(_, let reason, let trigger):
      .activateKillSwitch(scope: scope, reason: reason, triggeredBy: trigger)
    case .deactivateKillSwitch(_, let reason, let trigger):
      .deactivateKillSwitch(scope: scope, reason: reason, triggeredBy: trigger)
    default: self
    }
  }

  private static func person(in scope: ExactText) -> PersonName? {
    guard scope.string.utf8.starts(with: userScope.utf8) else { return nil }
    let name = String(decoding: scope.string.utf8.dropFirst(userScope.utf8.count), as: UTF8.self)
    return PersonName(kind: "user", value: ExactText(name))
  }
}
