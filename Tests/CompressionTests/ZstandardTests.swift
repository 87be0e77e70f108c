import Compression
import Testing

@Suite struct ZstandardTests {
  private let text = Array(String(repeating: "a day of the book, line after line; ", count: 20_000).utf8)

  private var noise: [UInt8] {
    var state: UInt64 = 42
    return (0..<300_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  @Test("what was compressed comes back, whatever it was")
  func roundTrip() throws {
    for content in [[], [7], text, noise] {
      for level in [1, 3, 19] where level < 19 || content.count < 100 {
        let frame = try Zstandard.compress(content, level: level)
        #expect(try Zstandard.decompress(frame, limit: content.count) == content)
      }
    }
    #expect(try Zstandard.compress(text).count < text.count / 100)
  }

  @Test("a frame carries its content size and a checksum")
  func header() throws {
    let frame = try Zstandard.compress(text)
    #expect(Array(frame[..<4]) == [0x28, 0xB5, 0x2F, 0xFD])
    // RFC 8878, section 3.1.1.1.1: bits 7 and 6 size the content size, bit 5 is a single segment, bit 2 the checksum.
    #expect(frame[4] & 0b100 != 0)
    #expect(frame[4] & 0b1110_0000 != 0)
  }

  @Test("content beyond the limit is refused, whatever the frame says of itself")
  func limit() throws {
    let frame = try Zstandard.compress(text)
    #expect(throws: CompressionError.self) { try Zstandard.decompress(frame, limit: text.count - 1) }
    let error = try #require(throws: CompressionError.self) { try Zstandard.decompress(frame, limit: 10) }
    #expect(error.code == .beyondLimit)
  }

  @Test("a flipped bit, a cut or other bytes are refused")
  func damage() throws {
    let frame = try Zstandard.compress(noise)
    for place in [0, 5, 1000, frame.count - 1] {
      var damaged = frame
      damaged[place] ^= 0x40
      #expect(throws: CompressionError.self, "byte \(place)") { try Zstandard.decompress(damaged, limit: 1 << 20) }
    }
    for length in [0, 3, 10, frame.count / 2, frame.count - 1] {
      let error = try #require(throws: CompressionError.self) {
        try Zstandard.decompress(Array(frame[..<length]), limit: 1 << 20)
      }
      #expect(error.code == .truncated, "\(length) bytes")
    }
    #expect(throws: CompressionError.self) { try Zstandard.decompress(Array("not a frame".utf8), limit: 1 << 20) }
  }

  @Test("pieces of any size stream through", arguments: [1, 7, 4096, 1 << 20])
  func streams(pieceSize: Int) throws {
    let content = Array(text[..<50_000]) + noise[..<50_000]
    let compressor = try ZstandardCompressor(level: 3, contentSize: content.count)
    var frame: [UInt8] = []
    for start in stride(from: 0, to: content.count, by: pieceSize) {
      try compressor.compress(Array(content[start..<min(content.count, start + pieceSize)]), into: &frame)
    }
    try compressor.finish(into: &frame)
    #expect(try Zstandard.decompress(frame, limit: content.count) == content)

    let decompressor = try ZstandardDecompressor()
    var back: [UInt8] = []
    for start in stride(from: 0, to: frame.count, by: pieceSize) {
      try decompressor.decompress(Array(frame[start..<min(frame.count, start + pieceSize)]), into: &back)
    }
    try decompressor.finish()
    #expect(back == content)
  }

  @Test("frames that follow each other are one content")
  func manyFrames() throws {
    let frames = try Zstandard.compress([1, 2]) + Zstandard.compress([]) + Zstandard.compress([3])
    #expect(try Zstandard.decompress(frames, limit: 3) == [1, 2, 3])
  }

  @Test("content of another length than announced is refused")
  func announced() throws {
    let compressor = try ZstandardCompressor(contentSize: 10)
    var frame: [UInt8] = []
    #expect(throws: CompressionError.self) {
      try compressor.compress([1, 2, 3], into: &frame)
      try compressor.finish(into: &frame)
    }
  }
}
