// measure: the program behind tools/bench; it drives a real deployment and compares it with what the machine can do.
import Foundation
import Postgres

@main
struct Measure {
  static func main() async {
    do {
      var settings = Settings()
      var arguments = CommandLine.arguments.dropFirst()
      while let argument = arguments.popFirst() {
        switch argument {
        case "--quick": settings.beQuick()
        case "--daybook": settings.daybook = arguments.popFirst() ?? ""
        case "--folder": settings.folder = arguments.popFirst() ?? ""
        case "--scripts": settings.scripts = arguments.popFirst() ?? ""
        case "--only": settings.only = Set((arguments.popFirst() ?? "").split(separator: ",").map(String.init))
        case "--stop":
          // What a run that was killed may have left: its Postgres.
          try PrivateCluster(folder: "\(arguments.popFirst() ?? "")/postgres").stop(.immediate)
          return
        default: throw MeasureError("unknown option \(argument)")
        }
      }
      exit(try await Bench.run(settings) ? 0 : 1)
    } catch {
      say("tools/bench: \(error)")
      exit(2)
    }
  }
}

/// What keeps a run from going on.
struct MeasureError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// Progress, on standard error: the table alone is on standard output.
func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
