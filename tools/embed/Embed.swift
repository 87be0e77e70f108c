// Writes one Swift file that holds every text file below a folder, so that the binary needs no files beside it.
// SwiftPM's `.embedInCode` knows a resource by its bare file name and cannot hold two `tables.sql`.
//
// usage: embed FOLDER OUTPUT.swift
import Foundation

@main
enum Embed {
  static func main() throws {
    let arguments = CommandLine.arguments
    precondition(arguments.count == 3, "usage: embed FOLDER OUTPUT.swift")
    let folder = URL(fileURLWithPath: arguments[1])
    var code = """
      // Made by tools/embed.

      /// The text files of the folder, by their path below it with `/` between the parts.
      public enum EmbeddedFiles {
        /// Paths and contents, in path order.
        public static let all: [(path: String, text: String)] = [

      """
    for path in try paths(below: folder) {
      let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
      precondition(!text.contains("\"\"\"####"), "\(path) holds the delimiter of its own quotation")
      code += "    (\n      \"\(path)\",\n      ####\"\"\"\n"
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) { code += "\(line)\n" }
      code += "\"\"\"####\n    ),\n"
    }
    code += "  ]\n}\n"
    try code.write(toFile: arguments[2], atomically: true, encoding: .utf8)
  }

  static func paths(below folder: URL) throws -> [String] {
    let root = folder.resolvingSymlinksInPath().path + "/"
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    return (files?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { ["sql", "json"].contains($0.pathExtension) }
      .map { String($0.resolvingSymlinksInPath().path.dropFirst(root.count)) }
      .sorted()
  }
}
