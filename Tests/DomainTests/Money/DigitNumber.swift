/// Natural numbers as decimal digits with the arithmetic of the schoolbook: slow, and nothing in common with `Amount`.
struct DigitNumber: Equatable {
  /// Least first, without zeros at the end; empty is zero.
  private(set) var digits: [Int]

  init(_ digits: [Int]) {
    self.digits = digits
    while self.digits.last == 0 { self.digits.removeLast() }
  }

  init(_ text: String) { self.init(text.reversed().map { $0.wholeNumberValue! }) }
  init(_ value: some BinaryInteger) { self.init(String(value)) }

  var text: String { digits.isEmpty ? "0" : digits.reversed().map(String.init).joined() }
  var isEven: Bool { (digits.first ?? 0).isMultiple(of: 2) }

  static func < (left: Self, right: Self) -> Bool {
    if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
    for place in left.digits.indices.reversed() where left.digits[place] != right.digits[place] {
      return left.digits[place] < right.digits[place]
    }
    return false
  }

  static func + (left: Self, right: Self) -> Self {
    var sum: [Int] = []
    var carry = 0
    for place in 0..<max(left.digits.count, right.digits.count) {
      let digit = left.digit(place) + right.digit(place) + carry
      sum.append(digit % 10)
      carry = digit / 10
    }
    return Self(sum + [carry])
  }

  /// `left` must not be smaller.
  static func - (left: Self, right: Self) -> Self {
    var difference: [Int] = []
    var borrow = 0
    for place in left.digits.indices {
      let digit = left.digit(place) - right.digit(place) - borrow
      difference.append(digit < 0 ? digit + 10 : digit)
      borrow = digit < 0 ? 1 : 0
    }
    return Self(difference)
  }

  static func * (left: Self, right: Self) -> Self {
    var product = [Int](repeating: 0, count: left.digits.count + right.digits.count + 1)
    for (place, digit) in left.digits.enumerated() {
      for (other, factor) in right.digits.enumerated() { product[place + other] += digit * factor }
    }
    for place in product.indices.dropLast() {
      product[place + 1] += product[place] / 10
      product[place] %= 10
    }
    return Self(product)
  }

  func dividing(by divisor: Self) -> (quotient: Self, remainder: Self) {
    var quotient: [Int] = []
    var remainder = Self([])
    for digit in digits.reversed() {
      remainder = Self([digit] + remainder.digits)
      var count = 0
      while !(remainder < divisor) {
        remainder = remainder - divisor
        count += 1
      }
      quotient.append(count)
    }
    return (Self(quotient.reversed()), remainder)
  }

  private func digit(_ place: Int) -> Int { place < digits.count ? digits[place] : 0 }
}
