import Domain

@testable import Control

/// What budgets should say, kept as plain lists and added up anew each time: none of the state's own structures.
struct SpendOracle {
  struct Held {
    var call: String
    var owner: String
    var place: Place
    var amount: Amount
    var expires: Timestamp
    /// Winner and fallbacks that it is for; nil where it holds for any model.
    var model: String?
  }
  struct Place: Hashable {
    var budget: String
    var key: String
    var window: String
  }
  struct Booking {
    var place: Place
    var amount: Amount
    /// What of it a reservation stood for.
    var covered: Amount
  }
  struct Rule {
    var id: String
    var scope: String
    var window: String
    var limit: Amount
    var isHard: Bool
  }

  var rules: [Rule] = []
  var held: [Held] = []
  var expired: [Held] = []
  var bookings: [Booking] = []

  func spent(_ place: Place) -> Amount { bookings.filter { $0.place == place }.reduce(.zero) { $0.plus($1.amount) } }

  func reserved(_ place: Place) -> Amount { held.filter { $0.place == place }.reduce(.zero) { $0.plus($1.amount) } }

  func covered(_ place: Place) -> Amount {
    bookings.filter { $0.place == place }.reduce(.zero) { $0.plus($1.covered) }
  }

  func place(_ rule: Rule, _ key: SpendKey, at now: Timestamp) -> Place? {
    let day = String(now.description.prefix(10))
    let window = rule.window == "total" ? "total" : rule.window == "month" ? String(day.prefix(7)) : day
    let value: String?
    switch rule.scope {
    case "ledger": value = "ledger"
    case "user/*": value = key.user
    case "model/*": value = key.model
    default: value = "user/\(key.user ?? "")" == rule.scope ? key.user : nil
    }
    return value.map { Place(budget: rule.id, key: $0, window: window) }
  }

  func hasRoom(_ key: SpendKey, _ amount: Amount, at now: Timestamp) -> Bool {
    rules.allSatisfy { rule in
      guard rule.isHard, let place = place(rule, key, at: now) else { return true }
      return spent(place).plus(reserved(place)).plus(amount) <= rule.limit
    }
  }

  mutating func reserve(
    _ call: String, owner: String, _ candidates: [(SpendKey, Amount)], at now: Timestamp
  ) {
    for rule in rules {
      var most: [Place: Amount] = [:]
      for (key, amount) in candidates {
        if let place = place(rule, key, at: now) { most[place] = max(most[place] ?? .zero, amount) }
      }
      for (place, amount) in most {
        held.append(
          Held(
            call: call, owner: owner, place: place, amount: amount, expires: now.advanced(bySeconds: 900),
            model: rule.scope == "model/*" ? place.key : nil))
      }
    }
  }

  mutating func expire(_ now: Timestamp) {
    expired += held.filter { $0.expires <= now }
    held.removeAll { $0.expires <= now }
  }

  /// Books a completion whose cost is `cost`; nil: not known.
  mutating func complete(
    _ call: String, _ key: SpendKey, cost: Amount?, isAbsorbed: Bool, owner: String, isAgent: Bool, at now: Timestamp
  ) {
    let mine = held.filter { $0.call == call && $0.owner == owner }
    let late = expired.filter {
      $0.call == call && $0.owner == owner && now.microseconds(since: $0.expires) <= 86_400_000_000
    }
    for line in mine + late {
      let isOpen = !mine.isEmpty
      let isServed = line.model == nil || line.model == key.model
      var amount = isServed ? cost ?? (isAbsorbed && isOpen ? .zero : line.amount) : .zero
      if isAgent && !(isAbsorbed && isOpen) { amount = max(amount, line.amount) }
      if !isServed && !isOpen && !isAgent { continue }
      if !isServed && isOpen && isAbsorbed { continue }
      let isSettled = isOpen && !isAbsorbed
      bookings.append(
        Booking(place: line.place, amount: amount, covered: isSettled ? min(amount, line.amount) : .zero))
    }
    if !mine.isEmpty && !isAbsorbed { held.removeAll { $0.call == call } }
    let lines = mine + late
    for rule in rules {
      let own = lines.filter { $0.place.budget == rule.id }
      if rule.scope == "model/*" ? own.contains(where: { $0.model == key.model }) : !own.isEmpty { continue }
      let decided = lines.first.map { $0.expires.advanced(bySeconds: -900) }
      guard let place = place(rule, key, at: decided ?? now) else { continue }
      bookings.append(Booking(place: place, amount: cost ?? .zero, covered: .zero))
    }
  }
}
