namespace Fleet.StateManager.ServiceSets;

/// <summary>What a reconcile of a ServiceSet is going to do.</summary>
internal sealed record ServiceSetPlan
{
    public required IReadOnlyList<PlannedService> Services { get; init; }

    public bool AddFinalizer { get; init; }

    /// <summary>Entries of <see cref="Contracts.FleetAnnotations.HeldServices"/> that hold nothing any more.</summary>
    public IReadOnlyList<string> EndHolds { get; init; } = [];

    public IEnumerable<PlannedService> Steps => Services.Where(s => s.Action is ServiceAction.Upgrade or ServiceAction.Rollback or ServiceAction.Uninstall);

    public TimeSpan? CheckAgainAfter => Services.Select(s => s.CheckAgainAfter).Concat(Services.Select(s => s.Facts.Source.LookAgainAfter)).Min();
}
