import Glibc

/// The text of `daybook.conf`, which `postgresql.conf` includes.
struct ServerConfiguration {
  var socketFolder: String
  var logFolder: String
  var options: PrivateClusterOptions

  /// The lines, each setting with its reason where it has one.
  var text: String {
    var settings = [
      // Nobody but this machine, through the socket.
      "listen_addresses": "",
      "unix_socket_directories": socketFolder,
      "unix_socket_permissions": "0700",
      "port": "5432",
      "max_connections": "\(options.maxConnections)",
      "shared_buffers": "\(sharedBuffersMiB)MB",
      "effective_cache_size": "\(memoryMiB / 2)MB",
      "work_mem": "16MB",
      "maintenance_work_mem": "128MB",
      "max_wal_size": "4GB",
      // Files of the log that are kept to be used again: a new one holds all commits up while it is filled with zeros.
      "min_wal_size": "1GB",
      "checkpoint_timeout": "15min",
      // Acknowledged means durable.
      "synchronous_commit": "on",
      "fsync": "on",
      "full_page_writes": "on",
      // Statements here are short or posted in bulk; compiling them costs more than it saves.
      "jit": "off",
      "random_page_cost": "1.1",
      "timezone": "UTC",
      "log_timezone": "UTC",
      // Values stay out of the server's log: no statements, no DETAIL.
      "log_min_error_statement": "panic",
      "log_error_verbosity": "terse",
      "log_parameter_max_length_on_error": "0",
      // A week of logs, a file a day.
      "logging_collector": "on",
      "log_directory": logFolder,
      "log_filename": "postgres-%u.log",
      "log_rotation_age": "1d",
      "log_rotation_size": "0",
      "log_truncate_on_rotation": "on",
      "log_file_mode": "0600",
    ]
    if !options.isDurable { settings.merge(Self.withoutDurability) { $1 } }
    settings.merge(options.parameters) { $1 }
    return settings.sorted { $0.key < $1.key }.map { "\($0.key) = \(Self.quoted($0.value))\n" }.joined()
  }

  private static let withoutDurability = [
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "min_wal_size": "80MB",
    // Each test database is copied from a template and dropped soon: no time for vacuuming in between.
    "autovacuum_naptime": "5min",
    "logging_collector": "off",
  ]

  /// An eighth of memory between 64 MiB and 512 MiB: the rest is the system's page cache, and ours.
  private var sharedBuffersMiB: Int { min(512, max(64, memoryMiB / 8)) }

  private var memoryMiB: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let machine = pages > 0 ? (pages * sysconf(Int32(_SC_PAGESIZE))) >> 20 : 1024
    // A container has less than its machine.
    let container = Int(FileTail.read("/sys/fs/cgroup/memory.max").trimmedLine).map { $0 >> 20 }
    return min(machine, container ?? machine)
  }

  private static func quoted(_ value: String) -> String {
    "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
