/// One option of a command: how it is written and what it means.
struct OptionDescription: Sendable {
  /// With its dashes: `--ledger`.
  var name: String
  /// What stands for the value in the help, `NAME`; nil for an option that is there or not.
  var value: String?
  /// One sentence.
  var help: String
  /// The environment variable that is taken when the option is not given.
  var environment: String?
  /// What is taken when neither is given; only told, the command takes it itself.
  var usual: String?
  /// The only values allowed; empty: any.
  var allowed: [String] = []
  /// May be given more than once.
  var isRepeatable = false
  /// Left out of the help: for programs of our own.
  var isHidden = false

  static func value(
    _ name: String, _ value: String, _ help: String, environment: String? = nil, usual: String? = nil,
    allowed: [String] = [], isRepeatable: Bool = false, isHidden: Bool = false
  ) -> OptionDescription {
    OptionDescription(
      name: name, value: value, help: help, environment: environment, usual: usual, allowed: allowed,
      isRepeatable: isRepeatable, isHidden: isHidden)
  }

  static func flag(_ name: String, _ help: String, isHidden: Bool = false) -> OptionDescription {
    OptionDescription(name: name, value: nil, help: help, isHidden: isHidden)
  }
}

/// One argument of a command that is no option.
struct OperandDescription: Sendable {
  /// What stands for it in the help: `BOOK`.
  var name: String
  /// One sentence.
  var help: String
  var isRequired = true
}
