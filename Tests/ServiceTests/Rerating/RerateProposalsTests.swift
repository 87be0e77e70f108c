import Control
import Testing

@testable import Service

@Suite("Proposals of re-ratings")
struct RerateProposalsTests {
  private func proposal(_ digest: String, at position: Int64) -> RerateProposal {
    var proposal = RerateProposal(position: position)
    proposal.digest = digest
    return proposal
  }

  @Test("are known by the digest of their list and their position, the latest few of them")
  func known() {
    let proposals = RerateProposals()
    proposals.keep([[1], [2]], of: proposal("a", at: 8_000))
    // The same list at a later position has another number of pages.
    proposals.keep([[1], [2], [3]], of: proposal("a", at: 9_000))
    #expect(proposals.pages(of: "a", at: 8_000) == [[1], [2]])
    #expect(proposals.pages(of: "a", at: 9_000) == [[1], [2], [3]])
    #expect(proposals.pages(of: "b", at: 8_000) == nil && proposals.pages(of: "a", at: 7_000) == nil)
    for number in 0..<Int64(RerateProposals.most) - 1 { proposals.keep([], of: proposal("c", at: number)) }
    #expect(proposals.pages(of: "a", at: 8_000) == nil)
    #expect(proposals.pages(of: "a", at: 9_000) == [[1], [2], [3]])
  }
}
