import Domain

/// Every budget, found by id, by number, and by the calls that it counts.
struct BudgetTable: Sendable {
  /// By number.
  private(set) var all: [Budget] = []
  private var numbers: [String: Int32] = [:]
  /// Those that count every call: of the ledger.
  private var ofLedger: [Int32] = []
  /// Those that tell calls apart, by dimension in the order of `allCases`, where there are any: a few entries, which every call
  /// walks through.
  private var told: [Telling] = []

  private struct Telling: Sendable {
    let dimension: BudgetScope.Dimension
    /// Those with a counter for each value.
    var ofEach: [Int32] = []
    /// Those that count one value.
    var ofNamed: [ExactText: [Int32]] = [:]
  }

  init() {}

  /// Budgets in the order of their numbers.
  init(_ budgets: [Budget]) { for budget in budgets { put(budget) } }

  var isEmpty: Bool { all.isEmpty }

  subscript(id: String) -> Budget? { numbers[id].map { all[Int($0)] } }

  subscript(number: Int32) -> Budget { all[Int(number)] }

  /// Adds a budget under the next number, or takes the place of the one with this id.
  mutating func put(_ budget: Budget) {
    if let number = numbers[budget.id] {
      precondition(number == budget.number, "a budget keeps its number")
      all[Int(number)] = budget
      return
    }
    let number = Int32(all.count)
    precondition(number == budget.number, "budgets are numbered in the order of creation")
    all.append(budget)
    numbers[budget.id] = number
    if budget.isGrant { return }
    let dimension = budget.scope.dimension
    if dimension == .tier || budget.kind == .tierShare { usesTiers = true }
    if dimension == .ledger {
      ofLedger.append(number)
    } else if let name = budget.scope.name {
      told[place(of: dimension)].ofNamed[name, default: []].append(number)
    } else {
      told[place(of: dimension)].ofEach.append(number)
    }
  }

  /// Where a dimension is told apart; made where it was not.
  private mutating func place(of dimension: BudgetScope.Dimension) -> Int {
    let place = told.firstIndex { $0.dimension.rank >= dimension.rank } ?? told.count
    if place == told.count || told[place].dimension != dimension {
      told.insert(Telling(dimension: dimension), at: place)
    }
    return place
  }

  /// Calls a body with each budget that counts a call, and the call's counter; always in the same order.
  ///
  /// Inlined: a body that is handed over takes a copy of all that it looks at with it.
  @inline(__always)
  func forEachMatch(_ key: SpendKey, _ body: (Budget, ExactText) -> Void) {
    func visit(_ numbers: [Int32]) {
      for number in numbers {
        let budget = all[Int(number)]
        if let counter = budget.counter(of: key) { body(budget, counter) }
      }
    }
    visit(ofLedger)
    for telling in told {
      visit(telling.ofEach)
      if !telling.ofNamed.isEmpty, let value = key.value(of: telling.dimension),
        let found = telling.ofNamed[ExactText(value)]
      {
        visit(found)
      }
    }
  }

  /// True where a budget tells calls apart by a dimension.
  func uses(_ dimension: BudgetScope.Dimension) -> Bool { told.contains { $0.dimension == dimension } }

  /// True where a budget looks at the tiers of calls.
  private(set) var usesTiers = false
}

extension BudgetScope.Dimension {
  /// Its place among all of them.
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
