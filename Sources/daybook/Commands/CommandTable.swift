/// Every command, in the order in which the help lists them.
enum CommandTable {
  static let all: [CommandDescription] =
    RunningCommands.all + EventCommands.all + BookCommands.all + ApprovalCommands.all
    + BreakGlassCommands.all + RecommendationCommands.all + KillSwitchCommands.all
    + PriceCommands.all + DecideCommand.all + RouteCommands.all + ModelCommands.all + ToggleCommands.all
    + BudgetCommands.all + ErasureCommands.all + DeploymentCommands.all + CheckCommands.all + ProofCommands.all
    + NotaryCommand.all
    + ArchiveCommands.all + ToolCommands.all
}
