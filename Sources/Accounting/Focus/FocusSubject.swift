import Domain

/// What the rows of a fact have in common, made once.
struct FocusSubject {
  let service: FocusService
  let provider: [UInt8]
  /// Empty where there is none.
  let model: [UInt8]
  /// What the caller counts the charge for, as a JSON object; nothing that is about a person.
  let tags: [UInt8]
  /// `provider/model/` or `provider/category/`, behind which the meter comes.
  let sku: [UInt8]

  /// - Throws: `unreadable`.
  init(_ fact: Fact) throws(AccountingError) {
    service = try FocusService(fact)
    provider = Self.text(fact, "provider") ?? Array("Unattributed".utf8)
    model = Self.text(fact, "model") ?? []
    tags = Self.tags(fact)
    let what = fact.kind == .completion ? model : Self.text(fact, "category") ?? []
    sku = provider + [UInt8(ascii: "/")] + what + [UInt8(ascii: "/")]
  }

  private static func text(_ fact: Fact, _ member: String) -> [UInt8]? {
    guard let view = fact.text(member) else { return nil }
    var bytes: [UInt8] = []
    view.appendText(to: &bytes)
    return bytes
  }

  private static func tags(_ fact: Fact) -> [UInt8] {
    var bytes: [UInt8] = []
    for key in ["goal", "operation", "strategy", "team"] {
      guard let value = fact.text(key) else { continue }
      bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
      JSONWriter.appendString(key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      value.appendCanonical(to: &bytes)
    }
    if !bytes.isEmpty { bytes.append(UInt8(ascii: "}")) }
    return bytes
  }
}

/// What a charge is for, in FOCUS's words.
struct FocusService {
  var name: StaticString
  var category: StaticString
  var subcategory: StaticString

  init(_ fact: Fact) throws(AccountingError) {
    let category: String = fact.kind == .completion ? "ai_inference" : try fact.required("category").string
    switch category {
    case "ai_inference":
      (name, self.category, subcategory) = ("AI inference", "AI and Machine Learning", "Generative AI")
    case "vm": (name, self.category, subcategory) = ("Virtual machines", "Compute", "Virtual Machines")
    case "api_service": (name, self.category, subcategory) = ("API services", "Integration", "API Management")
    default: (name, self.category, subcategory) = ("Other services", "Other", "Other (Other)")
    }
  }
}
