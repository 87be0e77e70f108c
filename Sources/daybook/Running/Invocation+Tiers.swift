import Control

extension Invocation {
  /// The models of the tiers, as the environment names them.
  func tiers() throws(UsageError) -> Tiers {
    do { return try Tiers.standard(in: environment) } catch {
      throw UsageError("\(error.variable) holds no name of a model", command)
    }
  }
}
