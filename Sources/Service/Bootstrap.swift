public import Control
import Crypto
public import Domain
import Foundation
import Log
public import Postgres

/// Makes a deployment out of an empty database: the ledgers `system` and `main`, the first owner and the first admin key.
///
/// Every step is skipped where it was done before, so that a start after a crash goes on where the last one ended.
public struct Bootstrap: Sendable {
  /// The first owner's id.
  public var ownerID = "first-owner"
  /// The first owner's name.
  public var ownerName = "First owner"
  /// IANA name of `main`'s reporting time zone.
  public var timeZone = "UTC"
  /// ISO 4217 code that `main` reports in.
  public var currency = "USD"
  /// The models of `main`'s tiers.
  public var tiers = Tiers.standard
  /// Prices to list before `main` is opened, as `price.listed` has them.
  public var prices: [JSON] = []
  /// Changes to make before `main` is opened, each `{"change", "body"}`, in this order.
  public var changes: [JSON] = []

  /// The defaults.
  public init() {}

  /// What is wrong with the parameters, or with the database.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// For people.
    public var description: String
  }

  /// Does what is missing.
  ///
  /// - Parameters:
  ///   - settings: A migrated database; its login must be able to take the role `daybook_writer`.
  ///   - keep: Is given the first admin key's text before it becomes valid, so that it is never lost.
  /// - Returns: true where the key was made now.
  @discardableResult
  public func run(_ settings: ConnectionSettings, keep: @Sendable (String) throws -> Void) async throws -> Bool {
    guard ReportingZones.isKnown(timeZone) else { throw Failure(description: "no time zone is called \(timeZone)") }
    guard Currency(currency) != nil else { throw Failure(description: "\(currency) is no ISO 4217 code") }
    let registry = LedgerRegistry(settings, limits: .init())
    do {
      for ledger in ["system", "main"] { try await registry.create(ledger) }
      let isNew = try await bootstrapSystem(registry.make("system"), keep: keep)
      try await bootstrapMain(registry.make("main"))
      await registry.close()
      return isNew
    } catch {
      await registry.close()
      if let error = error as? WriteError { throw Failure(description: error.detail) }
      throw error
    }
  }

  private func bootstrapSystem(_ writer: LedgerWriter, keep: @Sendable (String) throws -> Void) async throws -> Bool {
    let (isOpened, hasOwner, hasKey) = try await writer.look { memory in
      (memory.state.settings != nil, !memory.state.allOwners.isEmpty, !memory.state.allKeys.isEmpty)
    }
    if !isOpened {
      try await run(
        .openLedger(Self.opening("system", timeZone: "UTC", currency: currency), prices: [], changes: []),
        "bootstrap-open", writer
      )
    }
    if !hasOwner {
      let owner = JSON.object(["owner": .text(ownerID), "name": .text(ownerName)])
      try await run(.addOwner(owner), "bootstrap-owner", writer)
    }
    if hasKey { return false }
    let owner = try await writer.look { $0.state.allOwners.first?.id } ?? ownerID
    let minted = KeyMint.mint()
    try keep(minted.text)
    let roles = Role.allCases.filter { $0 != .agent }.sorted()
    let key = JSON.object([
      "key": .text(minted.id), "kind": .text(ActorKind.human.rawValue), "owner": .text(owner),
      "roles": .array(roles.map { .text($0.rawValue) }), "ledgers": .array([.text("*")]),
      "secret_sha256": .text(minted.sha256), "note": .text("The first admin key."),
    ])
    try await run(.issueKey(key), "bootstrap-key-\(minted.id)", writer)
    return true
  }

  private func bootstrapMain(_ writer: LedgerWriter) async throws {
    let isOpened = try await writer.look { $0.state.settings != nil }
    if isOpened { return }
    let changes: [Change]
    do { changes = try CommandCatalogue.bootstrapChanges(self.changes) } catch {
      throw Failure(description: "a change is not valid: \(error)")
    }
    var opening = Self.opening("main", timeZone: timeZone, currency: currency)
    opening["tiers"] = tiers.json
    try await run(
      .openLedger(opening, prices: prices, changes: changes), "bootstrap-open", writer)
  }

  private static func opening(_ name: String, timeZone: String, currency: String) -> JSON {
    .object(["name": .text(name), "time_zone": .text(timeZone), "reporting_currency": .text(currency)])
  }

  private func run(_ command: Command, _ key: String, _ writer: LedgerWriter) async throws {
    // Keys of bootstrap commands are their own digests: there is nothing else that they could have asked for.
    _ = try await writer.command(
      command, by: .system, key: key, request: Hex.string(SHA256Digest.hash(Array(key.utf8))), freshID: FreshID.next()
    )
  }
}
