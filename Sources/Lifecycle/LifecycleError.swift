/// What went wrong with running, supervising or keeping the folder of a deployment.
public struct LifecycleError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String { case boundExceeded, gaveUp, folderInUse, folderUnusable, portTaken, spawnFailed }
    private let value: Value
    /// The name of the code.
    public var description: String { value.rawValue }
    /// Parts did not end within their bound.
    public static let boundExceeded = Code(value: .boundExceeded)
    /// A child died too often in too short a time.
    public static let gaveUp = Code(value: .gaveUp)
    /// Another process holds the data folder.
    public static let folderInUse = Code(value: .folderInUse)
    /// The data folder cannot be made, or is not ours alone.
    public static let folderUnusable = Code(value: .folderUnusable)
    /// Somebody else listens at the address.
    public static let portTaken = Code(value: .portTaken)
    /// A child could not be started.
    public static let spawnFailed = Code(value: .spawnFailed)
  }
  /// What kind of failure.
  public let code: Code
  /// What happened, in a sentence without secrets.
  public let message: String
  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
  /// The message.
  public var description: String { message }
}
