/// A JSON text read by the strict byte scanner: a tape of tokens over the original bytes.
///
/// Immutable, so it may be shared. A view of it keeps the whole text alive.
public final class JSONDocument: Sendable {
  let bytes: [UInt8]
  let nodes: [JSONNode]
  /// For each object whose keys are not in canonical order: how many they are, then their nodes in that order.
  let order: [UInt32]

  /// Scans `bytes` as one JSON value with nothing but white space around it.
  ///
  /// - Throws: every fault that does not stop the scanner (floats, `-0`, integers beyond 2^53-1, NUL, lone surrogates,
  ///   duplicate keys), and the first one that does (syntax, UTF-8, depth, size).
  public convenience init(_ bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONFaults) {
    let scan = JSONScanner.scan(bytes, limits: limits)
    guard scan.marks.isEmpty else { throw JSONFaults(faults: scan.faults(in: bytes)) }
    self.init(bytes, scan)
  }

  /// Takes over a scan that reached the end of the text; its values with faults are flagged.
  init(_ bytes: [UInt8], _ scan: consuming JSONScan) {
    precondition(scan.isComplete, "the scan did not reach the end of the text")
    self.bytes = bytes
    nodes = scan.nodes
    order = scan.order
  }

  /// The outermost value.
  public var root: JSONView { JSONView(document: self, index: 0) }

  /// Lends the tape.
  @inline(__always) func withTape<Result>(_ body: (JSONTape) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { bytes in
      nodes.withUnsafeBufferPointer { nodes in
        order.withUnsafeBufferPointer { order in
          // A document has at least one node and one byte; the order may be empty, and is not read then.
          body(
            JSONTape(
              bytes: bytes.baseAddress!, nodes: nodes.baseAddress!, nodeCount: nodes.count,
              order: order.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<UInt32>.alignment)!))
        }
      }
    }
  }
}

/// What the scanner found: the tape, and the places of the faults.
struct JSONScan {
  var nodes: [JSONNode] = []
  var order: [UInt32] = []
  var marks: [JSONMark] = []
  /// False where a fault stopped the scan.
  var isComplete = false

  /// The faults with their pointers, in the order of the text.
  func faults(in bytes: [UInt8]) -> [JSONFault] {
    let sorted = marks.sorted { $0.offset < $1.offset }
    let pointers = JSONPlaces.pointers(of: sorted, bytes: bytes, nodes: nodes)
    return zip(sorted, pointers).map { JSONFault(code: $0.code, offset: $0.offset, pointer: $1) }
  }
}

/// A place in the text that a pointer is wanted for.
struct JSONMark {
  var code: String
  var offset: Int
  /// At a key: the pointer of the member rather than of its object.
  var isMember = false
}
