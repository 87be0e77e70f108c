/// Reads JSON texts one after another in the same memory: for loops over millions of small texts that lie elsewhere, such as
/// in the answer of a database.
///
/// The rules are those of `JSONDocument`. Not `Sendable`: each loop has its own.
public final class JSONPass {
  /// Beside the object, so that no scan asks whether another one is under way.
  private let scanner: UnsafeMutablePointer<JSONScanner>
  private let bytesAtMost: Int

  /// Makes room for texts within limits.
  public init(limits: JSONLimits) {
    scanner = .allocate(capacity: 1)
    scanner.initialize(to: JSONScanner(limits: limits))
    bytesAtMost = limits.bytes
  }

  deinit {
    scanner.deinitialize(count: 1)
    scanner.deallocate()
  }

  /// Scans a text and lends what was found while `body` runs; false where the text is nothing that the ledger takes, or `body`
  /// answers so. The text must not change meanwhile.
  public func read(_ text: UnsafeRawBufferPointer, _ body: (JSONGlance) -> Bool) -> Bool {
    let bytes = text.assumingMemoryBound(to: UInt8.self)
    guard scanner.pointee.scanAgain(bytes, bytesAtMost: bytesAtMost), let base = bytes.baseAddress else {
      return false
    }
    return body(
      JSONGlance(
        JSONTape(
          bytes: base, nodes: UnsafePointer(scanner.pointee.nodes.base), nodeCount: scanner.pointee.nodes.count,
          order: UnsafePointer(scanner.pointee.order.base))))
  }
}

/// A text that is being read; valid inside the body of `JSONPass.read` only.
public struct JSONGlance {
  let tape: JSONTape

  init(_ tape: JSONTape) { self.tape = tape }

  /// Appends the text's RFC 8785 form.
  public func appendCanonical(to bytes: inout [UInt8]) { tape.appendCanonical(0, to: &bytes) }
}
