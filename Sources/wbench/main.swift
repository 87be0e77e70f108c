import Domain
import Foundation
import Log
import Postgres
import Service

func body(_ n: Int) -> [UInt8] {
  var out = "["
  for i in 0..<500 {
    let id = UUIDv7.text(milliseconds: Int64(Date().timeIntervalSince1970 * 1000), random: (0..<10).map { _ in UInt8.random(in: 0...255) })
    if i > 0 { out += "," }
    out += """
      {"specversion":"1.0","id":"\(id)","source":"/bench","type":"completion.recorded","subject":"call/\(id)","time":"2026-11-16T18:15:46.680590Z","data":{"operation":"chat_message","model":"deepseek","provider":"deepseek","attempt":1,"status":"ok","usage":{"input_tokens":\(374 + i),"output_tokens":44},"usage_source":"provider","latency_ms":1234,"user":"user-\(i % 100)","team":"core"}}
      """
  }
  return Array((out + "]").utf8)
}
let url = CommandLine.arguments[1]
let settings = ConnectionSettings(url: url)
let c = try Connection(settings)
_ = try Migrator.migrate(c)
try LedgerRows.create(c, "main")
let writer = LedgerWriter(ledger: "main", settings: settings, zones: { _ in .utc })
let who = Principal(key: "svc", kind: .service, owner: "o", roles: [.service])
let bodies = (0..<400).map(body)
let parse = ContinuousClock.now
for b in bodies.prefix(50) { _ = try CloudEvents.read(batch: b) }
print("parse µs/event", Double((ContinuousClock.now - parse) / Duration.microseconds(1)) / 25000)
let start = ContinuousClock.now
await withTaskGroup(of: Void.self) { group in
  for lane in 0..<4 {
    group.addTask {
      for i in stride(from: lane, to: 400, by: 4) {
        do { _ = try await writer.append(try CloudEvents.read(batch: bodies[i]), by: who, bytes: bodies[i].count) } catch { print(error) }
      }
    }
  }
}
let t = Double((ContinuousClock.now - start) / Duration.microseconds(1)) / 1e6
print("events/s", 200_000 / t)
await writer.close()
// copy baseline
let data = try c.execute("SELECT count(*) FROM daybook.events")
print(data.int64(0, 0))
try c.script("CREATE TABLE IF NOT EXISTS ev2 (LIKE daybook.events INCLUDING ALL)")
