/// Types of parameters; `person` is given as the producer's own name for the person and reaches SQL as the token.
public enum ParameterType: String, Sendable, CaseIterable {
  case text, texts, date, integer, boolean, person, timestamp
}
