public import Domain

/// What the ledger answered to a request of ``Daybook/send(_:_:query:body:accept:contentType:idempotencyKey:retry:)``.
public struct Answer: Sendable {
  /// The HTTP status, 2xx.
  public var status: Int
  /// Header fields.
  public var headers: [(name: String, value: String)]
  /// The body as it came.
  public var body: [UInt8]
  /// How many attempts it took.
  public var attempts: Int

  /// The body as JSON.
  ///
  /// - Throws: ``DaybookError`` with `malformedAnswer`.
  public func json() throws(DaybookError) -> JSONView {
    do {
      return try JSONDocument(
        body, limits: JSONLimits(depth: Limits.answerDepth, bytes: Limits.answerBytes)
      ).root
    } catch {
      throw DaybookError.malformed("the answer is not JSON that this client reads", cause: error)
    }
  }
}
