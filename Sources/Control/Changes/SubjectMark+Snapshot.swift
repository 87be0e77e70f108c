import Domain

extension SubjectMark {
  var snapshot: JSON { .array([.integer(sequence), .integer(position)]) }
}

extension SnapshotReader {
  /// The marks by subject.
  func marks(_ member: String) throws(SnapshotFault) -> [String: SubjectMark] {
    guard let members = json[member]?.members else { throw Self.fault(member) }
    var marks: [String: SubjectMark] = [:]
    for (subject, value) in members {
      guard let pair = value.elements, pair.count == 2, let sequence = pair[0].integer, let position = pair[1].integer
      else { throw Self.fault(member) }
      marks[subject.string] = SubjectMark(sequence: sequence, position: position)
    }
    return marks
  }
}
