/// Which model is next: pure. Only what the decision allowed, in its order, each once.
struct RouteMachine {
  private var left: ArraySlice<Decision.Target>
  private var last: Decision.Target?

  init(_ decision: Decision) {
    var targets: [Decision.Target] = []
    for target in [decision.target].compactMap(\.self) + decision.fallbacks where !targets.contains(target) {
      targets.append(target)
    }
    left = targets[...]
  }

  /// The next model to try; nil where none is left, or where another cannot help.
  ///
  /// - Parameter error: Why the last attempt failed; nil before the first, and after a model that was passed over.
  mutating func next(after error: AIProviderError?) -> Decision.Target? {
    if let error, error.remedy == .none { left = [] }
    while let target = left.popFirst() {
      if let error, error.remedy == .otherProvider, target.provider == last?.provider { continue }
      return target
    }
    return nil
  }

  /// An attempt at this model begins.
  mutating func began(_ target: Decision.Target) { last = target }

  /// No fallback any more: the caller has a part of the answer.
  mutating func commit() { left = [] }
}
