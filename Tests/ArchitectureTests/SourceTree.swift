import Foundation

/// The files of the package, read where they stand.
struct SourceTree {
  /// One file with its path from the package's root.
  struct File: Sendable, CustomStringConvertible {
    var path: String
    var text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var description: String { path }
    var name: String { String(path.split(separator: "/").last!) }
  }

  /// The package's root, found from where this file was compiled.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Names in the package's root, without dot-files.
  static func topLevel() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Every path below a folder, folders included, without what starts with a dot.
  static func paths(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
      .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
      .map { folder + "/" + $0 }.sorted()
  }

  /// The text files below a folder whose names end with one of `endings` (all where empty).
  static func files(in folder: String, endings: [String]) throws -> [File] {
    try paths(in: folder).compactMap { path in
      guard endings.isEmpty || endings.contains(where: path.hasSuffix) else { return nil }
      let url = root.appendingPathComponent(path)
      guard let data = try? Data(contentsOf: url), let text = String(data: data, encoding: .utf8) else { return nil }
      return File(path: path, text: text)
    }
  }

  /// Every Swift file of the package.
  static func swiftFiles() throws -> [File] {
    try ["Sources", "Tests", "schema", "projections", "tools"].flatMap { try files(in: $0, endings: [".swift"]) }
  }

  /// Modules that a file imports, whatever stands around the word.
  static func imports(of file: File) -> Set<String> {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    var modules: Set<String> = []
    for line in file.lines {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ word in
          word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
        })
      else { continue }
      let rest = words[(place + 1)...].drop { kinds.contains($0) }
      if let module = rest.first { modules.insert(String(module.prefix { $0 != "." && $0 != ";" })) }
    }
    return modules
  }
}
