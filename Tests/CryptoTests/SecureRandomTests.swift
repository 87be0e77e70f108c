import Crypto
import Testing

@Suite struct SecureRandomTests {
  @Test("random bytes come in the number asked for and do not repeat", arguments: [0, 1, 16, 32, 4096])
  func bytes(count: Int) {
    let first = SecureRandom.bytes(count)
    #expect(first.count == count)
    if count >= 16 { #expect(first != SecureRandom.bytes(count)) }
  }

  @Test("random text uses every letter and digit about equally often")
  func base62() {
    var counts: [Character: Int] = [:]
    for character in SecureRandom.base62(62_000) { counts[character, default: 0] += 1 }
    #expect(counts.count == 62)
    // A thousand each, standard deviation 31: eight of those leave no room for chance, and too little for a bias.
    #expect(counts.values.allSatisfy { (750...1250).contains($0) })
    #expect(SecureRandom.base62(43).count == 43)
    #expect(SecureRandom.base62(0) == "")
  }

  @Test("tokens of persons are p_ and 22 characters, each another")
  func tokens() {
    let tokens = Set((0..<1000).map { _ in SecureRandom.personToken() })
    #expect(tokens.count == 1000)
    #expect(
      tokens.allSatisfy { token in
        token.hasPrefix("p_") && token.count == 24
          && token.dropFirst(2).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      })
  }
}
