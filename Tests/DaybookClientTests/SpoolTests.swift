import Domain
import Testing

@testable import DaybookClient

@Suite
struct SpoolTests {
  @Test("CRC-32 agrees with the known answers of its catalogue, at every alignment")
  func checksum() {
    #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
    #expect(CRC32.checksum(Array("The quick brown fox jumps over the lazy dog".utf8)) == 0x414F_A339)
    let bytes = (0..<100).map { UInt8($0) }
    for from in 0..<9 { #expect(CRC32.checksum(bytes[from...]) == slow(Array(bytes[from...]))) }
  }

  /// The definition, bit by bit.
  private func slow(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  @Test(
    "A seeded life of a spool, with restarts at any moment, gives each event once and in order", arguments: 1...12)
  func life(seed: Int) throws {
    let folder = SpoolFolder()
    var random = SeededRandom(seed)
    var current: Spool?
    var added = 0
    var settled = 0
    for _ in 0..<400 {
      let spool = try current ?? folder.spool(segmentBytes: 2000)
      current = spool
      switch random.next() % 10 {
      case 0...3:
        let count = Int(random.next() % 12) + 1
        try spool.append((added..<added + count).map(text))
        added += count
      case 4...8:
        let batch = try spool.first(events: Int(random.next() % 15) + 1, bytes: 300)
        #expect(batch.isEmpty == (added == settled))
        #expect(batch == (settled..<settled + batch.count).map(text), "seed \(seed)")
        let count = batch.isEmpty ? 0 : Int(random.next() % UInt64(batch.count + 1))
        try spool.settle(count)
        settled += count
      case 9 where random.next() % 2 == 0:
        // As after a crash: nothing is closed; the next round opens what is there.
        current = nil
      default:
        spool.close()
        current = nil
      }
      #expect(spool.pending == added - settled, "seed \(seed)")
      #expect(spool.bytes <= (added - settled) * 40 + 6000, "settled segments are removed")
    }
  }

  @Test("Wherever a write was cut off, all that was durable before is there, and nothing else")
  func tornTail() throws {
    let original = SpoolFolder()
    var whole = 0
    do {
      let spool = try original.spool()
      try spool.append([text(1), text(2)])
      try spool.append([text(3)])
      whole = original.read(original.segments[0]).count
      try spool.append([text(4), text(5), text(6)])
    }
    let name = original.segments[0]
    let bytes = original.read(name)
    for cut in whole..<bytes.count {
      let folder = SpoolFolder()
      try folder.write(name, Array(bytes[..<cut]))
      let spool = try folder.spool()
      #expect(try spool.first(events: 10, bytes: 1000) == [text(1), text(2), text(3)], "cut at \(cut)")
      #expect(folder.read(name).count == whole)
      try spool.append([text(7)])
      #expect(try spool.first(events: 10, bytes: 1000) == [1, 2, 3, 7].map(text), "cut at \(cut)")
    }
    // Blocks that were allocated but not written read as zeros.
    for cut in whole..<bytes.count {
      let folder = SpoolFolder()
      try folder.write(name, Array(bytes[..<cut]) + [UInt8](repeating: 0, count: bytes.count - cut))
      #expect(try folder.spool().first(events: 10, bytes: 1000) == [1, 2, 3].map(text), "zeros from \(cut)")
    }
    // A file that was only just begun.
    let header = SpoolSegment.header(ledger: "main")
    for cut in 0..<header.count {
      let folder = SpoolFolder()
      try folder.write(name, Array(bytes[..<cut]))
      #expect(try folder.spool().pending == 0)
    }
  }

  @Test("A byte that changed under what was durable is named with file and offset, wherever it is")
  func corruption() throws {
    let original = SpoolFolder()
    do {
      let spool = try original.spool()
      try spool.append([text(1), text(2)])
      try spool.append([text(3)])
    }
    let name = original.segments[0]
    let bytes = original.read(name)
    let header = SpoolSegment.header(ledger: "main").count
    let last = SpoolFrame.encode([text(3)]).count
    for place in 0..<bytes.count - last {
      let folder = SpoolFolder()
      var changed = bytes
      changed[place] ^= 0x10
      try folder.write(name, changed)
      let error = #expect(throws: DaybookError.self) { try folder.spool() }
      if place >= header {
        #expect(error?.code == .spoolCorrupt, "byte \(place)")
        #expect(error?.message.contains("\(name) is damaged at byte \(header)") == true)
      } else {
        #expect(error?.code == .spoolCorrupt || error?.code == .configuration, "byte \(place)")
      }
    }
  }

  @Test("Progress that is lost, old or damaged costs nothing but repetition")
  func progress() throws {
    let folder = SpoolFolder()
    var spool: Spool? = try folder.spool()
    try spool?.append((1...5).map(text))
    _ = try spool?.first(events: 3, bytes: 1000)
    try spool?.settle(3)
    spool = nil
    spool = try folder.spool()
    #expect(try spool?.first(events: 9, bytes: 1000) == [4, 5].map(text))
    spool = nil
    for damage in [[], [1, 2, 3], [UInt8](repeating: 7, count: 32)] as [[UInt8]] {
      try folder.write("progress", damage)
      spool = try folder.spool()
      #expect(try spool?.first(events: 9, bytes: 1000) == (1...5).map(text))
      spool = nil
    }
  }

  @Test("What is added where the machine lost settled events is not taken for settled")
  func lostTail() throws {
    let folder = SpoolFolder()
    var spool: Spool? = try folder.spool()
    try spool?.append([text(1)])
    let kept = folder.read(folder.segments[0])
    try spool?.append([text(2)])
    try spool?.append([text(9)])
    _ = try spool?.first(events: 2, bytes: 1000)
    try spool?.settle(2)
    spool = nil
    // A power cut: the progress reached the disk, the last frame did not.
    try folder.write(folder.segments[0], kept)
    spool = try folder.spool()
    try spool?.append([text(3)])
    spool = nil
    spool = try folder.spool()
    #expect(
      try spool?.first(events: 9, bytes: 1000) == [1, 3].map(text), "1 again, which changes nothing; 3 is not lost")
  }

  @Test("A spool is held by one at a time and serves one ledger")
  func holders() throws {
    let folder = SpoolFolder()
    var spool: Spool? = try folder.spool()
    try spool?.append([text(1)])
    let error = #expect(throws: DaybookError.self) { try folder.spool() }
    #expect(error?.code == .spoolInUse)
    spool = nil
    let other = #expect(throws: DaybookError.self) { try folder.spool(ledger: "other") }
    #expect(other?.code == .configuration)
    #expect(try folder.spool().pending == 1)
  }

  @Test("A spool that was delivered whole leaves no segment behind, and numbers go on")
  func emptied() throws {
    let folder = SpoolFolder()
    for round in 0..<3 {
      let spool = try folder.spool()
      try spool.append([text(round)])
      #expect(try spool.first(events: 5, bytes: 100) == [text(round)])
      try spool.settle(1)
      spool.close()
      #expect(folder.segments.isEmpty)
    }
  }

  @Test("What was delivered is off the disk as soon as nothing waits, whatever ends the process then")
  func delivered() throws {
    let folder = SpoolFolder()
    var spool: Spool? = try folder.spool()
    for round in 0..<3 {
      try spool?.append([Array("alice \(round)".utf8), Array("bob".utf8)])
      _ = try spool?.first(events: 2, bytes: 1000)
      try spool?.settle(1)
      #expect(folder.read(folder.segments[0]).count > 40)
      try spool?.settle(1)
      let left = folder.segments.map { String(decoding: folder.read($0), as: UTF8.self) }.joined()
      #expect(!left.contains("alice") && !left.contains("bob"))
      if round == 1 { spool = nil }
      if round == 1 { spool = try folder.spool() }
      #expect(spool?.pending == 0)
    }
    try spool?.append([text(4)])
    spool = nil
    #expect(try folder.spool().first(events: 9, bytes: 1000) == [text(4)])
  }

  @Test("Refused events are kept as lines of JSON with the reason")
  func refused() throws {
    let folder = SpoolFolder()
    let spool = try folder.spool()
    let reason = DaybookError(
      .invalid, "no", status: 422, problemType: "/problems/invalid",
      faults: [ValidationFault(pointer: "/data/x", code: "type", detail: "an integer")])
    try spool.refuse(
      RefusedEvent(event: Array(#"{"id":"a"}"#.utf8), reason: reason, time: Timestamp(microseconds: 0)))
    let line = String(decoding: folder.read("refused.ndjson"), as: UTF8.self)
    #expect(line.hasSuffix("\"event\":{\"id\":\"a\"}}\n"))
    let json = try JSONDocument(Array(line.utf8)).root
    #expect(json["status"]?.integer == 422)
    #expect(json["errors"]?.elements.first?["pointer"]?.string == "/data/x")
  }
}

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
