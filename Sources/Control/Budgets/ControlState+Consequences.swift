public import Domain

extension ControlState {
  /// What follows from the events applied last, to be written in the same batch: thresholds crossed, models that cool down.
  ///
  /// Asked after every submission, so it costs nothing where there is nothing.
  public func consequences(at now: Timestamp) -> [PlannedEvent] { [] }
}
