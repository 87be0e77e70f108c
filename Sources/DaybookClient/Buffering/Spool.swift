/// Events that wait on disk, in segment files of a folder that one process at a time may hold.
///
/// An event is in exactly one of three states: in a segment and waiting, in a segment and settled, or gone because its
/// whole segment was settled, or nothing waits any more. Order of files and of bytes is the order of delivery.
final class Spool: EventQueue {
  private let folder: String
  private let header: [UInt8]
  private let segmentBytes: Int
  private let isSynchronised: Bool
  private let lock: SpoolFile
  private let progressFile: SpoolFile
  private let refusedFile: SpoolFile
  private var refusedBytes: Int

  /// The segments in order; the last one is written to.
  private var segments: [SpoolSegment] = []
  private var nextNumber: UInt64
  private(set) var pending = 0

  /// Events that were read and wait; the first belongs to `segments[0]`, whose first `settled` events are settled.
  private var window: [WaitingEvent] = []
  private var windowStart = 0
  private var readPlace = ReadPlace(segment: 0, offset: 0)

  /// An event and the place right behind it.
  private struct WaitingEvent {
    var bytes: [UInt8]
    var after: SpoolProgress
  }

  /// Where reading goes on: a segment of `segments` and the offset of a frame.
  private struct ReadPlace {
    var segment: Int
    var offset: Int
  }

  /// Opens a folder, and makes it where it is missing.
  ///
  /// - Throws: ``DaybookError``: `spoolInUse`, `spoolCorrupt` with file and offset, `spoolFailed`; `configuration` where
  ///   the spool belongs to another ledger.
  init(folder: String, ledger: String, segmentBytes: Int, isSynchronised: Bool) throws(DaybookError) {
    self.folder = folder
    self.segmentBytes = segmentBytes
    self.isSynchronised = isSynchronised
    header = SpoolSegment.header(ledger: ledger)
    try SpoolFile.makeFolder(folder)
    lock = try SpoolFile(folder + "/lock")
    try lock.lock()
    progressFile = try SpoolFile(folder + "/progress")
    refusedFile = try SpoolFile(folder + "/refused.ndjson")
    refusedBytes = try refusedFile.size()
    let progress =
      SpoolProgress(try progressFile.read(at: 0, count: SpoolProgress.bytes))
      ?? SpoolProgress(segment: 0, offset: 0, events: 0)
    nextNumber = progress.segment + 1
    let numbers = try SpoolFile.names(in: folder).compactMap(SpoolSegment.number(ofName:)).sorted()
    for number in numbers {
      let path = SpoolSegment.path(folder, number)
      nextNumber = max(nextNumber, number + 1)
      if number < progress.segment {
        try SpoolFile.remove(path)
        continue
      }
      if let segment = try SpoolSegment.recover(
        path, number: number, header: header, isLast: number == numbers.last,
        settledThrough: number == progress.segment ? progress : nil)
      {
        if number == progress.segment, UInt64(segment.firstOffset) != progress.offset {
          // The machine lost what the place was in. Events that are added now may grow up to that very place, and would
          // be taken for settled at the next start.
          try progressFile.write(
            SpoolProgress(segment: number, offset: UInt64(segment.firstOffset), events: 0).encoded, at: 0)
        }
        segments.append(segment)
        pending += segment.events - segment.settled
      }
    }
    if let first = segments.first { readPlace.offset = first.firstOffset }
    skip = segments.first?.skippedInFrame ?? 0
  }

  /// Events of the first frame to be read that are settled already.
  private var skip: Int

  var bytes: Int { segments.reduce(refusedBytes) { $0 + $1.size } }

  func append(_ events: [[UInt8]]) throws(DaybookError) {
    let frame = SpoolFrame.encode(events)
    if segments.isEmpty || segments[segments.count - 1].size + frame.count > segmentBytes,
      segments.last?.events != 0
    {
      try startSegment()
    }
    let last = segments.count - 1
    do {
      try segments[last].file.write(frame, at: segments[last].size)
      if isSynchronised { try segments[last].file.synchronise() }
    } catch {
      // What was not acknowledged must not be delivered later either.
      try? segments[last].file.truncate(to: segments[last].size)
      throw error
    }
    segments[last].size += frame.count
    segments[last].events += events.count
    pending += events.count
  }

  private func startSegment() throws(DaybookError) {
    if let last = segments.last { try last.file.synchronise() }
    let file = try SpoolFile(SpoolSegment.path(folder, nextNumber))
    try file.write(header, at: 0)
    if isSynchronised {
      try file.synchronise()
      try SpoolFile.synchroniseFolder(folder)
    }
    segments.append(
      SpoolSegment(file: file, number: nextNumber, size: header.count, firstOffset: header.count))
    nextNumber += 1
    if segments.count == 1 { readPlace = ReadPlace(segment: 0, offset: header.count) }
  }

  func first(events count: Int, bytes bound: Int) throws(DaybookError) -> [[UInt8]] {
    var batch: [[UInt8]] = []
    var size = 0
    while batch.count < count {
      let place = windowStart + batch.count
      if place == window.count {
        guard try readFrame() else { break }
        continue
      }
      size += window[place].bytes.count + 1
      if !batch.isEmpty, size > bound { break }
      batch.append(window[place].bytes)
    }
    return batch
  }

  /// Reads the next frame into the window; false where there is none.
  private func readFrame() throws(DaybookError) -> Bool {
    while readPlace.segment < segments.count {
      let segment = segments[readPlace.segment]
      guard readPlace.offset < segment.size else {
        guard readPlace.segment + 1 < segments.count else { return false }
        readPlace = ReadPlace(segment: readPlace.segment + 1, offset: header.count)
        continue
      }
      let offset = readPlace.offset
      let (events, next) = try segment.frame(at: offset)
      for (index, event) in events.enumerated() where index >= skip {
        let isLast = index == events.count - 1
        window.append(
          WaitingEvent(
            bytes: event,
            after: SpoolProgress(
              segment: segment.number, offset: UInt64(isLast ? next : offset),
              events: isLast ? 0 : UInt64(index + 1))))
      }
      skip = 0
      readPlace.offset = next
      return true
    }
    return false
  }

  func settle(_ count: Int) throws(DaybookError) {
    guard count > 0 else { return }
    precondition(windowStart + count <= window.count, "only what was read can be settled")
    for place in windowStart..<windowStart + count {
      if let index = segments.firstIndex(where: { $0.number == window[place].after.segment }) {
        segments[index].settled += 1
      }
    }
    let after = window[windowStart + count - 1].after
    windowStart += count
    if windowStart * 2 >= window.count {
      window.removeFirst(windowStart)
      windowStart = 0
    }
    pending -= count
    try progressFile.write(after.encoded, at: 0)
    try removeSettledSegments()
    if pending == 0 { try emptySettledSegment() }
  }

  /// Takes what was delivered off the disk once nothing waits: it may hold what the ledger is asked to erase.
  private func emptySettledSegment() throws(DaybookError) {
    guard segments.count == 1, segments[0].size > header.count, segments[0].settled == segments[0].events else {
      return
    }
    try segments[0].file.truncate(to: header.count)
    (segments[0].size, segments[0].events, segments[0].settled) = (header.count, 0, 0)
    (segments[0].firstOffset, segments[0].skippedInFrame) = (header.count, 0)
    (window, windowStart, readPlace) = ([], 0, ReadPlace(segment: 0, offset: header.count))
    // Before anything is added: a lost place would be one in the middle of what comes, and that would be skipped.
    try progressFile.write(
      SpoolProgress(segment: segments[0].number, offset: UInt64(header.count), events: 0).encoded, at: 0)
    if isSynchronised { try progressFile.synchronise() }
  }

  private func removeSettledSegments() throws(DaybookError) {
    while let first = segments.first, first.settled == first.events,
      segments.count > 1 || first.size > segmentBytes / 8
    {
      try SpoolFile.remove(first.file.path)
      segments.removeFirst()
      if readPlace.segment > 0 {
        readPlace.segment -= 1
      } else {
        readPlace = ReadPlace(segment: 0, offset: header.count)
      }
    }
  }

  func refuse(_ event: RefusedEvent) throws(DaybookError) {
    let line = event.line
    try refusedFile.write(line, at: refusedBytes)
    try refusedFile.synchronise()
    refusedBytes += line.count
  }

  func close() {
    if pending == 0 {
      for segment in segments { try? SpoolFile.remove(segment.file.path) }
      segments = []
    } else {
      try? progressFile.synchronise()
    }
  }
}
