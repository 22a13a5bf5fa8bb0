namespace Fleet.StateManager.Health.Rules;

/// <summary>Flux: one set of conditions for all of its kinds. Providers and alerts have no status since their third version.</summary>
internal static class FluxRules
{
    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        ("helm.toolkit.fluxcd.io", "HelmRelease", Reconciled),
        ("kustomize.toolkit.fluxcd.io", "Kustomization", Reconciled),
        ("source.toolkit.fluxcd.io", "GitRepository", Reconciled),
        ("source.toolkit.fluxcd.io", "OCIRepository", Reconciled),
        ("source.toolkit.fluxcd.io", "Bucket", Reconciled),
        ("source.toolkit.fluxcd.io", "HelmChart", Reconciled),
        ("source.toolkit.fluxcd.io", "HelmRepository", HelmRepository),
        ("image.toolkit.fluxcd.io", "ImageRepository", Reconciled),
        ("image.toolkit.fluxcd.io", "ImagePolicy", Reconciled),
        ("image.toolkit.fluxcd.io", "ImageUpdateAutomation", Reconciled),
        ("notification.toolkit.fluxcd.io", "Receiver", Reconciled),
    ];

    /// <summary>Repositories of OCI charts are only an address: Flux writes no status for them.</summary>
    private static ObjectVerdict HelmRepository(ObservedObject repository) =>
        repository.Text("spec", "type") == "oci" && !repository.Condition("Ready").IsThere ? ObjectVerdict.Healthy : Reconciled(repository);

    private static ObjectVerdict Reconciled(ObservedObject item)
    {
        var ready = item.Condition("Ready");
        var isCurrent = ready.ObservedGeneration is not { } seen || seen >= item.Generation;
        if (ready.IsTrue && isCurrent && !item.Condition("Reconciling").IsTrue)
            return ObjectVerdict.Healthy;
        if (item.Is("spec", "suspend"))
            return ObjectVerdict.Suspended("it is suspended");
        if (item.Condition("Stalled") is { IsTrue: true } stalled)
            return ObjectVerdict.Failed(stalled.Say("it is stalled"));
        if (ready.IsFalse && isCurrent)
            return Waits(ready.Reason) ? ObjectVerdict.Progressing(ready.Say("it waits")) : ObjectVerdict.Failed(ready.Say("it is not ready"));
        if (ready.IsThere && !isCurrent)
            return ObjectVerdict.Progressing("Ready is about an older spec");
        return ObjectVerdict.Progressing(item.Condition("Reconciling") is { IsTrue: true } working ? working.Say("its controller works on it") : ready.Say("its controller has not seen it yet"));
    }

    /// <summary>Reasons of a Ready that is False only for now.</summary>
    private static bool Waits(string reason) => reason is "DependencyNotReady" or "Progressing" or "ProgressingWithRetry" or "SourceNotReady" or "ArtifactFailed";
}
