import Domain
import Exports
import Integrity

/// `daybook verify-export`.
enum VerifyExportCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let path = invocation.operand(0) ?? ""
    let bar = ProgressBar("Verifying \(path)", environment: invocation.environment)
    var verifier = try verifier(invocation)
    verifier.progress = { bar.update($0, of: $1, unit: "done") }
    let report = try await blocking { [verifier] in
      defer { bar.finish() }
      return try verifier.verify(path)
    }
    show(report, invocation)
    return report.isClean ? .done : .failed
  }

  /// Keys and checkpoints as the options name them.
  static func verifier(_ invocation: Invocation) throws -> ExportVerifier {
    var verifier = ExportVerifier()
    for text in invocation.all("--key") {
      do { verifier.keys.append(try VerifierKey(parsing: text.trimmed)) } catch {
        throw UsageError("--key: \(error.detail)", invocation.command)
      }
    }
    for file in invocation.all("--checkpoint") {
      let text = try TextFile.read(file, invocation.command)
      do { verifier.checkpoints.append(try SignedNote(parsing: Array(text.utf8))) } catch {
        throw UsageError("\(file): \(error.detail)", invocation.command)
      }
    }
    return verifier
  }

  private static func show(_ report: ExportReport, _ invocation: Invocation) {
    guard let document = try? JSONDocument(report.json.canonical).root else { return }
    let rows = document["findings"]?.elements ?? []
    if invocation.format == .table {
      let root = document["root"]?.string.map { ", root \($0)" } ?? ""
      let erased = report.erased > 0 ? ", \(report.erased) erased" : ""
      Console.print(
        "\(report.ledger) \(report.first) to \(report.last): \(Count(report.events, "event"))\(erased)\(root)")
      for line in report.erasures.lines { Console.print(line) }
      if !report.signedBy.isEmpty {
        Console.print("signed up to \(report.signedTo) by \(report.signedBy.joined(separator: ", "))")
      }
      if report.isClean {
        Console.print("Verified: every hash, sequence and root is what the values give.")
        return
      }
      Console.print("NOT verified; first wrong position: \(report.findings[0].position)")
    }
    let columns = ["position", "kind", "detail"].map { RowWriter.Column($0) }
    Console.write(Array(invocation.rows.text(rows, columns: columns, whole: document).utf8))
  }
}
