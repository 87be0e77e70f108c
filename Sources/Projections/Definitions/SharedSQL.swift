/// SQL that several projections of one root share: files of its folder `shared`, each put in where a line includes it.
///
/// `-- include shared/NAME.sql book=shop keys=day,article` stands for the file, without the comment that leads it. In the
/// file, `{{book}}` is the value; `{{keys, }}` are all values with what follows the name between them; and a line with
/// `{{keys}}` is repeated for each. A shared file may include others.
struct SharedSQL: Sendable {
  /// What a projection without shared files has.
  static let none = SharedSQL(origin: "shared", files: [:])
  /// How deep includes may stand in each other; more is a circle.
  private static let depth = 8
  private static let mark = "-- include shared/"

  /// Where a line of a text with its includes comes from.
  struct Place: Equatable {
    var file: String
    /// From 1.
    var line: Int
  }

  /// A text with everything put in.
  struct Expansion {
    var text = ""
    /// By line.
    var places: [Place] = []
    var faults: [DefinitionFault] = []

    /// Where a line comes from that a fault names: 0 is the file itself.
    func place(_ line: Int, of file: String) -> Place {
      places.indices.contains(line - 1) ? places[line - 1] : Place(file: file, line: line)
    }
  }

  /// The folder, as faults show it.
  let origin: String
  /// Texts by the files' names.
  let files: [String: String]

  /// Puts in what `text` includes; a text without includes comes back as it is.
  func expand(_ text: String, of file: String) -> Expansion {
    var expansion = Expansion()
    var lines: [Substring] = []
    let own = Self.lines(text).enumerated().map { (text: $1, place: Place(file: file, line: $0 + 1)) }
    expand(own, 0, &lines, &expansion)
    expansion.text = lines.joined(separator: "\n")
    return expansion
  }

  private func expand(
    _ source: [(text: Substring, place: Place)], _ depth: Int, _ lines: inout [Substring],
    _ expansion: inout Expansion
  ) {
    for (line, place) in source {
      let words = line.split(separator: " ")
      guard line.drop(while: { $0 == " " }).hasPrefix(Self.mark) else {
        lines.append(line)
        expansion.places.append(place)
        continue
      }
      func fault(_ detail: String) {
        expansion.faults.append(DefinitionFault(file: place.file, line: place.line, pointer: "", detail: detail))
      }
      let name = String(words[2].dropFirst("shared/".count))
      guard depth < Self.depth else {
        fault("includes stand more than \(Self.depth) deep in each other")
        continue
      }
      guard let body = files[name] else {
        fault("there is no \(origin)/\(name)")
        continue
      }
      do throws(Misuse) {
        expand(try fill(body, of: name, with: try Self.values(words.dropFirst(3))), depth + 1, &lines, &expansion)
      } catch {
        fault(error.detail)
      }
    }
  }

  /// Why an include cannot be put in.
  private struct Misuse: Error {
    var detail: String
  }

  private static func values(_ words: ArraySlice<Substring>) throws(Misuse) -> [Substring: [Substring]] {
    var values: [Substring: [Substring]] = [:]
    for word in words {
      let parts = word.split(separator: "=", omittingEmptySubsequences: false)
      let list = parts.last?.split(separator: ",") ?? []
      guard parts.count == 2, !parts[0].isEmpty, !list.isEmpty else {
        throw Misuse(detail: "\(word) is not of the form name=value or name=value,value")
      }
      guard values.updateValue(list, forKey: parts[0]) == nil else {
        throw Misuse(detail: "\(parts[0]) is given twice")
      }
    }
    return values
  }

  /// The lines of a shared file with values in the place of names.
  private func fill(
    _ body: String, of name: String, with values: [Substring: [Substring]]
  ) throws(Misuse) -> [(text: Substring, place: Place)] {
    var filled: [(text: Substring, place: Place)] = []
    var unused = Set(values.keys)
    for (index, line) in Self.content(body) {
      let pieces = Self.pieces(line)
      var repeated: Substring?
      for case .name(let key, let separator) in pieces {
        guard let list = values[key] else { throw Misuse(detail: "\(name) needs \(key)=…") }
        unused.remove(key)
        guard separator == nil, list.count > 1, repeated != key else { continue }
        guard repeated == nil else {
          throw Misuse(detail: "line \(index + 1) of \(name) cannot be repeated for \(repeated ?? "") and for \(key)")
        }
        repeated = key
      }
      for number in 0..<(repeated.flatMap { values[$0]?.count } ?? 1) {
        let text = pieces.map { piece -> Substring in
          switch piece {
          case .text(let text): text
          case .name(let key, let separator?): Substring((values[key] ?? []).joined(separator: separator))
          case .name(let key, nil): values[key]?[key == repeated ? number : 0] ?? ""
          }
        }
        filled.append((Substring(text.joined()), Place(file: "\(origin)/\(name)", line: index + 1)))
      }
    }
    guard let first = unused.sorted().first else { return filled }
    throw Misuse(detail: "\(name) has no {{\(first)}}")
  }

  /// A part of a line of a shared file.
  private enum Piece {
    case text(Substring)
    case name(Substring, separator: String?)
  }

  private static func pieces(_ line: Substring) -> [Piece] {
    var pieces: [Piece] = []
    var rest = line
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      let inner = rest[open.upperBound..<close.lowerBound]
      let key = inner.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      let separator = inner[key.endIndex...]
      pieces.append(.text(rest[..<open.lowerBound]))
      pieces.append(.name(key, separator: separator.isEmpty ? nil : String(separator)))
      rest = rest[close.upperBound...]
    }
    pieces.append(.text(rest))
    return pieces
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The lines of a shared file with their numbers from 0, without the comment at the top that an empty line ends, and
  /// without the empty text behind the last line's end.
  private static func content(_ text: String) -> ArraySlice<(offset: Int, element: Substring)> {
    var numbered = Array(lines(text).enumerated())[...]
    if numbered.last?.element.isEmpty == true { numbered.removeLast() }
    let lead = numbered.prefix { $0.element.hasPrefix("--") }.count
    let hasLead = lead > 0 && numbered.dropFirst(lead).first?.element.isEmpty == true
    return hasLead ? numbered.dropFirst(lead + 1) : numbered
  }
}
