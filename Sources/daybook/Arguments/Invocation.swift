/// A command as somebody gave it: values of its options and operands, checked against its description.
struct Invocation: Sendable {
  let command: CommandDescription
  /// Values by option name, in the order given; flags have one empty value.
  private(set) var values: [String: [String]] = [:]
  /// Parameters for a book's query, in the order given.
  private(set) var parameters: [(name: String, value: String)] = []
  private(set) var operands: [String] = []
  let environment: [String: String]

  init(_ command: CommandDescription, environment: [String: String]) {
    self.command = command
    self.environment = environment
  }

  mutating func add(_ value: String, to option: String) { values[option, default: []].append(value) }
  mutating func addParameter(_ name: String, _ value: String) { parameters.append((name, value)) }
  mutating func addOperand(_ text: String) { operands.append(text) }

  /// The option's value: as given, else from its environment variable; an empty variable counts as none.
  subscript(option: String) -> String? {
    if let given = values[option]?.last { return given }
    guard let description = command.options.first(where: { $0.name == option }) else {
      preconditionFailure("\(command.name) does not describe \(option)")
    }
    return description.environment.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// True where the flag was given.
  func has(_ flag: String) -> Bool { values[flag] != nil }

  /// All values of an option that may be repeated.
  func all(_ option: String) -> [String] { values[option] ?? [] }

  /// The option's value.
  /// - Throws: ``UsageError`` where there is none.
  func required(_ option: String) throws(UsageError) -> String {
    guard let value = self[option] else {
      let variable = command.options.first { $0.name == option }?.environment
      throw UsageError(
        "\(option) is missing" + (variable.map { " (or the environment variable \($0))" } ?? ""), command)
    }
    return value
  }

  /// The option's value as a whole number within bounds.
  func integer(_ option: String, in range: ClosedRange<Int64> = 0...Int64.max) throws(UsageError) -> Int64? {
    guard let text = self[option] else { return nil }
    guard let number = Int64(text), range.contains(number) else {
      let bounds =
        range.upperBound == Int64.max ? "from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw UsageError("\(option) takes a whole number, \(bounds)", command)
    }
    return number
  }

  /// An operand that the description requires, or nil for an optional one that was not given.
  func operand(_ index: Int) -> String? { operands.indices.contains(index) ? operands[index] : nil }
}
