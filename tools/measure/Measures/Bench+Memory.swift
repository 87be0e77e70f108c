extension Bench {
  /// The most that the API process ever held, and what it holds now.
  func measureMemory() {
    guard let pid = deployment.api.pid, let peak = ProcessUse.mebibytes("VmHWM", of: pid),
      let now = ProcessUse.mebibytes("VmRSS", of: pid)
    else { return report.note("The API's memory cannot be read on this system.") }
    report.add(
      Report.Row(
        measure: "memory of the API, peak", ours: "now \(Int(now)) MB", against: "–", value: peak, unit: " MB",
        reach: 200, aim: 100, sense: .ceiling, rounds: []))
  }
}
