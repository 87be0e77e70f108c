/// A stack in memory of its own that it keeps when it is emptied: an array asks at each write whether it alone has its memory.
struct JSONStack<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Empties it and makes room, which costs memory only as far as it is written to.
  mutating func reserve(_ capacity: Int) {
    count = 0
    guard capacity > self.capacity else { return }
    base.deallocate()
    (base, self.capacity) = (.allocate(capacity: capacity), capacity)
  }

  @inline(__always) mutating func append(_ element: Element) {
    if count == capacity { grow() }
    base[count] = element
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: 2 * capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    (base, capacity) = (larger, 2 * capacity)
  }

  @inline(__always) subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "beyond the stack")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "beyond the stack")
      base[index] = newValue
    }
  }

  mutating func removeAll() { count = 0 }

  mutating func removeLast(_ number: Int) {
    precondition(number >= 0 && number <= count, "beyond the stack")
    count -= number
  }

  /// What is on it from an index on; valid until the next append.
  func elements(from start: Int) -> UnsafeMutableBufferPointer<Element> {
    precondition(start >= 0 && start <= count, "beyond the stack")
    return UnsafeMutableBufferPointer(start: base + start, count: count - start)
  }

  /// A copy.
  var array: [Element] { Array(elements(from: 0)) }
}
