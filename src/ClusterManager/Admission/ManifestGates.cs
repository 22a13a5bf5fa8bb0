namespace Fleet.ClusterManager.Admission;

/// <summary>What can be judged without a gate.</summary>
public static class ManifestGates
{
    /// <summary>Without any facts: what a server does before there is somebody to ask.</summary>
    public static ManifestVerdict JudgeAlone(ManifestChange change)
    {
        if (change.Wanted is not { } wanted)
            return ManifestVerdict.Allowed;
        var problems = ManifestRules.Check(change.Group, change.Kind, wanted, change.Old);
        return problems.Count > 0 ? new() { Problems = problems } : new() { Warnings = IgnoredFields.Warnings(change.Kind, wanted) };
    }
}
