import Compression
import Crypto
import Domain
import Exports
import Integrity

extension ArchiveWriter {
  /// Writes the segment at hand with its personal file, and takes it into the manifest in the place of a shorter one.
  func writeSegment() throws {
    guard let recordedAt else { preconditionFailure("a segment has an event") }
    if dictionary == nil { try trainDictionary() }
    let text = segment.text(header: [
      "format": .text("daybook-segment-1"), "ledger": .text(manifest.ledger), "first": .integer(segmentStart),
      "last": .integer(position),
    ])
    let file = try compress(text)
    let digest = SHA256Digest.hash(file)
    try DurableFile.write(file, to: folder.segmentPath(digest))
    let entries = personal.map { (offset: $0.position - segmentStart, part: $0.part, salt: $0.salt) }
    let persons = tokens.isEmpty ? [] : try names(tokens.sorted())
    try writePersonal(entries, persons, of: digest, first: segmentStart, last: position, dictionary?.value)
    if let last = manifest.segments.last, last.first == segmentStart {
      manifest.segments.removeLast()
      superseded.append(last.sha256)
    }
    superseded.removeAll { $0 == digest }
    manifest.segments.append(
      ExportManifest.Segment(
        first: segmentStart, last: position, sha256: digest, bytes: Int64(file.count), dictionary: dictionary?.sha256,
        root: edge.root, recordedAt: recordedAt))
  }

  /// Writes the personal file of a segment, or removes it where nothing is left to stand in it.
  func writePersonal(
    _ entries: [(offset: Int64, part: [UInt8], salt: [UInt8])], _ persons: [SegmentContents.Person],
    of digest: [UInt8], first: Int64, last: Int64,
    _ dictionary: ZstandardDictionary?
  ) throws {
    let path = folder.personalPath(digest)
    if entries.isEmpty && persons.isEmpty { return DurableFile.remove(path) }
    var text = SegmentText()
    for entry in entries { text.append(SegmentRecord.personal(entry.part, salt: entry.salt, offset: entry.offset)) }
    for person in persons { text.append(SegmentRecord.person(person)) }
    let bytes = text.text(header: [
      "format": .text("daybook-personal-1"), "ledger": .text(manifest.ledger), "segment": .text(Hex.string(digest)),
      "first": .integer(first), "last": .integer(last),
    ])
    // Only its owner and group may read who the events are about.
    try DurableFile.write(
      try Zstandard.compress(
        bytes, level: form.level, shortestMatch: form.shortestMatch, dictionary: dictionary), to: path, mode: 0o640)
  }

  private func compress(_ text: [UInt8]) throws -> [UInt8] {
    guard text.count <= ExportLimits.segmentText else {
      throw ArchiveError(.corrupt, "the text of a segment is beyond what readers take")
    }
    return try Zstandard.compress(
      text, level: form.level, shortestMatch: form.shortestMatch, dictionary: dictionary?.value)
  }

  /// Goes on with the dictionary that the last segment was made with.
  func openDictionary() throws {
    guard let digest = manifest.segments.last(where: { $0.dictionary != nil })?.dictionary else { return }
    do { dictionary = (digest, try folder.dictionary(digest)) } catch {
      throw ArchiveError(.corrupt, error.detail)
    }
  }

  /// Trains on data and conclusions alone: nothing of a person may stand where no erasure reaches.
  private func trainDictionary() throws {
    var texts: [[UInt8]] = []
    for start in stride(from: 0, to: samples.count, by: 16) {
      var text = SegmentText()
      for sample in samples[start..<min(start + 16, samples.count)] { text.append(sample) }
      texts.append(text.text(header: [:]))
    }
    guard let trained = ZstandardDictionary.train(texts, size: form.dictionaryBytes) else { return }
    let digest = SHA256Digest.hash(trained.bytes)
    try DurableFile.write(trained.bytes, to: folder.dictionaryPath(digest))
    (dictionary, samples) = ((digest, trained), [])
  }
}
