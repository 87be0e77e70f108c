import Domain

/// Reservations that expired, so that a late completion is booked where it was decided; the oldest are forgotten first.
struct LateReservations: Sendable {
  /// So many are remembered.
  static let most = 10_000
  /// So long after its expiry a completion still counts as late, in microseconds: a day. Later ones count by their own time.
  static let longestDelay: Int64 = 86_400_000_000

  private var byDecision: Layered<String, Reservation>
  /// In the order of expiry, those before `head` forgotten.
  private var order: [String]
  private var head = 0
  /// What the running batch adds, and how many it forgets.
  private var added: [String] = []
  private var forgotten = 0

  init(_ reservations: [Reservation] = []) {
    byDecision = Layered(Dictionary(uniqueKeysWithValues: reservations.map { ($0.decision, $0) }))
    order = reservations.map(\.decision)
  }

  subscript(decision: String) -> Reservation? { byDecision[decision] }

  /// Those that are committed, the oldest first.
  var merged: [Reservation] { order[head...].compactMap { byDecision.committed($0) } }

  mutating func add(_ reservation: Reservation) {
    byDecision[reservation.decision] = reservation
    added.append(reservation.decision)
    while order.count - head + added.count - forgotten > Self.most {
      let next = head + forgotten
      byDecision[next < order.count ? order[next] : added[next - order.count]] = nil
      forgotten += 1
    }
  }

  mutating func merge() {
    guard !added.isEmpty else { return }
    byDecision.merge()
    order += added
    head += forgotten
    (added, forgotten) = ([], 0)
    if head > Self.most {
      order.removeFirst(head)
      head = 0
    }
  }

  mutating func drop() {
    guard !added.isEmpty else { return }
    byDecision.drop()
    (added, forgotten) = ([], 0)
  }
}
