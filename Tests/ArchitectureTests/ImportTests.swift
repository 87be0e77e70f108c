import Foundation
import Testing

@Suite struct ImportTests {
  @Test("the rooms of Sources are the known ones")
  func rooms() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: SourceTree.root.appendingPathComponent("Sources").path
    ).filter { !$0.hasPrefix(".") }
    #expect(Set(folders) == Set(Rooms.all.map(\.name)).union(Rooms.wrappers.keys))
  }

  @Test("a room imports only what stands below it", arguments: Rooms.all)
  func downwardOnly(room: Rooms.Room) throws {
    for file in try SourceTree.files(in: "Sources/\(room.name)", endings: [".swift"]) {
      let foreign = SourceTree.imports(of: file).subtracting(room.rooms).subtracting(room.system)
      #expect(foreign.isEmpty, "\(file) imports \(foreign.sorted().joined(separator: ", "))")
    }
  }

  @Test("the table of rooms itself points downward")
  func tableIsOrdered() {
    var below = Set(Rooms.wrappers.keys).union(["Schema", "ShippedProjections"])
    for room in Rooms.all {
      #expect(room.rooms.isSubset(of: below), "\(room)")
      below.insert(room.name)
    }
  }

  @Test("a C library is imported by its own room alone, tests and tools included")
  func wrappers() throws {
    for file in try SourceTree.swiftFiles() {
      for module in SourceTree.imports(of: file) {
        guard let room = Rooms.wrappers[module] else { continue }
        #expect(file.path.hasPrefix("Sources/\(room)/"), "\(file) imports \(module)")
      }
    }
  }

  @Test("the embedded folders import nothing")
  func embeddedFolders() throws {
    for folder in ["schema", "projections"] {
      for file in try SourceTree.files(in: folder, endings: [".swift"]) {
        #expect(SourceTree.imports(of: file).isEmpty, "\(file)")
      }
    }
  }

  @Test("a folder of C holds module map and shim only", arguments: Rooms.wrappers.keys.sorted())
  func cFolders(module: String) throws {
    #expect(
      try SourceTree.paths(in: "Sources/\(module)") == [
        "Sources/\(module)/module.modulemap", "Sources/\(module)/shim.h",
      ])
  }

  @Test("imports are read whatever stands around them")
  func reading() {
    let file = SourceTree.File(
      path: "x.swift",
      text: """
        public import Domain
        @preconcurrency import Glibc
          internal import struct Foundation.Data
        // import Nothing
        /// and import NothingElse
        @_exported import func CNothing.clear
        let text = "import Never"
        """)
    #expect(SourceTree.imports(of: file) == ["Domain", "Glibc", "Foundation", "CNothing"])
  }
}
