internal import Domain

extension Daybook {
  /// Appends events, all or nothing, and answers when they are durable.
  ///
  /// Repeats the request with the same ids where the ledger is busy, away or out of reach; an event that the ledger had
  /// already comes back as a duplicate. When this throws with `outcomeIsUnknown`, calling again with the same events is safe.
  ///
  /// - Parameter events: At most 10,000, and 16 MiB encoded. None at all is answered without asking, with head 0.
  /// - Throws: ``DaybookError``: `batchTooLarge` and `invalidEvent` before anything is sent; `conflict` where an identity
  ///   or an expected sequence does not fit; `invalid` with its `faults`; and others. `CancellationError`.
  @discardableResult
  public func append(_ events: [Event]) async throws -> AppendResult {
    guard !events.isEmpty else {
      return AppendResult(receipts: [], head: LedgerHead(position: 0, root: nil), attempts: 0)
    }
    guard events.count <= Limits.batchEvents else {
      throw DaybookError(.batchTooLarge, "an append takes at most 10,000 events; \(events.count) were given")
    }
    var body: [UInt8] = []
    body.reserveCapacity(events.reduce(2) { $0 + $1.data.count + 320 })
    body.append(0x5B)
    for (index, event) in events.enumerated() {
      if index > 0 { body.append(0x2C) }
      let source = event.source ?? configuration.source
      do {
        try event.validate(source: source)
      } catch {
        var named = error
        named.faults = error.faults.map { fault in
          ValidationFault(index: index, pointer: fault.pointer, code: fault.code, detail: fault.detail)
        }
        throw named
      }
      event.appendCloudEvent(to: &body, source: source)
    }
    body.append(0x5D)
    guard body.count <= Limits.batchBytes else {
      throw DaybookError(.batchTooLarge, "an append takes at most 16 MiB; \(body.count) bytes were given")
    }
    return try await append(body: body, count: events.count, retry: configuration.retry)
  }

  /// Appends one event.
  @discardableResult
  public func append(_ event: Event) async throws -> Receipt {
    try await append([event]).receipts[0]
  }

  /// Sends an encoded batch; the answer must have as many receipts.
  func append(body: [UInt8], count: Int, retry: RetryPolicy) async throws -> AppendResult {
    let request = TransportRequest(
      method: "POST", url: address("events", []),
      headers: [
        authorisation, (name: "Accept", value: "application/json"),
        (name: "Content-Type", value: "application/cloudevents-batch+json"),
      ],
      body: body, timeout: configuration.timeout)
    return try await send(request, retry: retry) { answer in
      let result = try AppendResult(answer)
      guard result.receipts.count == count else {
        throw DaybookError.malformed("\(result.receipts.count) receipts came for \(count) events")
      }
      return result
    }
  }
}
