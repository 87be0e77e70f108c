import Domain
import Testing

@Suite struct UUIDv7Tests {
  @Test("the example of RFC 9562, appendix A.6")
  func rfcExample() {
    let random: [UInt8] = [0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F]
    #expect(
      UUIDv7.text(milliseconds: 0x017F_22E2_79B0, random: random) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
  }

  @Test("version and variant stand whatever the randomness, and text sorts by time")
  func order() {
    let high = [UInt8](repeating: 0xFF, count: 10)
    let low = [UInt8](repeating: 0, count: 10)
    #expect(UUIDv7.text(milliseconds: 1, random: high) == "00000000-0001-7fff-bfff-ffffffffffff")
    #expect(UUIDv7.text(milliseconds: 2, random: low) == "00000000-0002-7000-8000-000000000000")
    #expect(UUIDv7.text(milliseconds: 1, random: high) < UUIDv7.text(milliseconds: 2, random: low))
  }
}
