import Domain
import Testing

@testable import Archive
@testable import Exports

/// The writer and the reader of segments share no code: what one takes apart, the other must put together.
@Suite struct SegmentTextTests {
  @Test(arguments: 0..<20) func recordsComeBackByteForByte(seed: UInt64) throws {
    let records = SampleLog.events(200, seed: seed).map { event in
      var bytes: [UInt8] = []
      SegmentRecord.append(event, to: &bytes)
      return bytes
    }
    var text = SegmentText()
    for record in records { text.append(record) }
    let reader = try SegmentReader(text.text(header: ["format": .text("f")]), format: "f")
    var read: [[UInt8]] = []
    try reader.forEach { index, record in
      #expect(index == read.count)
      read.append(record)
    }
    #expect(read == records)
  }

  static let columns: [[String]] = [
    ["1", "2", "3000", "0"], ["0", "18446744073709551615"], ["0", "18446744073709551616"], ["01", "1"], ["-1", "1"],
    ["\"0.5\"", "\"10\"", "\"0.000000000001\""], ["\"0.50\"", "\"1\""], ["\"1.\"", "\"1\""],
    ["\"99999999999999999999.5\"", "\"1\""],
    ["\"2023-11-16T18:15:46.680590Z\"", "\"0001-01-01T00:00:00.000000Z\"", "\"9999-12-31T23:59:59.999999Z\""],
    ["\"2023-11-16T18:15:46.680590Z\"", "\"2023-11-16T18:15:46Z\""], ["\"2023-11-16t18:15:46.680590Z\"", "\"x\""],
    ["\"aXb\"", "\"aYb\""], ["\"a*b\"", "\"aYb\""], ["\"a b\"", "\"abcd\""], ["\"\"", "\"aaa\""],
    ["\"aa\"", "\"aaa\""],
    ["\"é\"", "\"è\""], ["\"x\"", "1"],
    Array(repeating: ["\"long text\"", "\"other text\""], count: 9).flatMap { $0 },
  ]

  @Test(arguments: columns) func everyColumnComesBack(texts: [String]) throws {
    var column = LeafColumn()
    for text in texts { column.append(Array(text.utf8)[...]) }
    let line = try JSONDocument(ColumnWriter.json(column).canonical).root
    let read = try ColumnTexts(line, count: texts.count)
    #expect(texts.indices.map { String(decoding: read.bytes[read.range($0)], as: UTF8.self) } == texts)
  }

  @Test func hostileSegmentsAreRefusedAndHarmNothing() {
    let hostile = [
      "", "{}\n", "{\"format\":\"f\"}\n", "{\"format\":\"f\",\"events\":1000000000}\n",
      "{\"format\":\"g\",\"events\":0}\n",
      "{\"format\":\"f\",\"events\":2}\n{\"order\":{\"all\":\"7\"}}\n",
      "{\"format\":\"f\",\"events\":2}\n{\"order\":{\"digits\":\"g0\"}}\n",
      "{\"format\":\"f\",\"events\":2}\n{\"order\":{\"all\":\"0\"}}\n{\"events\":1,\"pieces\":[\"{}\"]}\n",
      "{\"format\":\"f\",\"events\":2}\n{\"order\":{\"all\":\"0\"}}\n{\"events\":2,\"pieces\":[\"{\",\"}\"]}\n",
      "{\"format\":\"f\",\"events\":2}\n{\"order\":{\"picks\":\"9f\",\"among\":[\"0\"]}}\n",
      "{\"format\":\"f\",\"events\":2}\n{\"order\":{\"fill\":\"0\",\"mask\":\"*\"}}\n",
      "{\"format\":\"f\",\"events\":2}\n{\"order\":{\"from\":9007199254740991,\"steps\":\"ffffffffffffffffffffffffffffffff\"}}\n",
    ]
    for text in hostile { #expect(throws: ExportError.self) { _ = try SegmentReader(Array(text.utf8), format: "f") } }
  }
}
