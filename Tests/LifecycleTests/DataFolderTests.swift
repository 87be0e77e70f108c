import Foundation
import Glibc
import Lifecycle
import Testing

@Suite struct DataFolderTests {
  private let path = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString)").path

  private func withFolder(_ body: (DataFolder) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = DataFolder(path + "/below")
    try folder.make()
    try body(folder)
  }

  private func mode(_ path: String) -> UInt32 {
    var status = stat()
    #expect(stat(path, &status) == 0)
    return status.st_mode & 0o777
  }

  @Test func nobodyButTheOwnerReadsIt() throws {
    try withFolder { folder in
      #expect(mode(folder.path) & 0o066 == 0)
      try AtomicFile.write("dbk_secret\n", to: folder.adminKeyFile)
      #expect(mode(folder.adminKeyFile) == 0o600)
      #expect(AtomicFile.read(folder.adminKeyFile) == "dbk_secret\n")
    }
  }

  /// `up --data /tmp` as root took `/tmp` away from everybody else.
  @Test func aFolderThatWasThereKeepsItsPermissions() throws {
    try withFolder { folder in
      #expect(chmod(folder.path, 0o1777) == 0)
      try folder.make()
      var status = stat()
      #expect(stat(folder.path, &status) == 0)
      #expect(status.st_mode & 0o7777 == 0o1777)
    }
  }

  @Test func aSecondCopyIsRefusedAndToldWhoHoldsIt() throws {
    try withFolder { folder in
      let first = try folder.lock()
      let error = #expect(throws: LifecycleError.self) { _ = try folder.lock() }
      #expect(error?.code == .folderInUse)
      #expect(error?.message.contains("(process \(getpid())) runs on \(folder.path)") == true)
      withExtendedLifetime(first) {}
    }
  }

  @Test func theLockIsFreeOnceItsHolderIsGone() throws {
    try withFolder { folder in
      do { _ = try folder.lock() }
      _ = try folder.lock()
    }
  }

  @Test func aFileInItsPlaceIsRefused() throws {
    defer { unlink(path) }
    try Data().write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: LifecycleError.self) { try DataFolder(path).make() }
    #expect(error?.code == .folderUnusable)
  }

  @Test func aFileIsReplacedWhole() throws {
    try withFolder { folder in
      try AtomicFile.write("first", to: folder.readyFile)
      try AtomicFile.write("second", to: folder.readyFile)
      #expect(AtomicFile.read(folder.readyFile) == "second")
      #expect(AtomicFile.read(folder.readyFile, limit: 3) == nil)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ready.json"])
      AtomicFile.remove(folder.readyFile)
      #expect(AtomicFile.read(folder.readyFile) == nil)
    }
  }
}
