/// What a supervised child process is: its program, arguments and environment.
public struct ChildSpecification: Sendable {
  /// What the child is called in messages.
  public var name: String
  /// Path of the program.
  public var executable: String
  /// Arguments after the program's own name.
  public var arguments: [String]
  /// The whole environment of the child.
  public var environment: [String: String]
  /// The descriptor under which the child inherits the pipe that ends with its parent (see ``ParentWatch``).
  public static let parentDescriptor: Int32 = 3

  /// Makes a specification.
  public init(name: String, executable: String, arguments: [String], environment: [String: String]) {
    self.name = name
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
  }
}
