import Crypto
import Testing

@Suite struct TextFormTests {
  @Test("hexadecimal is lower case and even")
  func hex() {
    let all = (0...255).map { UInt8($0) }
    let text = Hex.string(all)
    #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
    #expect(Hex.bytes(text) == all)
    #expect(Hex.bytes("") == [])
    for refused in ["0", "0g", "AB", "aB", "0x00", " 00", "00\u{0}", "é0"] { #expect(Hex.bytes(refused) == nil) }
    var bytes: [UInt8] = []
    Hex.append([0x0F, 0xA0], to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "0fa0")
    // By words and by what is left of them: all lengths, every value.
    for length in 0...all.count {
      var appended = Array("x".utf8)
      Hex.append(Array(all.suffix(length)), to: &appended)
      #expect(String(decoding: appended, as: UTF8.self) == "x" + text.suffix(2 * length))
    }
  }

  /// RFC 4648, section 10, and the two digits in which its alphabets differ.
  @Test(
    "base64 is that of RFC 4648",
    arguments: [
      ([], "", ""), ([0x66], "Zg==", "Zg"), ([0x66, 0x6F], "Zm8=", "Zm8"), ([0x66, 0x6F, 0x6F], "Zm9v", "Zm9v"),
      ([0x66, 0x6F, 0x6F, 0x62], "Zm9vYg==", "Zm9vYg"), ([0xFB, 0xFF, 0xFE], "+//+", "-__-"),
    ] as [([UInt8], String, String)])
  func base64(bytes: [UInt8], standard: String, urlSafe: String) {
    #expect(Base64.string(bytes) == standard)
    #expect(Base64.urlString(bytes) == urlSafe)
  }

  @Test("comparison tells only same from not same")
  func comparison() {
    #expect(ConstantTime.areEqual([], []))
    #expect(ConstantTime.areEqual([1, 2], [1, 2]))
    #expect(!ConstantTime.areEqual([1, 2], [1, 3]))
    #expect(!ConstantTime.areEqual([1, 2], [1, 2, 3]))
  }
}
