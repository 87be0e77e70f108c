internal import Glibc

/// A numeric address to bind.
struct ListenAddress {
  private var storage = sockaddr_storage()
  private var length: socklen_t
  private(set) var family: Int32

  /// Reads `127.0.0.1`, `::1`, `[::1]`, `0.0.0.0`, `::` or `localhost` (the IPv4 one).
  init(host: String, port: Int) throws(HTTPError) {
    guard (0...65535).contains(port) else { throw HTTPError(.address, "port \(port) is not within 0…65535") }
    var text = host == "localhost" ? "127.0.0.1" : host
    if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
    var v4 = sockaddr_in()
    var v6 = sockaddr_in6()
    if inet_pton(AF_INET, text, &v4.sin_addr) == 1 {
      v4.sin_family = sa_family_t(AF_INET)
      v4.sin_port = in_port_t(port).bigEndian
      family = AF_INET
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: v4, as: sockaddr_in.self) }
    } else if inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 {
      v6.sin6_family = sa_family_t(AF_INET6)
      v6.sin6_port = in_port_t(port).bigEndian
      family = AF_INET6
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: v6, as: sockaddr_in6.self) }
    } else {
      throw HTTPError(.address, "\"\(host)\" is not a numeric address such as 127.0.0.1 or ::1")
    }
  }

  /// Opens a listening socket there; answers it and the real port.
  func listen(backlog: Int32) throws(HTTPError) -> (socket: Int32, port: Int) {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure("open a socket") }
    do throws(HTTPError) {
      var on: Int32 = 1
      var off: Int32 = 0
      let size = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
      if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, size) }
      guard withAddress({ bind(descriptor, $0, $1) }) == 0 else { throw Self.failure("listen there") }
      guard Glibc.listen(descriptor, backlog) == 0 else { throw Self.failure("listen there") }
      return (descriptor, try Self.port(of: descriptor))
    } catch {
      close(descriptor)
      throw error
    }
  }

  private func withAddress<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  private static func port(of descriptor: Int32) throws(HTTPError) -> Int {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { throw failure("ask for the port") }
    // Both families keep the port in the same place, after the family.
    return withUnsafeBytes(of: storage) {
      Int(UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
    }
  }

  private static func failure(_ what: String) -> HTTPError {
    HTTPError(.address, "cannot \(what): \(String(cString: strerror(errno)))")
  }
}
