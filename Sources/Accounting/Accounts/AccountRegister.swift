import Domain

/// The accounts that a file has used: each one's spelling, its first day and its currencies.
struct AccountRegister {
  struct Use {
    var account: Account
    var name: [UInt8]
    var firstDay: CivilDate
    var currencies: Set<Currency>
  }

  private let naming: AccountNaming
  private var indices: [Account: Int] = [:]
  private(set) var uses: [Use] = []
  private(set) var currencies: Set<Currency> = []
  private(set) var firstDay: CivilDate?

  init(_ naming: AccountNaming) { self.naming = naming }

  /// Appends the account's name, and keeps that it was used.
  mutating func append(_ account: Account, _ currency: Currency, on day: CivilDate, to bytes: inout [UInt8]) {
    let index: Int
    if let known = indices[account] {
      index = known
    } else {
      var name: [UInt8] = []
      naming.appendName(of: account, to: &name)
      index = uses.count
      indices[account] = index
      uses.append(Use(account: account, name: name, firstDay: day, currencies: []))
    }
    if day < uses[index].firstDay { uses[index].firstDay = day }
    if uses[index].currencies.insert(currency).inserted { currencies.insert(currency) }
    if firstDay.map({ day < $0 }) ?? true { firstDay = day }
    bytes.append(contentsOf: uses[index].name)
  }

  /// In the order of their names.
  var sorted: [Use] { uses.sorted { $0.name.lexicographicallyPrecedes($1.name) } }
}
