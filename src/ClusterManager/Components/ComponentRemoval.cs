using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Components;

/// <summary>
/// The order of removing: providers, then Cluster API with the operator that takes the providers' parts away, then what stood before it. The manager itself
/// stays: it is what does the removing. Pure.
/// </summary>
internal static class ComponentRemoval
{
    public static ComponentPlan Next(IReadOnlyList<InstalledComponent> installed)
    {
        var left = installed.Where(component => component.Name != ComponentList.Kcm).ToList();
        if (left.Count == 0)
            return new([]);
        var last = left.Max(Rank);
        return new([.. left.Where(component => Rank(component) == last).OrderBy(component => component.Name, StringComparer.Ordinal)
            .Select(component => new ComponentStep(component.Name, component.Release, ComponentAction.Uninstall)
            {
                Recovery = component.Record.IsPending ? Recovery.GoBack : Recovery.None, Options = new() { Wait = true },
            })]);
    }

    private static int Rank(InstalledComponent component) => component.Name switch
    {
        ComponentList.Regional => 0,
        ComponentList.Capi => 1,
        _ => 2,
    };
}

/// <summary>How far a removal is.</summary>
internal sealed record RemovalReport
{
    /// <summary>Nothing was left to remove.</summary>
    public required bool IsDone { get; init; }

    /// <summary>What is being removed, or why it cannot be.</summary>
    public required string Message { get; init; }

    public bool HasFailed { get; init; }

    public required TimeSpan LookAgain { get; init; }

    public static RemovalReport Of(ComponentPlan plan, IReadOnlyDictionary<string, ComponentResult> results)
    {
        var failures = plan.Steps.Where(step => results[step.Release.ToString()].Failure is not null)
            .Select(step => $"{step.Name}: {results[step.Release.ToString()].Failure!.Message}").ToList();
        var retry = plan.Steps.Select(step => results[step.Release.ToString()]).Where(result => result.Failure is not null).Select(result => result.Retry ?? TimeSpan.FromMinutes(5));
        return new()
        {
            IsDone = plan.Steps.Count == 0,
            HasFailed = failures.Count > 0,
            Message = failures.Count > 0 ? string.Join("; ", failures) : $"removing {string.Join(", ", plan.Steps.Select(step => step.Name))}",
            LookAgain = failures.Count > 0 ? retry.Min() : TimeSpan.FromMilliseconds(100),
        };
    }
}
