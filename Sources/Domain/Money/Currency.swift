/// An ISO 4217 currency code.
public struct Currency: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The three letters, the first in the highest byte, so that order of numbers is order of codes.
  let letters: UInt32

  /// Checks the current ISO 4217 list: funds and metals included, `XXX` and `XTS` not.
  public init?(_ code: String) {
    self.init(ascii: code.utf8)
  }

  /// Checks the bytes of a code under the same rules as `init(_:)`, for hot paths.
  public init?(ascii code: some Collection<UInt8>) {
    guard code.count == 3 else { return nil }
    var letters: UInt32 = 0
    for byte in code {
      guard byte >= 0x41, byte <= 0x5A else { return nil }
      letters = letters << 8 | UInt32(byte)
    }
    guard CurrencyList.minorUnits[letters] != nil else { return nil }
    self.letters = letters
  }

  /// A code that stands in the list.
  init(listed letters: UInt32) { self.letters = letters }

  /// Three upper-case letters.
  public var code: String {
    String(decoding: [UInt8(letters >> 16 & 0xFF), UInt8(letters >> 8 & 0xFF), UInt8(letters & 0xFF)], as: UTF8.self)
  }

  /// Decimal places of the currency's minor unit (2 for USD, 0 for JPY, 3 for KWD); nil where ISO 4217 names none.
  ///
  /// The ledger keeps twelve places whatever the currency; this is for invoices and for showing.
  public var minorUnitPlaces: Int? {
    guard let places = CurrencyList.minorUnits[letters], places >= 0 else { return nil }
    return Int(places)
  }

  /// Every currency of the list, in the order of the codes.
  public static var all: [Currency] { CurrencyList.minorUnits.keys.sorted().map(Currency.init(listed:)) }

  /// Appends the code as bytes, for hot paths.
  public func append(to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: letters >> 16))
    bytes.append(UInt8(truncatingIfNeeded: letters >> 8))
    bytes.append(UInt8(truncatingIfNeeded: letters))
  }

  /// The code.
  public var description: String { code }

  /// By code.
  public static func < (left: Self, right: Self) -> Bool { left.letters < right.letters }
}
