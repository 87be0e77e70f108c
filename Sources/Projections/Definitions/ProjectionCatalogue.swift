import FoundationEssentials
import ShippedProjections

/// All projections of a deployment: the shipped ones and those of the operator's folders.
public struct ProjectionCatalogue: Sendable {
  /// By name.
  public let definitions: [ProjectionDefinition]

  /// The projection with this name.
  public subscript(name: String) -> ProjectionDefinition? { definitions.first { $0.name == name } }

  /// Wraps definitions that were checked already.
  init(_ definitions: [ProjectionDefinition]) { self.definitions = definitions.sorted { $0.name < $1.name } }

  /// Loads the shipped projections and every folder below `extraFolders` that holds a `projection.json`.
  ///
  /// - Throws: ``DefinitionFaults`` with every fault of every file.
  public static func load(extraFolders: [String] = []) throws -> ProjectionCatalogue {
    var folders = grouped(EmbeddedFiles.all.map { ($0.path, $0.text) })
    var faults: [DefinitionFault] = []
    for root in extraFolders {
      do {
        folders += try read(root)
      } catch let found as DefinitionFaults {
        faults += found.faults
      }
    }
    var definitions: [ProjectionDefinition] = []
    for folder in folders {
      do {
        let definition = try DefinitionReader.read(
          folder: folder.name, origin: folder.origin, files: folder.files, shared: folder.shared)
        if definitions.contains(where: { $0.name == definition.name }) {
          faults.append(
            DefinitionFault(
              file: folder.origin, line: 0, pointer: "/name", detail: "\(definition.name) exists already; rename one")
          )
        } else {
          definitions.append(definition)
        }
      } catch let found as DefinitionFaults {
        faults += found.faults
      }
    }
    faults += sharedTables(definitions)
    guard faults.isEmpty else { throw DefinitionFaults(faults: faults) }
    return ProjectionCatalogue(definitions)
  }

  struct Folder {
    var name: String
    var origin: String
    var files: [String: String]
    /// What the folders beside it share; a root sees no other root's.
    var shared: SharedSQL
  }

  /// The folder of SQL that the projections of a root share.
  private static let sharedFolder = "shared"

  private static func grouped(_ files: [(path: String, text: String)]) -> [Folder] {
    var folders: [String: [String: String]] = [:]
    for (path, text) in files {
      guard let slash = path.firstIndex(of: "/") else { continue }
      folders[String(path[..<slash]), default: [:]][String(path[path.index(after: slash)...])] = text
    }
    let shared = SharedSQL(origin: sharedFolder, files: folders.removeValue(forKey: sharedFolder) ?? [:])
    return folders.keys.sorted().map { Folder(name: $0, origin: $0, files: folders[$0] ?? [:], shared: shared) }
  }

  private static func read(_ root: String) throws -> [Folder] {
    let manager = FileManager.default
    guard let names = try? manager.contentsOfDirectory(atPath: root) else {
      throw DefinitionFaults(faults: [
        DefinitionFault(file: root, line: 0, pointer: "", detail: "is not a folder that can be read")
      ])
    }
    let shared = SharedSQL(
      origin: "\(root)/\(sharedFolder)",
      files: try texts(queries(in: "\(root)/\(sharedFolder)"), in: "\(root)/\(sharedFolder)"))
    var folders: [Folder] = []
    for name in names.sorted() where manager.fileExists(atPath: "\(root)/\(name)/projection.json") {
      let origin = "\(root)/\(name)"
      var paths = ["projection.json", "tables.sql", "fold.sql", "reconcile.sql"]
      for folder in ["explain", "queries"] { paths += queries(in: "\(origin)/\(folder)").map { "\(folder)/\($0)" } }
      folders.append(Folder(name: name, origin: origin, files: try texts(paths, in: origin), shared: shared))
    }
    if folders.isEmpty {
      throw DefinitionFaults(faults: [
        DefinitionFault(file: root, line: 0, pointer: "", detail: "holds no folder with a projection.json")
      ])
    }
    return folders
  }

  /// Names of the SQL files of a folder; none where there is no such folder.
  private static func queries(in folder: String) -> [String] {
    let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return found.sorted().filter { $0.hasSuffix(".sql") }
  }

  /// The files of a folder that are there, by their paths below it.
  private static func texts(_ paths: [String], in folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for path in paths {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else { continue }
      guard let text = String(validating: data, as: UTF8.self) else {
        throw DefinitionFaults(faults: [
          DefinitionFault(file: "\(folder)/\(path)", line: 0, pointer: "", detail: "is not UTF-8")
        ])
      }
      files[path] = text
    }
    return files
  }

  /// Views in `books` carry the tables' names, so no two projections may claim one.
  private static func sharedTables(_ definitions: [ProjectionDefinition]) -> [DefinitionFault] {
    var owners: [String: String] = [:]
    var faults: [DefinitionFault] = []
    for definition in definitions {
      for table in definition.tables {
        if let owner = owners[table.name] {
          faults.append(
            DefinitionFault(
              file: "\(definition.name)/projection.json", line: 0, pointer: "/tables",
              detail: "the table \(table.name) belongs to \(owner) already"))
        }
        owners[table.name] = definition.name
      }
    }
    return faults
  }
}
