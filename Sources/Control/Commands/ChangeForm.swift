import Domain

/// How a change is asked for over the interface, and what its body holds.
///
/// A request's body is the configuration's members, but for the one that the path names, and optionally `sequence`,
/// `approval` and `break_glass`.
struct ChangeForm: Sendable {
  /// The operation's name in the interface.
  let endpoint: String
  /// The member of the change's body that the path holds, such as `operation`; nil where it holds none.
  let named: String?
  /// Every member of the change's body, the named one included.
  let fields: [EventField]
  /// The subject of the change's event.
  let subject: @Sendable (JSON) -> String?
  /// What a request may hold.
  let body: CommandCatalogue.Body
  /// What a change inside a request for an approval must hold.
  let schema: Schema
  /// What a whole change, whose members are each right by themselves, gets wrong as a whole.
  var contradictions: @Sendable (JSON) -> [ValidationFault] = { _ in [] }

  init(
    endpoint: String, named: String? = nil, fields: [EventField], subject: @escaping @Sendable (JSON) -> String?
  ) {
    self.endpoint = endpoint
    self.named = named
    self.fields = fields
    self.subject = subject
    body = CommandCatalogue.Body(fields.filter { $0.name != named } + CommandCatalogue.changeMembers)
    schema = Schema(fields)
  }

  /// A form whose subject is a prefix and the named member.
  init(endpoint: String, named: String, prefix: String, fields: [EventField]) {
    self.init(endpoint: endpoint, named: named, fields: fields) { body in
      body[named]?.string.map { prefix + $0 }
    }
  }
}
