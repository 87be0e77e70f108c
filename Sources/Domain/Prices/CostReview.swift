/// Makes a completion's cost again, from its usage and the prices that its lines pin: whoever knows these must come to what
/// stands in `derived`, whatever the price list said later.
public enum CostReview {
  /// What is wrong with a completion's cost lines; nil where nothing is, or it has none.
  ///
  /// - Parameters:
  ///   - data: the completion's `data`.
  ///   - derived: what the ledger concluded of it.
  ///   - price: the price that was listed at a position; nil where none was.
  public static func fault(
    data: JSONGlance, derived: JSONGlance, price: (Int64) -> Price?
  ) -> String? {
    let tape = derived.tape
    guard let lines = member(tape, 0, "lines") else { return nil }
    guard tape[lines].kind == .array else { return "the cost lines are no list" }
    var used = usage(data.tape)
    let isUsed = used.contains { $0.quantity > 0 }
    used.removeAll { isUsed ? $0.quantity <= 0 : $0.quantity != 0 }
    var rest = used[...]
    var total: Money?
    var line = lines + 1
    while line < Int(tape[lines].next) {
      defer { line = Int(tape[line].next) }
      guard let pin = member(tape, line, "price_id"), tape[pin].kind == .integer,
        case let id = tape.integer(pin), let price = price(id)
      else {
        return "a cost line pins no price that was listed before"
      }
      // Where nothing was used, only the classes that have a price stand in the lines.
      while !isUsed, let next = rest.first, !isClass(tape, line, next.usageClass) { rest.removeFirst() }
      guard let (usageClass, quantity) = rest.popFirst(), isClass(tape, line, usageClass) else {
        return "the cost lines are not those of the usage"
      }
      guard price.usageClass == usageClass.rawValue || price.usageClass == usageClass.pricedAs?.rawValue else {
        return "the line of \(usageClass.rawValue) pins the price at position \(id), which is of \(price.usageClass)"
      }
      guard let again = try? CostLine(usageClass, quantity: quantity, price: price), isSame(again, tape, line) else {
        return """
          the line of \(usageClass.rawValue) is not \(quantity) at the price listed at position \(id), \
          \(price.price.amount) for \(price.per)
          """
      }
      let cost = Money(again.amount, price.price.currency)
      guard let sum = try? total?.adding(cost) ?? cost else { return "the cost lines do not add up" }
      total = sum
    }
    guard !isUsed || rest.isEmpty else { return "the cost lines lack a class that was used" }
    return isTotal(total, tape) ? nil : "the cost is not the sum of its lines"
  }

  /// Is this the line that stands there, with nothing beside it?
  private static func isSame(_ line: CostLine, _ tape: JSONTape, _ index: Int) -> Bool {
    isOf(6, tape, index) && isAmount(line.amount, member(tape, index, "amount"), tape)
      && isClass(tape, index, line.usageClass) && isInteger(line.price.per, member(tape, index, "per"), tape)
      && isAmount(line.price.price.amount, member(tape, index, "price"), tape)
      && isInteger(line.price.id, member(tape, index, "price_id"), tape)
      && isInteger(line.quantity, member(tape, index, "quantity"), tape)
  }

  private static func isTotal(_ total: Money?, _ tape: JSONTape) -> Bool {
    guard let total, let cost = member(tape, 0, "cost"), let currency = member(tape, cost, "currency") else {
      return false
    }
    return isOf(2, tape, cost) && isAmount(total.amount, member(tape, cost, "amount"), tape)
      && isText(total.currency.code, tape, currency)
  }

  private static func isOf(_ count: Int, _ tape: JSONTape, _ index: Int) -> Bool {
    var (members, met) = (JSONMembers(tape, index), 0)
    while members.next() != nil { met += 1 }
    return met == count
  }

  private static func isInteger(_ number: Int64, _ value: Int?, _ tape: JSONTape) -> Bool {
    guard let value, tape[value].kind == .integer else { return false }
    return tape.integer(value) == number
  }

  /// In its one spelling.
  private static func isAmount(_ amount: Amount, _ value: Int?, _ tape: JSONTape) -> Bool {
    guard let value, tape[value].kind == .string else { return false }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: AmountPrinter.capacity) { buffer in
      let start = AmountPrinter.print(amount.units, intoTailOf: buffer)
      return tape.text(value, equals: buffer.baseAddress! + start, count: buffer.count - start)
    }
  }

  private static func isText(_ text: String, _ tape: JSONTape, _ value: Int) -> Bool {
    guard tape[value].kind == .string else { return false }
    return text.withUTF8Bytes { bytes in
      bytes.baseAddress.map { tape.text(value, equals: $0, count: bytes.count) } ?? false
    }
  }

  /// In the order of `UsageClass.allCases`, in which the lines stand: it is that of canonical JSON.
  private static func usage(_ data: JSONTape) -> [(usageClass: UsageClass, quantity: Int64)] {
    guard let usage = member(data, 0, "usage"), data[usage].kind == .object else { return [] }
    var classes: [(usageClass: UsageClass, quantity: Int64)] = []
    classes.reserveCapacity(4)
    var members = JSONMembers(data, usage)
    while let key = members.next() {
      guard data[key + 1].kind == .integer, let name = names.first(where: { data.text(key, equals: $0.1) }) else {
        continue
      }
      classes.append((name.0, data.integer(key + 1)))
    }
    return classes
  }

  private static func isClass(_ tape: JSONTape, _ line: Int, _ usageClass: UsageClass) -> Bool {
    member(tape, line, "class").map { isText(usageClass.rawValue, tape, $0) } ?? false
  }

  private static func member(_ tape: JSONTape, _ index: Int, _ name: StaticString) -> Int? {
    tape.member(index, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  private static let names: [(UsageClass, StaticString)] = [
    (.audioInputTokens, "audio_input_tokens"), (.audioMilliseconds, "audio_ms"),
    (.audioOutputTokens, "audio_output_tokens"), (.cacheReadTokens, "cache_read_tokens"),
    (.cacheWriteHourTokens, "cache_write_1h_tokens"), (.cacheWriteTokens, "cache_write_tokens"),
    (.characters, "characters"), (.imageTokens, "image_tokens"), (.images, "images"), (.inputTokens, "input_tokens"),
    (.outputTokens, "output_tokens"), (.reasoningTokens, "reasoning_tokens"), (.requests, "requests"),
  ]
}
