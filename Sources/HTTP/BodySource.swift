/// What the library's body reader holds on to.
final class BodySource: Sendable {
  let writer: BodyWriter
  let exchange: Exchange

  init(writer: BodyWriter, exchange: Exchange) {
    self.writer = writer
    self.exchange = exchange
  }
}
