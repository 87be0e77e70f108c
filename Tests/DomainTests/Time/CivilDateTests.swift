import Domain
import Testing

@Suite struct CivilDateTests {
  @Test("every day from 0001-01-01 to 9999-12-31 follows the one before")
  func everyDay() {
    // Counts days with nothing but the lengths of months.
    var number = -719_162
    for year in 1...9999 {
      let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
      for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        for day in [1, length] {
          let date = CivilDate(year: year, month: index + 1, day: day)
          guard date?.daysSince1970 == number + day - 1, date?.year == year, date?.month == index + 1,
            date?.day == day
          else {
            Issue.record("\(year)-\(index + 1)-\(day) is day \(number + day - 1)")
            return
          }
        }
        if CivilDate(year: year, month: index + 1, day: length + 1) != nil {
          Issue.record("\(year)-\(index + 1) has \(length) days")
        }
        number += length
      }
    }
    #expect(number == 2_932_897)
  }

  @Test(
    "a day is read and printed as YYYY-MM-DD",
    arguments: [("1970-01-01", 0), ("1969-12-31", -1), ("2023-11-16", 19_677), ("2024-02-29", 19_782)])
  func text(text: String, days: Int) throws {
    let date = try #require(CivilDate(text))
    #expect(date.daysSince1970 == days)
    #expect(date.description == text)
    #expect(CivilDate(utcDayOf: date.startInUTC) == date)
    #expect(CivilDate(utcDayOf: date.startInUTC.advanced(byMicroseconds: -1)) == date.advanced(byDays: -1))
  }

  @Test(
    "what is no day is refused",
    arguments: [
      "", "2023-11-1", "2023-11-016", "20231116", "2023-02-29", "2023-11-31", "0000-01-01", "2023-13-01",
      "2023-1a-01",
      "2023-11-16 ", "-023-11-16", "2023-11-1６",
    ])
  func refuses(text: String) {
    #expect(CivilDate(text) == nil)
  }
}
