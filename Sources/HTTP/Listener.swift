internal import Glibc
import Synchronization

/// The thread that accepts connections and hands them to the daemon.
///
/// Accepting is ours, not the library's: its quiescing of a listening thread pool can end in its panic, and what is
/// beyond the bound of connections is to wait rather than to be closed.
final class Listener: Sendable {
  private let socket: Int32
  private let daemon: Daemon
  private let core: ServerCore
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<pthread_t?>(nil)

  /// Takes over a listening socket.
  init(socket: Int32, daemon: Daemon, core: ServerCore) {
    self.socket = socket
    self.daemon = daemon
    self.core = core
  }

  func start() throws(HTTPError) {
    let held = Unmanaged.passRetained(self)
    var handle = pthread_t()
    guard pthread_create(&handle, nil, acceptConnections, held.toOpaque()) == 0 else {
      held.release()
      close(socket)
      throw HTTPError(.daemon, "cannot start the accepting thread")
    }
    thread.withLock { $0 = handle }
  }

  /// Refuses new connections and ends the thread; blocks until it ended.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    // On Linux this makes a waiting accept return and the kernel refuse whoever knocks.
    shutdown(socket, Int32(SHUT_RDWR))
    guard let handle = thread.withLock({ $0.take() }) else { return }
    pthread_join(handle, nil)
    close(socket)
  }

  /// The thread's work.
  fileprivate func run() {
    while !isStopping.load(ordering: .relaxed) {
      if core.connections.current >= core.configuration.maxConnections {
        usleep(2_000)
        continue
      }
      acceptOne()
    }
  }

  private func acceptOne() {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let peer = accept(socket, address, &length)
        if peer < 0 {
          // Out of descriptors or memory: somebody has to leave first.
          if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) { usleep(50_000) }
          return
        }
        _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
        core.connections.opened()
        if !daemon.add(socket: peer, address: address, length: length) { core.connections.closed() }
      }
    }
  }
}

/// The thread's entry.
private func acceptConnections(_ listener: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let listener else { return nil }
  Unmanaged<Listener>.fromOpaque(listener).takeRetainedValue().run()
  return nil
}
