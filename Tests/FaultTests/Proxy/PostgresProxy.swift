import Dispatch
@preconcurrency import Glibc
import Synchronization

/// Stands between Daybook and Postgres on a Unix socket of its own, and cuts a connection where a test says so.
///
/// The trigger is a text in what the client sends: an event's id stands in the batch that ends with its COMMIT, and
/// nowhere before while the writer does not look identities up.
final class PostgresProxy: Sendable {
  /// What happens to the message with the trigger in it.
  enum Cut: Sendable {
    /// It never reaches the server.
    case before
    /// Its first half does.
    case within
    /// It does, the server does it, and the answer is lost.
    case after
    /// The client is cut off at once; the message reaches the server a while later.
    case late
    /// The server does it, its answer never comes, and nobody ends the connection.
    case silent
    /// Its first half does, and the rest does not follow: the client has stopped while it sent.
    case stalledWithin
    /// The same, but all that is missing is the end of the COMMIT.
    case stalledAtCommit
  }
  private struct Trap {
    var text: [UInt8]
    var cut: Cut
    var times: Int
  }

  let folder: String
  private let target: String
  private let listener: Int32
  private let trap = Mutex<Trap?>(nil)
  private let sprung = Mutex(0)

  /// Listens at `folder` for what goes to the socket of the server in `socketFolder`.
  init(folder: String, socketFolder: String) throws {
    self.folder = folder
    target = "\(socketFolder)/.s.PGSQL.5432"
    mkdir(folder, 0o755)
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let isBound = Self.withAddress("\(folder)/.s.PGSQL.5432") { bind(listener, $0, $1) }
    guard isBound == 0, listen(listener, 64) == 0 else {
      throw Spawned.Failure(description: "the proxy cannot listen")
    }
    Thread.detach { self.accept() }
  }

  deinit { close(listener) }

  /// Stops accepting.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Cuts the next `times` connections that send `text`.
  func arm(_ text: String, _ cut: Cut, times: Int = 1) {
    trap.withLock { $0 = Trap(text: Array(text.utf8), cut: cut, times: times) }
    sprung.withLock { $0 = 0 }
  }

  /// How often it has cut since it was armed.
  var cuts: Int { sprung.withLock { $0 } }

  private func accept() {
    while case let client = Glibc.accept(listener, nil, nil), client >= 0 {
      let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
        close(client)
        close(server)
        continue
      }
      let link = Link(client: client, server: server)
      Thread.detach { self.carryToServer(link) }
      Thread.detach { self.carryToClient(link) }
    }
  }

  private func carryToServer(_ link: Link) {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = recv(link.client, &buffer, buffer.count, 0), count > 0 {
      let bytes = Array(buffer[..<count])
      guard let cut = springs(bytes) else {
        if !Link.send(bytes, to: link.server) { break }
        continue
      }
      switch cut {
      case .before: break
      case .within: _ = Link.send(Array(bytes[..<(bytes.count / 2)]), to: link.server)
      case .after:
        link.isMuted.withLock { $0 = true }
        _ = Link.send(bytes, to: link.server)
        // The server has answered once it waits for the next message: `Z`, idle.
        _ = link.answered.wait(timeout: .now() + 5)
      case .late:
        link.isMuted.withLock { $0 = true }
        shutdown(link.client, Int32(SHUT_RDWR))
        usleep(700_000)
        _ = Link.send(bytes, to: link.server)
        _ = link.answered.wait(timeout: .now() + 5)
      case .silent:
        sprung.withLock { $0 += 1 }
        link.isMuted.withLock { $0 = true }
        _ = Link.send(bytes, to: link.server)
        while recv(link.client, &buffer, buffer.count, 0) > 0 {}
        sprung.withLock { $0 -= 1 }
      case .stalledWithin, .stalledAtCommit:
        sprung.withLock { $0 += 1 }
        _ = Link.send(Array(bytes.dropLast(cut == .stalledWithin ? bytes.count / 2 : 30)), to: link.server)
        // Until the server gives up.
        while !link.hasEnded.withLock({ $0 }) { usleep(10_000) }
        sprung.withLock { $0 -= 1 }
      }
      sprung.withLock { $0 += 1 }
      break
    }
    link.end()
  }

  private func carryToClient(_ link: Link) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = recv(link.server, &buffer, buffer.count, 0), count > 0 {
      let bytes = Array(buffer[..<count])
      if link.isMuted.withLock({ $0 }) {
        if bytes.suffix(6) == [0x5A, 0, 0, 0, 5, 0x49] { link.answered.signal() }
        continue
      }
      if !Link.send(bytes, to: link.client) { break }
    }
    link.end()
  }

  private func springs(_ bytes: [UInt8]) -> Cut? {
    trap.withLock { trap in
      guard let set = trap, set.times > 0, bytes.contains(subsequence: set.text) else { return nil }
      trap?.times -= 1
      return set.cut
    }
  }

  private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

/// A connection through the proxy. Its descriptors are closed once both directions have ended.
private final class Link: Sendable {
  let client: Int32
  let server: Int32
  let isMuted = Mutex(false)
  let hasEnded = Mutex(false)
  let answered = DispatchSemaphore(value: 0)

  init(client: Int32, server: Int32) {
    self.client = client
    self.server = server
  }

  deinit {
    close(client)
    close(server)
  }

  /// Ends both directions; whoever reads from it wakes up.
  func end() {
    hasEnded.withLock { $0 = true }
    shutdown(client, Int32(SHUT_RDWR))
    shutdown(server, Int32(SHUT_RDWR))
  }

  static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }
}

/// Threads for calls that block for as long as a connection lives.
private enum Thread {
  static func detach(_ work: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "faults.proxy").async(execute: work)
  }
}

extension [UInt8] {
  /// True where the bytes stand in here in a row.
  func contains(subsequence bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, count >= bytes.count else { return false }
    return (0...(count - bytes.count)).contains {
      self[$0] == first && self[$0..<($0 + bytes.count)].elementsEqual(bytes)
    }
  }
}
