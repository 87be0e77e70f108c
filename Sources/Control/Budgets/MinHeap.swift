/// A binary heap: the least element first.
struct MinHeap<Element: Comparable & Sendable>: Sendable {
  private(set) var elements: [Element] = []

  init() {}

  init(_ elements: [Element]) {
    // Ascending order is a heap.
    self.elements = elements.sorted()
  }

  var first: Element? { elements.first }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      if elements[parent] <= elements[place] { return }
      elements.swapAt(parent, place)
      place = parent
    }
  }

  @discardableResult
  mutating func removeFirst() -> Element? {
    guard let least = elements.first else { return nil }
    let last = elements.removeLast()
    if elements.isEmpty { return least }
    elements[0] = last
    var place = 0
    while true {
      let left = 2 * place + 1
      guard left < elements.count else { return least }
      let right = left + 1
      let child = right < elements.count && elements[right] < elements[left] ? right : left
      if elements[place] <= elements[child] { return least }
      elements.swapAt(place, child)
      place = child
    }
  }
}
