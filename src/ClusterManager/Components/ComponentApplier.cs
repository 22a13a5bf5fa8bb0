using Fleet.ClusterManager.Releases;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Helm.Errors;
using Fleet.Helm.Owners;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Components;

/// <summary>What came of a step. Failures are results, so that status is always written.</summary>
internal sealed record ComponentResult
{
    /// <summary>Of this attempt, or of the last one when it is not time for another.</summary>
    public Exception? Failure { get; init; }

    /// <summary>When to try again; null when nothing will change without a person.</summary>
    public TimeSpan? Retry { get; init; } = TimeSpan.Zero;

    /// <summary>Installed, upgraded or removed just now.</summary>
    public bool HasChanged { get; init; }
}

/// <summary>Carries out the steps of a plan, those of different releases at the same time (helm's own limit of processes holds). A failure stops nobody else.</summary>
internal sealed class ComponentApplier(IHelm helm, ClusterManagerOptions options)
{
    public async Task<IReadOnlyDictionary<string, ComponentResult>> ApplyAsync(
        ComponentTarget target, ComponentPlan plan, ComponentMemory memory, ReconcileRequest request, CancellationToken ct)
    {
        var work = plan.Steps.Where(step => step.Action is ComponentAction.Install or ComponentAction.Uninstall).ToList();
        var results = await Task.WhenAll(work.Select(step => TryAsync(target, step, memory, request, ct)));
        return work.Zip(results).ToDictionary(pair => pair.First.Release.ToString(), pair => pair.Second, StringComparer.Ordinal);
    }

    private async Task<ComponentResult> TryAsync(ComponentTarget target, ComponentStep step, ComponentMemory memory, ReconcileRequest request, CancellationToken ct)
    {
        var attempts = memory.AttemptsAt(step.Release);
        var wanted = step.Action == ComponentAction.Uninstall ? "uninstall" : step.Fingerprint;
        if (attempts.LastFailure(wanted) is { } last && attempts.Wait(wanted) is not { Ticks: 0 })
            return new() { Failure = last, Retry = attempts.Wait(wanted) };
        if (step.IsRepair && memory.UntilRepair(step.Release) is { Ticks: > 0 } left)
            return new() { Retry = left };
        try
        {
            request.Ownership.EnsureCurrent();
            await (step.Action == ComponentAction.Uninstall ? UninstallAsync(target, step, request.Ownership, ct) : InstallAsync(target, step, request.Ownership, ct));
            attempts.Succeeded(wanted);
            if (step.Action == ComponentAction.Uninstall)
                memory.Forget(step.Release);
            return new() { HasChanged = true };
        }
        catch (HelmException e)
        {
            attempts.Failed(wanted, e);
            return new() { Failure = e, Retry = attempts.Wait(wanted) };
        }
        catch (KubeApiException e)
        {
            var failure = new HelmException(HelmErrorKind.Unknown, e.Message, e);
            attempts.Failed(wanted, failure);
            return new() { Failure = failure, Retry = attempts.Wait(wanted) };
        }
    }

    private async Task InstallAsync(ComponentTarget target, ComponentStep step, GrainOwnership ownership, CancellationToken ct)
    {
        // Helm installs the definitions of a chart once and never again; upstream replaces them with each version.
        await ReplaceDefinitionsAsync(target.Client, step.Chart!.Content.Crds, ownership, ct);
        var releases = new ClusterReleases(helm, target.Client, target.Access, options.HelmTimeout);
        await releases.UpgradeAsync(new(step.Release.Namespace, step.Release.Name), step.Chart, step.Values, step.Options, step.Recovery, ownership, ct);
    }

    private async Task UninstallAsync(ComponentTarget target, ComponentStep step, GrainOwnership ownership, CancellationToken ct)
    {
        var settings = step.Options with { Timeout = options.HelmTimeout };
        await using var hold = await helm.OwnAsync(step.Release, target.Access, ownership, settings.AsUninstall(step.Recovery), ct);
        await helm.FreeAsync(step.Release, target.Access, step.Recovery, ct);
        await helm.UninstallAsync(step.Release, target.Access, settings, ct);
        hold.Gone();
    }

    private static async Task ReplaceDefinitionsAsync(IKubernetesClient client, IReadOnlyList<string> files, GrainOwnership ownership, CancellationToken ct)
    {
        foreach (var definition in files.SelectMany(KubernetesYaml.ReadAll).Where(item => (string?)item["kind"] == CoreKinds.Definitions.Kind))
        {
            // One that is not there is helm's to make, so that the release owns it as in any other cluster.
            await client.Dynamic(CoreKinds.Definitions).PatchFencedAsync(
                new DynamicObject(definition).Key, null, new() { ["spec"] = definition["spec"]?.DeepClone() }, PatchOptions.Default, ownership, ct);
        }
    }
}
