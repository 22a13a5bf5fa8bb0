using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Credentials;
using Fleet.ClusterManager.Providers;
using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Regions;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Helm.Charts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Reads what concerns one ClusterDeployment. Failures of the management API throw: what could not be read is never taken for absent.</summary>
internal sealed class ClusterFactsReader(
    IKubernetesClient client, TemplateLookup templates, ReferenceReader references, ServiceSetLookup sets, ServicePlacementReader placement, ProviderOffers offers, ProviderInterfaces interfaces, ClusterWatches watches, TimeProvider clock)
{
    public async Task<ClusterFacts> ReadAsync(ClusterDeployment cluster, ClusterPlace place, CancellationToken ct)
    {
        var key = cluster.Metadata.Key;
        var template = await templates.FindAsync(cluster.Spec.Template, key.Namespace, ct);
        var (chart, problem) = template?.Status?.Valid == true ? await templates.ChartAsync(template, ct) : default((ChartArchive?, string?));
        var host = place.Host;
        var release = host is null ? null : await host.Records.LatestAsync(key, ct);
        var isForeign = release?.IsOfAnother(cluster.Metadata) == true;
        var facts = new ClusterFacts
        {
            Object = cluster,
            Template = template,
            Chart = chart,
            ChartProblem = problem,
            ProviderProblem = ProviderCheck.Of(template, await offers.InAsync(place.Region?.Name, ct)),
            IdentityKinds = await interfaces.KindsAsync(template?.Status?.Providers ?? [], ct),
            Credential = place.Credential,
            Region = place.Region,
            RegionConflict = place.Conflict,
            HasResourceTemplate = place.Credential is { Spec.IdentityRef: { } identity } && watches.ResourceTemplates.TryGet(ClusterIdentity.Of(identity, key.Namespace).Template, out _),
            References = await references.ReadAsync(cluster, host, ct),
            Release = release,
            IsForeignRelease = isForeign,
            Capi = isForeign || host is null ? null : await host.Capi.FindAsync(key, ct),
            ServiceSets = await sets.OfAsync(key, ct),
        };
        if (host is not null && facts is { Capi: null, IsForeignRelease: false } && ClusterRecreation.WasThere(facts))
            facts = facts with { MachinesLeft = await host.Capi.CountMachinesAsync(key, ct) };
        var installed = facts.Release is null ? template?.Metadata.Name : facts.InstalledTemplate;
        facts = facts with { Services = await placement.ReadAsync(cluster.Spec, facts.OwnServiceSet, key.Namespace, ct) };
        return await WithSecretsAsync(facts with { Upgrades = templates.UpgradesOf(installed, key.Namespace, template?.Metadata.Namespace) }, host, ct);
    }

    private async Task<ClusterFacts> WithSecretsAsync(ClusterFacts facts, CapiHost? host, CancellationToken ct)
    {
        DynamicObject? identity = null;
        var reference = facts.Credential?.Spec.IdentityRef;
        if (reference is { Kind: "Secret", Name: { Length: > 0 } name })
        {
            var key = new ObjectKey(reference.Namespace is { Length: > 0 } named ? named : facts.Key.Namespace, name);
            identity = await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct);
            facts = facts with { IdentitySecret = identity is null ? SecretShape.Missing(key) : SecretShapes.Of(key, identity.Root, clock.GetUtcNow()) };
        }
        if (facts.IsAdopted)
            return facts with { Kubeconfig = new(facts.IdentitySecret?.Key ?? facts.Key, KubeconfigReader.Value(identity)) };
        if (host is null)
            return facts with { Kubeconfig = await CopyAsync(facts, ct) };
        // Without its Cluster a kubeconfig is a leftover.
        return facts with
        {
            Kubeconfig = facts.Capi is { } cluster
                ? await KubeconfigReader.ReadAsync(host.Client, cluster, ct)
                : new(PublishedAt(facts), null),
        };
    }

    private static ObjectKey PublishedAt(ClusterFacts facts) => facts.Key with { Name = facts.Key.Name + "-kubeconfig" };

    /// <summary>What was brought here of a cluster whose region cannot be asked now.</summary>
    private async Task<KubeconfigFacts> CopyAsync(ClusterFacts facts, CancellationToken ct)
    {
        var copy = await client.Dynamic(CoreKinds.Secrets).GetAsync(PublishedAt(facts), ct);
        var isOurs = copy?.Metadata.OwnerReferences?.Exists(owner => owner.Uid == facts.Object.Metadata.Uid) == true;
        return new(PublishedAt(facts), isOurs ? KubeconfigReader.Value(copy) : null);
    }
}
