/// How long to wait before the next connection: hardly at first, since every moment without state refuses calls.
struct FeedPatience {
  private var failures = 0

  mutating func succeeded() { failures = 0 }

  mutating func next() -> Duration {
    failures += 1
    let ceiling = min(Duration.milliseconds(20) * (1 << min(failures - 1, 6)), .seconds(1))
    return ceiling * Double.random(in: 0.5..<1)
  }
}
