import Foundation
import PackagePlugin

/// Runs `embed` over the folder of text files that stands beside a target's Swift files.
@main
struct EmbedPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let home = target.directoryURL
    let folders = ["sql", "books"].map { home.appending(path: $0) }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
    return try folders.map { folder in
      let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
      let inputs = (FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? [])
        .compactMap { $0 as? URL }
        .filter { ["sql", "json"].contains($0.pathExtension) }
      return .buildCommand(
        displayName: "Embedding \(folder.lastPathComponent)",
        executable: try context.tool(named: "embed").url,
        arguments: [folder.path, output.path],
        inputFiles: inputs,
        outputFiles: [output])
    }
  }
}
