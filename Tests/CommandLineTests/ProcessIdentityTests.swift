import Glibc
import Testing

@testable import daybook

@Suite struct ProcessIdentityTests {
  /// The record of a killed copy once sent the admin key to whoever listened at its port: a record counts only while a process of this
  /// program has its id.
  @Test func aRecordOfAnotherProgramsProcessDoesNotCount() {
    #expect(ProcessIdentity.runsThisProgram(getpid()))
    #expect(!ProcessIdentity.runsThisProgram(1))
    #expect(!ProcessIdentity.runsThisProgram(Int32.max))
  }
}
