import Domain

/// How a change is asked for over the interface, and what its body holds.
///
/// A request's body is the configuration's members, but for the one that the path names and those that the service makes,
/// and optionally `sequence`, `approval` and `break_glass`.
struct ChangeForm: Sendable {
  /// The operation's name in the interface.
  let endpoint: String
  /// The member of the change's body that the path holds, such as `operation`; nil where it holds none.
  let named: String?
  /// Members that the service makes, so that nobody can ask for an approval of ones that they chose.
  let made: [String]
  /// Every member of the change's body, the named one included.
  let fields: [EventField]
  /// The member that says what is changed, for faults.
  let subjectMember: String
  /// The subject of the change's event; nil where the body names nothing that can be changed.
  let subject: @Sendable (JSON) -> String?
  /// What a request may hold.
  let body: CommandCatalogue.Body
  /// What a whole change must hold.
  let schema: Schema
  /// What a whole change, whose members are each right by themselves, gets wrong as a whole.
  var contradictions: @Sendable (JSON) -> [ValidationFault] = { _ in [] }

  init(
    endpoint: String, named: String? = nil, made: [String] = [], fields: [EventField], subjectMember: String? = nil,
    subject: @escaping @Sendable (JSON) -> String?
  ) {
    self.endpoint = endpoint
    self.named = named
    self.made = made
    self.fields = fields
    self.subjectMember = subjectMember ?? fields.first?.name ?? ""
    self.subject = subject
    let given = fields.filter { $0.name != named && !made.contains($0.name) }
    body = CommandCatalogue.Body(given + CommandCatalogue.changeMembers)
    schema = Schema(fields)
  }

  /// A form whose subject is a prefix and the named member.
  init(endpoint: String, named: String, prefix: String, fields: [EventField]) {
    self.init(endpoint: endpoint, named: named, fields: fields, subjectMember: named) { body in
      body[named]?.string.map { prefix + $0 }
    }
  }
}
