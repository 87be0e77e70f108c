import Foundation
import Testing

@Suite struct HabitTests {
  @Test("the top level holds only what the design names")
  func topLevel() throws {
    let allowed: Set = [
      "Package.swift", "Package.resolved", "README.md", "Sources", "Tests", "projections", "schema", "tools",
    ]
    let extra = Set(try SourceTree.topLevel()).subtracting(allowed)
    #expect(extra.isEmpty, "\(extra.sorted())")
  }

  @Test("every room says in a sentence what it is", arguments: Rooms.all)
  func sentences(room: Rooms.Room) throws {
    let url = SourceTree.root.appendingPathComponent("Sources/\(room.name)/\(room.name).swift")
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.hasPrefix("// \(room.name): ") || text.hasPrefix("/// \(room.name): "), "\(room)")
    let sentence = text.prefix { $0 != "\n" }
    #expect(sentence.count > room.name.count + 20)
  }

  @Test("no Swift or SQL file is above 400 lines")
  func length() throws {
    let files =
      try SourceTree.swiftFiles()
      + ["schema", "projections"].flatMap {
        try SourceTree.files(in: $0, endings: [".sql"])
      }
    for file in files {
      let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
      #expect(count <= 400, "\(file) has \(count) lines")
    }
  }

  @Test("nothing is named after what it is not: no Utils, Helpers, Managers")
  func names() throws {
    for folder in ["Sources", "Tests", "schema", "projections", "tools"] {
      for path in try SourceTree.paths(in: folder) {
        let name = path.split(separator: "/").last!.lowercased()
        for banned in ["util", "helper", "manager"] { #expect(!name.contains(banned), "\(path)") }
      }
    }
    let declaration = try Regex(#"\b(class|struct|enum|actor|protocol)\s+\w*(Utils?|Utilities|Helpers?|Manager)\b"#)
    for file in try SourceTree.swiftFiles() where !file.path.hasPrefix("Tests/ArchitectureTests/") {
      #expect(file.text.firstMatch(of: declaration) == nil, "\(file)")
    }
  }

  @Test("every unchecked Sendable states its invariant right above it")
  func unchecked() throws {
    for file in try SourceTree.swiftFiles() where !file.path.hasPrefix("Tests/ArchitectureTests/") {
      let lines = file.lines
      for (index, line) in lines.enumerated() where line.contains("@unchecked Sendable") {
        if line.trimmingCharacters(in: .whitespaces).hasPrefix("//") { continue }
        var comment: [Substring] = []
        for above in lines[..<index].reversed() {
          let text = above.trimmingCharacters(in: .whitespaces)
          if text.hasPrefix("@") { continue }
          guard text.hasPrefix("//") else { break }
          comment.append(above)
        }
        #expect(
          comment.contains { $0.contains("Sendable") },
          "\(file), line \(index + 1): say what makes it true, with the word Sendable")
      }
    }
  }

  @Test("nothing leaks a machine: no path of a workplace, no host of a registry")
  func noPlaces() throws {
    // Spelled in pieces, so that this file passes its own test.
    let banned = [
      ["/wo", "rk/"], ["/tmp", "/w/"], ["/tmp", "/plan"], ["../sha", "red"], ["/home", "/"], ["/Us", "ers/"],
    ]
    .map { $0.joined() }
    let address = try Regex(#"https?://[A-Za-z0-9.-]*(artifact|registry|proxy|mirror)[A-Za-z0-9.-]*[/:]"#)
    let folders = ["Sources", "Tests", "schema", "projections", "tools"]
    var files = try folders.flatMap {
      try SourceTree.files(
        in: $0,
        endings: [
          ".swift", ".sql", ".json", ".md", ".h", ".modulemap", ".sh", ".py", ".txt", "/up", "/test", "/bare",
          "/install", "/packages", "/bench", "/drill",
        ])
    }
    for name in ["Package.swift", "README.md", ".ci/run", ".gitignore"] {
      let url = SourceTree.root.appendingPathComponent(name)
      if let text = try? String(contentsOf: url, encoding: .utf8) { files.append(.init(path: name, text: text)) }
    }
    for file in files {
      for place in banned { #expect(!file.text.contains(place), "\(file) names \(place)") }
      let isItself = file.path.hasSuffix("ArchitectureTests/HabitTests.swift")
      #expect(isItself || file.text.firstMatch(of: address) == nil, "\(file) names a host")
    }
  }

  @Test(
    "pure rooms have no clock, randomness or environment of their own",
    arguments: ["Domain", "Control", "Integrity", "Accounting"])
  func purity(room: String) throws {
    let banned = [
      "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(in:", ".randomElement()",
      ".shuffled()", "ProcessInfo", "CommandLine.", "Task.sleep", "readLine(",
    ]
    for file in try SourceTree.files(in: "Sources/\(room)", endings: [".swift"]) {
      for word in banned { #expect(!file.text.contains(word), "\(file) uses \(word)") }
    }
  }

  @Test("warnings are errors, and release builds keep their checks")
  func settings() throws {
    let manifest = try String(
      contentsOf: SourceTree.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    for setting in [
      "-warnings-as-errors", "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility",
      ".swiftLanguageMode(.v6)",
    ] {
      #expect(manifest.contains(setting), "\(setting)")
    }
    #expect(!manifest.contains("-Ounchecked"))
    #expect(!manifest.contains(".package("), "nothing is fetched where this builds")
  }
}
