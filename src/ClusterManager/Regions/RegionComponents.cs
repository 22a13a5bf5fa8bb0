using Fleet.ClusterManager.Components;
using Fleet.Contracts;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Regions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Regions;

/// <summary>Installs what a Region asks for in its cluster, from the release of the management cluster, and removes it in the end.</summary>
internal sealed class RegionComponents(IKubernetesClient client, ComponentEngine engine, ProviderUsers users, ComponentEvents events)
{
    /// <summary>
    /// Null when nothing is known of components: the region cannot be worked with, or nothing is to be installed. Throws <see cref="KubeApiException"/> when either
    /// API cannot be read.
    /// </summary>
    public async Task<RegionReport?> RunAsync(RegionFacts facts, RegionSession session, ReconcileRequest request, CancellationToken ct)
    {
        var region = facts.Object;
        if (await client.Resource(FleetKinds.Managements).GetAsync(ObjectKey.Cluster(ManagementSpec.SingletonName), ct) is not { } management)
            return WithoutRelease(region, null);
        // What is installed at home comes first: a region is not ahead of it.
        var name = management.Status?.Release is { Length: > 0 } installed ? installed : management.Spec.Release;
        if (await client.Resource(FleetKinds.Releases).GetAsync(ObjectKey.Cluster(name), ct) is not { } release)
            return WithoutRelease(region, $"Release {name} not found");
        if (!facts.View.IsPaused)
            await session.Host.EnsureNamespaceAsync(FleetApi.SystemNamespace, request.Ownership, ct);
        var report = await engine.RunAsync(
            new()
            {
                Target = TargetOf(region, session),
                Wanted = ComponentList.OfRegion(release, region.Spec.Core, region.Spec.Providers),
                HeldBy = facts.View.IsPaused ? $"Region {region.Metadata.Name} is paused" : null,
                Users = await users.InAsync(region.Metadata.Name, ct),
                Seen = region.Status,
            },
            request, ct);
        return new(report, report.Problems, report.LookAgain);
    }

    public Task<RemovalReport> RemoveAsync(RegionFacts facts, RegionSession session, ReconcileRequest request, CancellationToken ct) =>
        engine.RemoveAsync(TargetOf(facts.Object, session), request, ct);

    public void Tell(Region region, IReadOnlyList<Condition> conditions, RegionReport? report) =>
        events.Tell(FleetKinds.Regions.Kind, region.Metadata, region.Status?.Conditions, conditions, report?.Report?.Events ?? []);

    private static RegionReport? WithoutRelease(Region region, string? problem)
    {
        var isWanted = region.Spec is { Core: not null } or { Providers.Count: > 0 };
        problem ??= isWanted ? $"there is no Management {ManagementSpec.SingletonName}, whose Release would say what components are installed from" : null;
        return problem is null ? null : new(null, [problem], TimeSpan.FromMinutes(1));
    }

    private static ComponentTarget TargetOf(Region region, RegionSession session) =>
        new() { Client = session.Host.Client, Access = session.Host.Access, Owner = region.Metadata };
}

/// <param name="Report">Null when it is not known what is wanted.</param>
/// <param name="Problems">What is not in order.</param>
/// <param name="LookAgain">When to look again.</param>
internal sealed record RegionReport(ComponentsReport? Report, IReadOnlyList<string> Problems, TimeSpan LookAgain)
{
    public RegionStatus Into(RegionStatus status) => Report is null ? status : Report.Into(status);
}
