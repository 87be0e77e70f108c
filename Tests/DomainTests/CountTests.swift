import Domain
import Testing

@Suite struct CountTests {
  @Test(arguments: [(0, "0 events"), (1, "1 event"), (2, "2 events"), (-1, "-1 events")])
  func oneIsSingular(number: Int, text: String) {
    #expect("\(Count(number, "event"))" == text)
  }
}
