/// What is wrong with one parameter of a query.
public struct ParameterFault: Sendable, Equatable {
  /// The parameter's name as given.
  public var parameter: String
  /// Stable: `unknown`, `required`, `repeated`, `type`, `range`, `enum`.
  public var code: String
  /// For people; never holds the offending value.
  public var detail: String
  /// Makes a fault.
  public init(parameter: String, code: String, detail: String) {
    self.parameter = parameter
    self.code = code
    self.detail = detail
  }
}
