public import Domain

/// `invoice.received`: what a provider billed for a period. Subject: `invoice/<id>`.
public struct InvoiceReceived: EventContent, Equatable {
  /// One line of it.
  public struct Line: Sendable, Equatable {
    /// The model that it is for.
    public var model: String?
    /// What the provider calls it.
    public var sku: String?
    /// How much of it, as a decimal text without trailing zeros.
    public var quantity: String?
    /// What the quantity counts.
    public var unit: String?
    /// What it cost; below zero for a credit.
    public var cost: Money

    /// Makes a line.
    public init(cost: Money, model: String? = nil, sku: String? = nil, quantity: String? = nil, unit: String? = nil) {
      self.cost = cost
      self.model = model
      self.sku = sku
      self.quantity = quantity
      self.unit = unit
    }
  }

  /// Who billed.
  public var provider: String
  /// The invoice's number, as the provider writes it.
  public var number: String?
  /// When it was issued.
  public var issuedAt: Timestamp?
  /// The first moment that it is for.
  public var periodStart: Timestamp
  /// The first moment that it is no longer for.
  public var periodEnd: Timestamp
  /// What was billed, from 1 to 500 lines.
  public var lines: [Line]

  /// `invoice.received`.
  public var eventType: String { "invoice.received" }

  /// Makes an invoice.
  public init(
    provider: String, periodStart: Timestamp, periodEnd: Timestamp, lines: [Line], number: String? = nil,
    issuedAt: Timestamp? = nil
  ) {
    self.provider = provider
    self.periodStart = periodStart
    self.periodEnd = periodEnd
    self.lines = lines
    self.number = number
    self.issuedAt = issuedAt
  }

  /// Writes the members in canonical order.
  public func write(to writer: inout DataWriter) {
    writer.object { writer in
      writer.member("issued_at", issuedAt)
      writer.member("lines", JSON.array(lines.map(\.json)))
      writer.member("number", number)
      writer.member("period_end", periodEnd)
      writer.member("period_start", periodStart)
      writer.member("provider", provider)
    }
  }
}

extension InvoiceReceived.Line {
  fileprivate var json: JSON {
    .object([
      "cost": cost.json, "model": model.map { .text($0) }, "quantity": quantity.map { .text($0) },
      "sku": sku.map { .text($0) }, "unit": unit.map { .text($0) },
    ])
  }
}
