import Foundation
import Postgres
import TestKit
import Testing

@Suite struct PrivateClusterTests {
  @Test func `what was committed is there after a crash, a stop and a start`() async throws {
    let own = TestCluster.own(options: PrivateClusterOptions())
    defer { own.remove() }
    let cluster = own.cluster
    let first = try #require(cluster.processID)
    try Connection(own.settings()).script("CREATE TABLE t (n int8); INSERT INTO t VALUES (7)")
    cluster.kill()
    #expect(!cluster.isRunning)
    try cluster.start()
    #expect(cluster.processID != first)
    #expect(try Connection(own.settings()).execute("SELECT n FROM t").int64(0, 0) == 7)
    // Starting what runs and stopping what does not are nothing.
    try cluster.start()
    try cluster.stop()
    try cluster.stop()
    #expect(!cluster.isRunning)
    let error = #expect(throws: PostgresError.self) { _ = try Connection(cluster.settings()) }
    #expect(error?.code == .connectFailed)
    try cluster.start()
    #expect(try cluster.createDatabase(named: "daybook"))
    #expect(try !cluster.createDatabase(named: "daybook"))
    try cluster.stop(.immediate)
  }

  @Test func `a pid file that names another program does not keep the server from starting`() async throws {
    let own = TestCluster.own()
    defer { own.remove() }
    try own.cluster.stop()
    // As after a restart of the machine, when our own number was given to the server before.
    let stale = "\(getpid())\n\(own.cluster.folder)/data\n1\n5432\n\n\n\n"
    try stale.write(toFile: "\(own.cluster.folder)/data/postmaster.pid", atomically: false, encoding: .utf8)
    #expect(!own.cluster.isRunning)
    try own.cluster.start()
    #expect(own.cluster.isRunning)
  }

  @Test func `a folder with a long name gets its socket elsewhere, and names may hold anything`() throws {
    let name = "daybook-test-long name % ü \(getpid())"
    let top = "/tmp/\(name)"
    let folder = "\(top)/\(String(repeating: "x", count: 120))"
    let cluster = PrivateCluster(folder: folder, options: .forTests)
    defer {
      cluster.kill()
      try? FileManager.default.removeItem(atPath: top)
    }
    try cluster.start()
    #expect(try Connection(cluster.settings()).execute("SELECT 1::int8").int64(0, 0) == 1)
    let rows = try Connection(cluster.settings()).execute(
      """
      SELECT current_setting('listen_addresses'), current_setting('data_checksums'), current_setting('server_encoding'),
        current_user::text
      """)
    #expect((0..<4).map { rows.string(0, $0) } == ["", "on", "UTF8", "daybook"])
    let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
    #expect(mode == 0o700)
    try cluster.stop()
  }

  @Test func `a folder that cannot be made says so`() {
    let cluster = PrivateCluster(folder: "/proc/daybook")
    #expect(throws: PrivateClusterError.self) { try cluster.start() }
  }
}
