/// A session on loan, and how to give it back.
struct SessionLease: Sendable {
  let session: BookSession
  let giveBack: @Sendable () -> Void
}
