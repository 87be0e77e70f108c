@preconcurrency import Glibc

/// Reads a CSV file (RFC 4180) record by record in constant memory: quoted fields, CRLF or LF, a byte order mark.
struct CSVRecords {
  /// One record.
  struct Record {
    /// The line of the file on which it begins, from 1.
    var line: Int64
    /// Its bytes as they stand, without the end of the line.
    var source: [UInt8]
    var fields: [String]
  }

  /// A record is at most this long.
  static let longest = 1 << 20
  private let path: String
  private let separator: UInt8
  private let descriptor: FileHandle
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private var line: Int64 = 1
  /// Bytes of the file read so far.
  private(set) var read: Int64 = 0

  init(_ path: String, separator: UInt8, _ command: CommandDescription) throws(UsageError) {
    (self.path, self.separator) = (path, separator)
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw UsageError("cannot read \(path): \(String(cString: strerror(errno)))", command) }
    descriptor = FileHandle(file)
  }

  /// Bytes of the file.
  var size: Int64 {
    var status = stat()
    return fstat(descriptor.value, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// The next record; nil at the end. Empty lines are left out.
  ///
  /// - Throws: ``CheckFailure``, naming the line, where quotes do not fit or it is no UTF-8.
  mutating func next() throws -> Record? {
    while true {
      guard let end = try endOfRecord() else { return nil }
      let first = line
      var source = Array(buffer[start..<end.at])
      start = end.next
      line += Int64(source.count { $0 == 0x0A }) + 1
      if first == 1, source.starts(with: [0xEF, 0xBB, 0xBF]) { source.removeFirst(3) }
      if source.isEmpty { continue }
      return Record(line: first, source: source, fields: try fields(source, first))
    }
  }

  private mutating func endOfRecord() throws -> (at: Int, next: Int)? {
    var at = start
    var isQuoted = false
    while true {
      while at < buffer.count {
        let byte = buffer[at]
        if byte == 0x22 { isQuoted.toggle() }
        if byte == 0x0A && !isQuoted { return (at > start && buffer[at - 1] == 0x0D ? at - 1 : at, at + 1) }
        at += 1
      }
      guard at - start <= Self.longest else {
        throw CheckFailure("line \(line): longer than \(Self.longest >> 20) MiB; is a quotation mark missing?")
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        guard !isQuoted else { throw CheckFailure("line \(line): a quotation mark is never closed") }
        return (buffer.count, buffer.count)
      }
      at -= start
      buffer.removeSubrange(..<start)
      start = 0
      fill()
    }
  }

  private mutating func fill() {
    var part = [UInt8](repeating: 0, count: 256 << 10)
    let count = Glibc.read(descriptor.value, &part, part.count)
    if count < 0 && errno == EINTR { return }
    if count <= 0 { isAtEnd = true } else { buffer += part[..<count] }
    read += Int64(max(0, count))
  }

  private func fields(_ source: [UInt8], _ line: Int64) throws -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var at = 0
    func finish() throws {
      guard let text = String(validating: field, as: UTF8.self) else { throw CheckFailure("line \(line): no UTF-8") }
      fields.append(text)
      field = []
    }
    while true {
      if at < source.count, source[at] == 0x22 {
        at += 1
        while at < source.count {
          if source[at] != 0x22 {
            field.append(source[at])
          } else if at + 1 < source.count, source[at + 1] == 0x22 {
            field.append(0x22)
            at += 1
          } else {
            break
          }
          at += 1
        }
        at += 1
        guard at >= source.count || source[at] == separator else {
          throw CheckFailure("line \(line): text behind a closing quotation mark")
        }
      } else {
        while at < source.count, source[at] != separator {
          field.append(source[at])
          at += 1
        }
      }
      try finish()
      guard at < source.count else { return fields }
      at += 1
    }
  }
}

/// A descriptor that is closed when nobody has it any more.
private final class FileHandle {
  let value: Int32
  init(_ value: Int32) { self.value = value }
  deinit { close(value) }
}
