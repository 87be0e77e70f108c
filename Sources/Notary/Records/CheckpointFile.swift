import Domain
import Glibc
import Integrity

/// The file of a ledger's checkpoints: a JSON object a line, only ever added to, on the disk before anything is published.
///
/// It stands outside the database, so that an older backup, or a log that was changed together with its tables, is found out.
/// A line is a series (`series, origin, verifier_key, reason, started_at`) or a checkpoint (`series, signed_at, note`).
public final class CheckpointFile {
  /// One line.
  public enum Line: Sendable {
    /// What follows is signed under this name and key.
    case series(CheckpointSeries)
    /// A checkpoint.
    case checkpoint(SignedCheckpoint)
    /// None of the two: the line was changed.
    case unreadable(String)
  }

  /// Bytes read from the end to find the last checkpoint.
  private static let tailBytes = 256 << 10

  /// Where it is.
  public let path: String
  private let descriptor: Int32

  /// The file of a ledger in a folder.
  public static func path(folder: String, ledger: String) -> String { "\(folder)/\(ledger).ndjson" }

  /// Opens the file, or makes it. What a crash left of a line is cut off: it was never published.
  ///
  /// - Throws: ``NotaryError`` `fileUnusable`.
  static func open(_ path: String) throws(NotaryError) -> CheckpointFile {
    do {
      if access(path, F_OK) != 0 { try DurableFile.create(path, []) }
      let descriptor = Glibc.open(path, O_RDWR | O_APPEND | O_CLOEXEC)
      guard descriptor >= 0 else { throw DurableFile.Failure("opening") }
      // Closed with it, however this goes on.
      let file = CheckpointFile(path, descriptor)
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw DurableFile.Failure("locking") }
      try file.cutOff()
      return file
    } catch { throw unusable(path, error) }
  }

  private init(_ path: String, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func unusable(_ path: String, _ error: any Error) -> NotaryError {
    NotaryError(.fileUnusable, "the file of checkpoints \(path): \(error)")
  }

  private func cutOff() throws(DurableFile.Failure) {
    let tail = try Self.tail(descriptor)
    guard let last = tail.bytes.last, last != 0x0A else { return }
    let end = tail.bytes.lastIndex(of: 0x0A).map { tail.offset + Int64($0) + 1 } ?? tail.offset
    guard ftruncate(descriptor, off_t(end)) == 0, fsync(descriptor) == 0 else {
      throw DurableFile.Failure("cutting off a torn line")
    }
  }

  /// Adds a line; it is on the disk when this returns.
  ///
  /// - Throws: ``NotaryError`` `fileUnusable`.
  func append(_ json: JSON) throws(NotaryError) {
    do {
      try DurableFile.write(descriptor, json.canonical + [0x0A])
      guard fsync(descriptor) == 0 else { throw DurableFile.Failure("syncing") }
    } catch { throw Self.unusable(path, error) }
  }

  /// The last series and checkpoint; nil where there is none in the last lines.
  func last() throws(NotaryError) -> (series: CheckpointSeries?, checkpoint: SignedCheckpoint?, isSound: Bool) {
    let tail: (offset: Int64, bytes: [UInt8])
    do { tail = try Self.tail(descriptor) } catch { throw Self.unusable(path, error) }
    var lines = tail.bytes.split(separator: 0x0A)
    // The first one may be cut by where the reading began.
    if tail.offset > 0 { lines.removeFirst() }
    var series: CheckpointSeries?
    var checkpoint: SignedCheckpoint?
    var isSound = true
    for line in lines {
      switch Self.line(Array(line)) {
      // A series starts by a person's word, which accepts what stands before it.
      case .series(let read): (series, checkpoint, isSound) = (read, nil, true)
      case .checkpoint(let read): checkpoint = read
      case .unreadable: isSound = false
      }
    }
    return (series, checkpoint, isSound)
  }

  private static func tail(_ descriptor: Int32) throws(DurableFile.Failure) -> (offset: Int64, bytes: [UInt8]) {
    let size = Int64(lseek(descriptor, 0, SEEK_END))
    guard size >= 0 else { throw DurableFile.Failure("measuring") }
    let offset = max(0, size - Int64(tailBytes))
    var bytes = [UInt8](repeating: 0, count: Int(size - offset))
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(offset) + done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw DurableFile.Failure("reading") }
      done += count
    }
    return (offset, bytes)
  }

  private static func line(_ bytes: [UInt8]) -> Line {
    guard let json = try? JSONDocument(bytes).root else { return .unreadable("a line is no JSON") }
    if let series = CheckpointSeries(json) { return .series(series) }
    if let checkpoint = SignedCheckpoint(json) { return .checkpoint(checkpoint) }
    return .unreadable("a line is neither a series nor a checkpoint")
  }
}

extension CheckpointFile {
  /// Reads every line in order, in constant memory; a torn last line is left out.
  ///
  /// - Throws: ``NotaryError`` `fileUnusable`, what `body` throws.
  public static func read(_ path: String, _ body: (_ line: Int, Line) throws -> Void) throws {
    guard let file = fopen(path, "re") else { throw unusable(path, DurableFile.Failure("opening")) }
    defer { fclose(file) }
    var buffer: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(buffer) }
    var number = 0
    while true {
      let count = getline(&buffer, &capacity, file)
      guard count > 0, let buffer else { break }
      let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
      guard bytes.last == 0x0A else { break }
      number += 1
      try body(number, line(Array(bytes.dropLast())))
    }
    guard ferror(file) == 0 else { throw unusable(path, DurableFile.Failure("reading")) }
  }
}

extension CheckpointFile {
  /// The log's name in the last line of each ledger's file in a folder, by ledger.
  ///
  /// - Throws: ``NotaryError`` `fileUnusable`.
  public static func lastOrigins(folder: String) throws(NotaryError) -> [(ledger: String, origin: String)] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var origins: [(ledger: String, origin: String)] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasSuffix(".ndjson") else { continue }
      let path = "\(folder)/\(name)"
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw unusable(path, DurableFile.Failure("opening")) }
      let last = try CheckpointFile(path, descriptor).last()
      if let origin = last.checkpoint?.checkpoint.origin ?? last.series?.origin {
        origins.append((String(name.dropLast(7)), origin))
      }
    }
    return origins.sorted { $0.ledger < $1.ledger }
  }
}
