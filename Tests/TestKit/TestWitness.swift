import Crypto
import Foundation
import HTTP
public import Integrity
import Synchronization

/// A witness on a real socket that checks all that c2sp.org/tlog-witness asks: a log's signature, its size, its consistency.
public final class TestWitness: Sendable {
  /// What it saw last of a log.
  private struct Seen {
    var key: VerifierKey
    var checkpoint: Checkpoint?
    var answers: [Int] = []
  }

  /// Verifies its cosignatures.
  public let key: VerifierKey
  private let signingKey = Ed25519PrivateKey.generate()
  private let seen = Mutex<[String: Seen]>([:])
  private let server = Mutex<(server: HTTPServer, port: Int)?>(nil)

  /// Makes a witness that knows no log.
  public init(name: String = "witness.example/w1") {
    guard let key = VerifierKey(name: name, kind: .cosignature, publicKey: signingKey.publicKey) else {
      preconditionFailure("not a name of a key")
    }
    self.key = key
  }

  /// Lets it cosign a log.
  public func trust(_ log: VerifierKey) {
    seen.withLock { $0[log.name] = $0[log.name] ?? Seen(key: log) }
  }

  /// The statuses that it answered a log with, in order.
  public func answers(_ origin: String) -> [Int] { seen.withLock { $0[origin]?.answers ?? [] } }

  /// The size that it cosigned last.
  public func size(_ origin: String) -> Int64 { seen.withLock { $0[origin]?.checkpoint?.size ?? 0 } }

  /// Answers on a free port while `body` runs; it gets the address.
  public func answering<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Value
  ) async throws -> Value {
    var configuration = HTTPServer.Configuration()
    configuration.port = 0
    let server = HTTPServer(
      configuration, rejection: { _ in HTTPResponse(status: 500) }, handler: { self.answer($0) })
    let port = try server.start()
    let result: Result<Value, any Error>
    do { result = .success(try await body("http://127.0.0.1:\(port)")) } catch { result = .failure(error) }
    await server.stop(within: .seconds(1))
    return try result.get()
  }

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    guard request.method == "POST", request.path == ["add-checkpoint"] else { return HTTPResponse(status: 404) }
    guard let (oldSize, path, note) = Self.parse(request.body), let checkpoint = try? Checkpoint(text: note.text)
    else {
      return HTTPResponse(status: 400)
    }
    return seen.withLock { seen in
      guard var log = seen[checkpoint.origin] else { return HTTPResponse(status: 404) }
      let response = answer(&log, oldSize, path, note, checkpoint)
      log.answers.append(response.status)
      seen[checkpoint.origin] = log
      return response
    }
  }

  private func answer(
    _ log: inout Seen, _ oldSize: Int64, _ path: [[UInt8]], _ note: SignedNote, _ checkpoint: Checkpoint
  ) -> HTTPResponse {
    guard (try? note.verified(by: [log.key])) != nil else { return HTTPResponse(status: 403) }
    guard oldSize <= checkpoint.size else { return HTTPResponse(status: 400) }
    let known = log.checkpoint?.size ?? 0
    guard oldSize == known else {
      return HTTPResponse(
        status: 409, headers: [("Content-Type", "text/x.tlog.size")], body: .bytes(Array("\(known)\n".utf8)))
    }
    if let last = log.checkpoint {
      let isConsistent = ProofVerifier.isConsistent(
        oldSize: known, oldRoot: last.root, newSize: checkpoint.size, newRoot: checkpoint.root, path: path)
      guard isConsistent else { return HTTPResponse(status: 422) }
    } else if !path.isEmpty {
      return HTTPResponse(status: 422)
    }
    log.checkpoint = checkpoint
    let time = Int64(Date().timeIntervalSince1970)
    let line = Cosignature(time: time, text: note.text) { signingKey.sign($0) }.line(of: key).line
    return HTTPResponse(status: 200, body: .bytes(Array(line.utf8)))
  }

  private static func parse(_ body: [UInt8]) -> (oldSize: Int64, path: [[UInt8]], note: SignedNote)? {
    guard let end = body.firstRange(of: [0x0A, 0x0A]),
      let note = try? SignedNote(parsing: Array(body[end.upperBound...]))
    else { return nil }
    let lines = String(decoding: body[..<end.lowerBound], as: UTF8.self).split(separator: "\n").map(String.init)
    guard let first = lines.first, first.hasPrefix("old "), let oldSize = Checkpoint.size(String(first.dropFirst(4)))
    else { return nil }
    let path = lines.dropFirst().compactMap { Base64.bytes($0) }
    return path.count == lines.count - 1 && path.count <= 63 ? (oldSize, path, note) : nil
  }
}
