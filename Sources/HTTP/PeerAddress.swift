internal import CMicrohttpd
internal import Glibc

/// Numeric text of socket addresses.
enum PeerAddress {
  /// `127.0.0.1`, `::1`; IPv4 seen through an IPv6 socket in IPv4 form; empty when unknown.
  static func text(_ address: UnsafePointer<sockaddr>?) -> String {
    guard let address else { return "" }
    let raw = UnsafeRawPointer(address)
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      var ip = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
      return text(AF_INET, &ip)
    case AF_INET6:
      var ip = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      let long = text(AF_INET6, &ip)
      let mapped = "::ffff:"
      return long.hasPrefix(mapped) && long.contains(".") ? String(long.dropFirst(mapped.count)) : long
    default:
      return ""
    }
  }

  private static func text(_ family: Int32, _ ip: UnsafeRawPointer) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      guard let base = buffer.baseAddress, inet_ntop(family, ip, base, socklen_t(buffer.count)) != nil else {
        return ""
      }
      return String(cString: base)
    }
  }
}
