import Lifecycle
import Testing

@Suite struct AllocatorTests {
  @Test func mallocIsMimalloc() {
    #expect(Allocator.isInPlace)
    #expect(Allocator.version.split(separator: ".").count == 3)
  }
}
