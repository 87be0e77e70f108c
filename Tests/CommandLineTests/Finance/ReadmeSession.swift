import Foundation

/// A session at a terminal as the README shows it: commands behind `$ `, each followed by what it printed.
struct ReadmeSession {
  /// A command with the output that is shown for it.
  struct Step {
    var command: String
    var output: String
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// In the order of the page; those of all blocks of the section.
  let steps: [Step]

  /// Reads the blocks of the section with this heading.
  init(section heading: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    var steps: [Step] = []
    var isInSection = false
    var isInBlock = false
    var continues = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !isInBlock, line.hasPrefix("#") { isInSection = line.drop { $0 == "#" || $0 == " " } == heading }
      guard isInSection else { continue }
      if line.hasPrefix("```") {
        isInBlock.toggle()
      } else if isInBlock, continues || line.hasPrefix("$ ") {
        continues ? steps[steps.count - 1].command += "\n" + line : steps.append(Step(command: "", output: ""))
        if !continues { steps[steps.count - 1].command = String(line.dropFirst(2)) }
        continues = line.hasSuffix("\\")
      } else if isInBlock, !steps.isEmpty {
        steps[steps.count - 1].output += line + "\n"
      }
    }
    self.steps = steps
  }

  /// Lines of output without what is another one each time: moments, and blanks that a page does not keep.
  static func comparable(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in
      let words = line.replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/#) { _ in "TIME" }
      return String(words.reversed().drop { $0 == " " }.reversed())
    }
  }
}
