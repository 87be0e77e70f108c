import Domain
import Testing

@Suite struct DerivedFactTests {
  private let price = Price(
    id: 12, provider: "p", model: "m", usageClass: "input_tokens",
    price: Money(Amount("0.0027")!, Currency("USD")!), per: 1_000_000, validFrom: Timestamp(microseconds: 0))
  private let day = CivilDate("2023-11-16")!

  private func text(
    _ cost: CompletionCost?, isLate: Bool = false, persons: [(pointer: String, token: String)] = []
  ) -> String {
    var bytes: [UInt8] = []
    DerivedFact.append(cost: cost, isLate: isLate, persons: persons, posting: FactPosting(day), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private var computed: CompletionCost {
    CompletionCost.derive(usage: [(.inputTokens, 374)], reported: nil) { _ in price }
  }

  @Test("each shape is written in canonical order")
  func shapes() {
    #expect(text(nil) == #"{"posting_date":"2023-11-16"}"#)
    #expect(
      text(nil, isLate: true, persons: [("/user", "p_1"), ("/customer", "p_2")])
        == #"{"late":true,"persons":{"/customer":"p_2","/user":"p_1"},"posting_date":"2023-11-16"}"#)
    #expect(text(.unpriced) == #"{"posting_date":"2023-11-16","unpriced":true}"#)
    #expect(
      text(.reported(Money(.zero, Currency("EUR")!)), isLate: true)
        == #"{"basis":"reported","cost":{"amount":"0","currency":"EUR"},"late":true,"posting_date":"2023-11-16"}"#)
    #expect(
      text(computed, persons: [("/user", "p_1")])
        == #"{"basis":"computed","cost":{"amount":"0.0000010098","currency":"USD"},"#
        + #""lines":[{"amount":"0.0000010098","class":"input_tokens","per":1000000,"price":"0.0027","price_id":12,"#
        + #""quantity":374}],"persons":{"/user":"p_1"},"posting_date":"2023-11-16"}"#)
  }

  @Test("the bytes are those of the JSON value")
  func agreesWithJSON() {
    for cost in [computed, .unpriced, .reported(Money(Amount(whole: 2), Currency("EUR")!))] {
      var members = cost.members
      members["late"] = .boolean(true)
      members["posting_date"] = .text("2023-11-16")
      members["persons"] = .object(["/session": .text("p_2"), "/user": .text("p_1")])
      let bytes = JSON.object(members).canonical
      #expect(
        text(cost, isLate: true, persons: [("/user", "p_1"), ("/session", "p_2")])
          == String(decoding: bytes, as: UTF8.self))
    }
  }
}
