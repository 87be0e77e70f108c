import Glibc

/// What the process takes of the machine, read from the kernel when asked.
struct ProcessMetrics: Sendable {
  private let start = ContinuousClock.now
  /// Seconds since 1970 when the process began to count.
  private let startSeconds = Double(time(nil))

  init() {}

  /// Named as Prometheus's own client libraries do.
  var gauges: [(name: String, help: String, value: Double)] {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    var list: [(name: String, help: String, value: Double)] = [
      ("process_start_time_seconds", "When the service started, in seconds since 1970.", startSeconds),
      ("daybook_uptime_seconds", "How long the service has run.", Double(seconds) + Double(attoseconds) / 1e18),
    ]
    if let bytes = Self.residentBytes {
      list.append(("process_resident_memory_bytes", "Resident memory of the process.", Double(bytes)))
    }
    if let count = Self.openDescriptors {
      list.append(("process_open_fds", "Open file descriptors of the process.", Double(count)))
    }
    return list
  }

  /// The second number of `/proc/self/statm`, in pages.
  private static var residentBytes: Int? {
    guard let file = fopen("/proc/self/statm", "re") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Entries of `/proc/self/fd` but `.`, `..` and the one that reads them.
  private static var openDescriptors: Int? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return max(0, count - 3)
  }
}
