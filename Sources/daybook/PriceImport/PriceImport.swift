import Control
import Crypto
import DaybookClient
import Domain

/// Compares a table with the ledger, and lists what passes and proposes what is held.
///
/// Every command is a batch of its own and what the ledger has is skipped: an import that was cut short is given again.
struct PriceImport: Sendable {
  /// Prices of a command: a batch that the ledger writes within a moment, so that calls do not wait for it.
  static let batch = 2_500
  /// Bytes of held prices of an approval: they stand in its event.
  static let heldBytes = 20 << 10

  /// What an approval was asked for.
  struct Proposal: Sendable {
    var provider: String
    var prices: Int
    /// nil where it is not told.
    var approval: String?
    /// It had been asked for before.
    var isRepeated: Bool
  }

  /// What was done.
  struct Outcome: Sendable {
    var listed = 0
    var named = 0
    var proposals: [Proposal] = []
    /// The ledger's head after it.
    var position: Int64?
  }

  let file: PriceTableFile
  let difference: PriceDifference
  private let daybook: Daybook
  private let environment: [String: String]

  /// Reads what the ledger has and compares.
  init(_ file: PriceTableFile, _ daybook: Daybook, _ environment: [String: String]) async throws {
    self.file = file
    self.daybook = daybook
    self.environment = environment
    let listing = try await daybook.prices(at: file.validFrom)
    let present = listing.rows.compactMap { row in
      row["price_id"]?.integer.flatMap { Price(row, id: $0) }
    }
    difference = PriceDifference(
      file.table, present: present, aliases: Set(listing.aliases.compactMap { PriceAlias($0, position: 0)?.name }))
  }

  /// Lists what passes, then proposes what is held.
  func apply() async throws -> Outcome {
    var outcome = Outcome()
    let prices = difference.passing.map(listed)
    let names = difference.names.map { name in
      JSON.object(["alias": .text(name.alias), "model": .text(name.model), "provider": .text(name.provider)])
    }
    let proposals = self.proposals
    let total = Int64(prices.count + names.count + proposals.reduce(0) { $0 + $1.prices.count })
    let bar = ProgressBar("Listing prices", environment: environment)
    var done: Int64 = 0
    for (member, all) in [("prices", prices), ("aliases", names)] {
      for start in stride(from: 0, to: all.count, by: Self.batch) {
        let batch = Array(all[start..<min(start + Self.batch, all.count)])
        let answer = try await daybook.send("POST", "prices", json: .object([(member, .array(batch))])).json()
        guard answer["outcome"]?.string == "applied" else {
          throw CheckFailure(
            "the ledger's prices changed meanwhile: an approval waits; give the import again after it")
        }
        outcome.position = answer["head"]?["position"]?.integer
        if member == "prices" { outcome.listed += batch.count } else { outcome.named += batch.count }
        done += Int64(batch.count)
        bar.update(done, of: total, unit: "prices")
      }
    }
    for proposal in proposals {
      outcome.proposals.append(try await propose(proposal.provider, proposal.prices, proposal.why))
      done += Int64(proposal.prices.count)
      bar.update(done, of: total, unit: "prices")
    }
    bar.finish()
    return outcome
  }

  private func listed(_ price: Price) -> JSON {
    var json = price.json
    json["note"] = .text(file.name)
    return json
  }

  /// What is held, by provider, in lists that fit an approval.
  private var proposals: [(provider: String, prices: [JSON], why: String)] {
    var proposals: [(provider: String, prices: [JSON], why: String)] = []
    let byProvider = Dictionary(grouping: difference.lines(.held)) { $0.price.provider ?? "" }
    for (provider, lines) in byProvider.sorted(by: { $0.key < $1.key }) {
      let why = Set(lines.compactMap(\.why)).sorted().joined(separator: "; ")
      var prices: [JSON] = []
      var bytes = 0
      for line in lines {
        let price = listed(line.price)
        let size = price.canonical.count + 1
        if bytes + size > Self.heldBytes {
          proposals.append((provider, prices, why))
          (prices, bytes) = ([], 0)
        }
        prices.append(price)
        bytes += size
      }
      proposals.append((provider, prices, why))
    }
    return proposals
  }

  /// Asks for an approval; the same list of the same file is asked for once, however often it is imported.
  private func propose(_ provider: String, _ prices: [JSON], _ why: String) async throws -> Proposal {
    let evidence = JSON.object([
      "kind": .text("price_table"),
      "title": .text("\(file.name): \(Count(prices.count, "price")) of \(provider); \(why)"),
      "sha256": .text(file.sha256),
    ])
    let body = JSON.object([
      "prices": .array(prices), "hold": .boolean(true),
      "approval": .object(["reason_code": .text("price_import"), "evidence": .array([evidence])]),
    ])
    let key = "price-import-" + Hex.string(SHA256Digest.hash(body.canonical))
    do {
      let answer = try await daybook.send("POST", "prices", json: body, idempotencyKey: key).json()
      let isRepeated = answer["events"]?.elements.first?["duplicate"]?.boolean ?? false
      return Proposal(
        provider: provider, prices: prices.count, approval: answer["approval"]?["approval"]?.string,
        isRepeated: isRepeated)
    } catch let error as DaybookError where error.problem == "approval-open" {
      // Another key imported the same list.
      return Proposal(provider: provider, prices: prices.count, approval: nil, isRepeated: true)
    }
  }
}

extension JSON {
  /// An object of these members.
  fileprivate static func object(_ members: [(String, JSON)]) -> JSON {
    .object(Dictionary(uniqueKeysWithValues: members.map { (ExactText($0.0), $0.1) }))
  }
}
