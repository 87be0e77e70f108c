import Domain

/// Events as services send them.
enum Sample {
  /// A completion; nil members of `data` are left out, others replace what stands here.
  static func completion(
    _ id: String, model: String = "deepseek", input: Int64 = 1_000, output: Int64 = 100,
    time: String? = "2026-01-05T10:00:00Z", data: KeyValuePairs<String, JSON?> = [:]
  ) -> JSON {
    var content = JSON.object([
      "operation": .text("chat_message"), "model": .text(model), "provider": .text("acme"), "attempt": .integer(1),
      "status": .text("ok"), "usage_source": .text("provider"), "latency_ms": .integer(120),
      "usage": .object(["input_tokens": .integer(input), "output_tokens": .integer(output)]),
    ])
    for (name, value) in data { content[name] = value }
    return event(id, type: "completion.recorded", subject: "call/\(id)", time: time, data: content)
  }

  /// An event of any type.
  static func event(
    _ id: String, type: String = "x.test", subject: String? = nil, time: String? = nil, data: JSON = .object([:]),
    extra: KeyValuePairs<String, JSON?> = [:]
  ) -> JSON {
    var event = JSON.object([
      "specversion": .text("1.0"), "id": .text(id), "source": .text("/test"), "type": .text(type),
      "subject": subject.map { .text($0) }, "time": time.map { .text($0) }, "data": data,
    ])
    for (name, value) in extra { event[name] = value }
    return event
  }

  /// A price in US dollars for a million units.
  static func price(
    _ model: String = "deepseek", _ usageClass: String = "input_tokens", _ amount: String,
    from: String = "1970-01-01T00:00:00Z", currency: String = "USD"
  ) -> JSON {
    .object([
      "model": .text(model), "usage_class": .text(usageClass),
      "price": .object(["amount": .text(amount), "currency": .text(currency)]), "per": .integer(1_000_000),
      "valid_from": .text(from),
    ])
  }

  /// An amount of money.
  static func money(_ amount: String, _ currency: String = "USD") -> JSON {
    .object(["amount": .text(amount), "currency": .text(currency)])
  }
}
