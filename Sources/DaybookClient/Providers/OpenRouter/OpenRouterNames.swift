/// The ledger's names of models, and OpenRouter's ids.
struct OpenRouterNames: Sendable {
  private let ids: [String: String]
  private let ledgerNames: [String: String]

  init(_ ids: [String: String]) {
    self.ids = ids
    // Two names of one id: the first in order, so that it is always the same.
    ledgerNames = Dictionary(ids.map { ($0.value, $0.key) }, uniquingKeysWith: min)
  }

  func id(of model: String) -> String { ids[model] ?? model }

  /// The ledger's name of the model that served: the one that was asked where that is the same model.
  func served(_ served: String?, asked request: AIRequest) -> String {
    guard let served, !served.isEmpty else { return request.model }
    for model in [request.model] + request.alternatives where Self.isSame(served, id(of: model)) { return model }
    return ledgerNames[served] ?? served
  }

  /// OpenRouter names the dated version that served: `vendor/model-2026-01-31` of `vendor/model`.
  private static func isSame(_ served: String, _ asked: String) -> Bool {
    if served == asked { return true }
    // A variant of the same model, such as `vendor/model:free`, is billed otherwise: that one is told.
    guard served.hasPrefix(asked + "-") else { return false }
    let version = served.dropFirst(asked.count + 1)
    return version.utf8.count >= 4 && version.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D }
  }
}
