/// Types of parameters; `amount` is a decimal text, `person` is given as the producer's own name for the person and reaches SQL as the token.
public enum ParameterType: String, Sendable, CaseIterable {
  case text, texts, date, integer, amount, boolean, person, timestamp
}
