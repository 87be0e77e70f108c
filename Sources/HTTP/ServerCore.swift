/// What all requests of one server share; C callbacks get at it through their context pointer.
final class ServerCore: Sendable {
  let configuration: HTTPServer.Configuration
  let rejection: HTTPServer.Rejection
  let handler: @Sendable (HTTPRequest) async -> HTTPResponse
  let budget: BodyBudget
  let exchanges = ExchangeRegistry()
  let connections = ConnectionCount()

  init(
    _ configuration: HTTPServer.Configuration, rejection: @escaping HTTPServer.Rejection,
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) {
    self.configuration = configuration
    self.rejection = rejection
    self.handler = handler
    budget = BodyBudget(limit: configuration.maxBytesInFlight)
  }
}
