internal import Foundation

extension Daybook {
  /// Makes a client from `DAYBOOK_URL` (default `http://127.0.0.1:7450`), `DAYBOOK_KEY` (required) and
  /// `DAYBOOK_LEDGER` (default `main`).
  ///
  /// - Parameters:
  ///   - environment: The variables; the process's own where it is nil.
  ///   - configuration: Settings.
  /// - Throws: ``DaybookError`` with `configuration` or `insecure`.
  public static func fromEnvironment(
    _ environment: [String: String]? = nil,
    configuration: DaybookConfiguration = .init()
  ) throws(DaybookError) -> Daybook {
    let environment = environment ?? ProcessInfo.processInfo.environment
    guard let key = environment["DAYBOOK_KEY"], !key.isEmpty else {
      throw DaybookError(.configuration, "DAYBOOK_KEY is not set")
    }
    return try Daybook(
      url: environment["DAYBOOK_URL"] ?? "http://127.0.0.1:7450", key: key,
      ledger: environment["DAYBOOK_LEDGER"] ?? "main", configuration: configuration)
  }
}
