/// The current ISO 4217 list (list one, currencies and funds) with amendments up to January 2026.
///
/// What the amendments since 2023 changed: `HRK`, `SLL`, `ANG`, `CUC`, `ZWL` and `BGN` left the list; `SLE`, `VED`, `XCG`, `ZWG`
/// and `XAD` joined it. `XXX` (no currency) and `XTS` (testing) are left out: a fact has a currency.
enum CurrencyList {
  /// Places of the minor unit by packed code; -1 where ISO 4217 names none.
  static let minorUnits: [UInt32: Int8] = {
    var places: [UInt32: Int8] = [:]
    for (codes, count) in [(none, -1), (zero, 0), (two, 2), (three, 3), (four, 4)] as [(String, Int8)] {
      for code in codes.split(whereSeparator: \.isWhitespace) {
        places[code.utf8.reduce(0) { $0 << 8 | UInt32($1) }] = count
      }
    }
    return places
  }()

  private static let two = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """

  private static let zero = """
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    """

  private static let three = """
    BHD IQD JOD KWD LYD OMR TND
    """

  private static let four = """
    CLF UYW
    """

  private static let none = """
    XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XUA
    """
}
