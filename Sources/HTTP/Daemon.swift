internal import CMicrohttpd
internal import Glibc

/// libmicrohttpd's daemon: threads that talk to the sockets it is given.
///
/// `@unchecked Sendable`: the stored pointers never change; `add` is thread-safe in the library; `stop` is called
/// once, after the last `add` returned.
final class Daemon: @unchecked Sendable {
  private let pointer: OpaquePointer
  private let settings: UnsafeMutablePointer<daybook_mhd_settings>
  private let core: Unmanaged<ServerCore>
  private let log: Unmanaged<LibraryLog>

  /// Memory of one connection: header, and what is read or sent at a time.
  private static let connectionMemoryBytes = 64 << 10
  /// TLS 1.2 and newer (RFC 9325).
  private static let tlsPriorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

  /// Starts the threads.
  init(_ core: ServerCore) throws(HTTPError) {
    let configuration = core.configuration
    try Self.checkTLS(configuration)
    let heldCore = Unmanaged.passRetained(core)
    let heldLog = Unmanaged.passRetained(LibraryLog())
    let settings = UnsafeMutablePointer<daybook_mhd_settings>.allocate(capacity: 1)
    settings.initialize(to: daybook_mhd_settings())
    settings.pointee.flags = daybook_mhd_flags(configuration.tlsCertificate == nil ? 0 : 1)
    settings.pointee.threads = UInt32(clamping: configuration.threads)
    // The accepting thread keeps the bound; the library's own only backs it up, as it closes what is beyond.
    // The library shares its own limit out among its threads and, in 0.9.75, leaves a lock behind when one thread reaches its
    // share. Ours is the only limit that counts: each thread could take all of it.
    settings.pointee.connections = UInt32(clamping: (configuration.maxConnections + 64) * configuration.threads)
    settings.pointee.idle_seconds = UInt32(clamping: configuration.idleTimeout.wholeSecondsUp)
    settings.pointee.connection_memory = max(Self.connectionMemoryBytes, 2 * configuration.maxHeaderBytes)
    settings.pointee.certificate = Self.copy(configuration.tlsCertificate)
    settings.pointee.key = Self.copy(configuration.tlsKey)
    settings.pointee.priorities = Self.copy(Self.tlsPriorities)
    settings.pointee.context = heldCore.toOpaque()
    settings.pointee.access = requestAccess
    settings.pointee.completed = requestCompleted
    settings.pointee.connected = connectionChanged
    settings.pointee.target = requestLine
    settings.pointee.unescape = leaveEscaped
    settings.pointee.log = libraryLine
    settings.pointee.log_context = heldLog.toOpaque()

    self.settings = settings
    self.core = heldCore
    log = heldLog
    guard let pointer = daybook_mhd_start(settings) else {
      let said = heldLog.takeUnretainedValue().text
      Self.free(settings, heldCore, heldLog)
      throw HTTPError(
        configuration.tlsCertificate == nil ? .daemon : .tls,
        said.isEmpty ? "the HTTP library did not start" : said)
    }
    self.pointer = pointer
  }

  /// Gives the daemon an accepted socket, which it owns from now on; false when it closed it at once.
  func add(socket: Int32, address: UnsafePointer<sockaddr>, length: socklen_t) -> Bool {
    MHD_add_connection(pointer, socket, address, length) == .YES
  }

  /// Closes every connection and ends the threads; blocks until they ended. No connection may sleep.
  func stop() {
    MHD_stop_daemon(pointer)
    Self.free(settings, core, log)
  }

  private static func checkTLS(_ configuration: HTTPServer.Configuration) throws(HTTPError) {
    switch (configuration.tlsCertificate, configuration.tlsKey) {
    case (nil, nil):
      return
    case (let certificate?, let key?):
      guard MHD_is_feature_supported(.FEATURE_TLS) == .YES else {
        throw HTTPError(.tls, "this libmicrohttpd was built without TLS")
      }
      guard certificate.contains("-----BEGIN CERTIFICATE-----") else {
        throw HTTPError(.tls, "the certificate is not PEM text with a CERTIFICATE in it")
      }
      guard key.contains("PRIVATE KEY-----") else {
        throw HTTPError(.tls, "the key is not PEM text with a PRIVATE KEY in it")
      }
    default:
      throw HTTPError(.tls, "TLS needs both a certificate and a key")
    }
  }

  private static func copy(_ text: String?) -> UnsafePointer<CChar>? {
    guard let text else { return nil }
    return UnsafePointer(strdup(text))
  }

  private static func free(
    _ settings: UnsafeMutablePointer<daybook_mhd_settings>, _ core: Unmanaged<ServerCore>,
    _ log: Unmanaged<LibraryLog>
  ) {
    for text in [settings.pointee.certificate, settings.pointee.key, settings.pointee.priorities] {
      Glibc.free(UnsafeMutablePointer(mutating: text))
    }
    settings.deallocate()
    core.release()
    log.release()
  }
}

extension Duration {
  /// Whole seconds, rounded up.
  fileprivate var wholeSecondsUp: Int64 {
    components.seconds + (components.attoseconds > 0 ? 1 : 0)
  }
}
