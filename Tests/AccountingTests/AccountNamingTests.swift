import Domain
import Testing

@testable import Accounting

/// No two accounts get one name, in either tool.
@Suite struct AccountNamingTests {
  private static let awkward = [
    "deepseek", "Deepseek", "DEEPSEEK", "X--deepseek", "x--deepseek", "X", "x", "a:b", "a-3Ab", "a/b", "a b", "a  b",
    " a", "a ", "ä", "a\u{308}", "%C3%A4", "Unattributed", "unattributed", "UNATTRIBUTED", "%55nattributed",
    "Allocation", "allocation", "Allocated", "allocated", "4o", "-", "--", "", "%", "a;b", "(a)", "[2020-01-01]",
    "a\"b", "a\\b", "a,b", "日本", "a\u{7F}b", "openai/gpt-4o", "llama3:70b",
  ]

  private static func name(_ account: Account, _ naming: AccountNaming) -> String {
    var bytes: [UInt8] = []
    naming.appendName(of: account, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let accounts: [Account] =
    [.receivable, .accrued(provider: nil)]
    + awkward.map { ExactText($0) }.flatMap { name -> [Account] in
      [
        .accrued(provider: name), .inference(provider: name, model: "m"), .inference(provider: "p", model: name),
        .operating(category: name), .income(strategy: name, model: nil), .income(strategy: "s", model: name),
        .income(strategy: name, model: name), .allocatedCost(model: name), .allocationOfCost(category: name),
        .allocatedRevenue(model: name), .allocationOfRevenue(strategy: name),
      ]
    }

  @Test(arguments: [AccountNaming.hledger, .beancount])
  func differentAccountsHaveDifferentNames(naming: AccountNaming) {
    var seen: [String: Account] = [:]
    for account in Self.accounts {
      let name = Self.name(account, naming)
      if let other = seen[name] { #expect(other == account, "\(name)") }
      seen[name] = account
      #expect(!name.hasSuffix(":") && !name.contains("::") && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
  }

  @Test func beancountPartsBeginWithACapitalOrADigit() throws {
    for account in Self.accounts {
      for part in Self.name(account, .beancount).split(separator: ":", omittingEmptySubsequences: false) {
        #expect(try /[A-Z0-9][A-Za-z0-9-]*/.wholeMatch(in: part) != nil, "\(part)")
      }
    }
  }

  @Test func plainNamesStayReadable() {
    let account = Account.inference(provider: "deepseek", model: "deepseek/r1")
    #expect(Self.name(account, .hledger) == "Expenses:Inference:deepseek:deepseek/r1")
    #expect(Self.name(account, .beancount) == "Expenses:Inference:Deepseek:Deepseek-2Fr1")
    #expect(Self.name(.accrued(provider: nil), .hledger) == "Liabilities:Accrued:Unattributed")
    #expect(Self.name(.accrued(provider: "Unattributed"), .hledger) == "Liabilities:Accrued:%55nattributed")
    #expect(Self.name(.accrued(provider: "unattributed"), .beancount) == "Liabilities:Accrued:X--unattributed")
  }
}
