/// A public table of prices, read and checked, before anything is compared or listed.
public struct PriceTable: Sendable {
  /// One price of the table.
  public struct Row: Sendable, Hashable {
    /// The price; its id is 0, as nothing listed it yet.
    public var price: Price
    /// RFC 6901 pointer of the number in the table.
    public var pointer: String
    /// The line that it stands on, from 1.
    public var line: Int

    /// Makes a row.
    public init(price: Price, pointer: String, line: Int) {
      self.price = price
      self.pointer = pointer
      self.line = line
    }
  }

  /// Another name of a model of the table.
  public struct Name: Sendable, Hashable {
    /// As the provider itself calls the model.
    public var alias: String
    /// As the table calls it.
    public var model: String
    /// Whose name it is.
    public var provider: String

    /// Makes a name.
    public init(alias: String, model: String, provider: String) {
      self.alias = alias
      self.model = model
      self.provider = provider
    }
  }

  /// Something in the table that is no price and should be one.
  public struct Fault: Sendable, Hashable {
    /// RFC 6901 pointer of it.
    public var pointer: String
    /// The line that it stands on, from 1.
    public var line: Int
    /// What is wrong, for people.
    public var detail: String
  }

  /// In the order of the table.
  public var rows: [Row] = []
  /// In the order of the table.
  public var names: [Name] = []
  /// In the order of the table.
  public var faults: [Fault] = []
  /// Fields that say something about prices which no usage class covers, with how often they stand there: they are
  /// left out, as nothing is guessed.
  public var omitted: [String: Int] = [:]
  /// Models in the table.
  public var models = 0

  /// An empty table.
  public init() {}
}
