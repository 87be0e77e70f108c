/// Every command, in the order in which the help lists them.
enum CommandTable {
  static let all: [CommandDescription] =
    RunningCommands.all + EventCommands.all + FactImportCommand.all + BookCommands.all + HistoryCommands.all
    + ApprovalCommands.all
    + BreakGlassCommands.all + RecommendationCommands.all + KillSwitchCommands.all
    + PriceCommands.all + RerateCommand.all + FinanceCommands.all + PeriodCommands.all + DecideCommand.all
    + RouteCommands.all + ModelCommands.all + ToggleCommands.all
    + BudgetCommands.all + ErasureCommands.all + DeploymentCommands.all + CheckCommands.all + ProofCommands.all
    + NotaryCommand.all
    + ArchiveCommands.all + ToolCommands.all
}
