using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Control.Clusters;
using Fleet.Control.Kinds;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Health;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Api;

/// <summary>
/// Releases in clusters on behalf of callers of the API. Each call has a connection and a time limit of its own: a caller never waits for the grain of the
/// cluster, which may be in the middle of an upgrade. What goes wrong is a <see cref="ProblemException"/>.
/// </summary>
internal sealed class ServiceReleases(IKubernetesClient management, ManagedClusters clusters, IHelm helm, AdminApiOptions options, TimeProvider clock)
{
    /// <summary>As kubectl rollout restart writes it.</summary>
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";

    /// <summary>What rolls out anew when its template changes.</summary>
    private static readonly ResourceKind[] Restartable =
    [
        new("apps", "v1", "Deployment", "deployments", true),
        new("apps", "v1", "StatefulSet", "statefulsets", true),
        new("apps", "v1", "DaemonSet", "daemonsets", true),
    ];

    private readonly Kubeconfigs kubeconfigs = new(management);

    /// <summary>Newest first; empty when there is no such release.</summary>
    public async Task<IReadOnlyList<HelmRelease>> HistoryAsync(ObjectKey cluster, ReleaseName release, CancellationToken ct)
    {
        var access = new ClusterAccess(await KubeconfigAsync(cluster, ct));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.ManagedClusterTimeout);
        try
        {
            return await helm.HistoryAsync(release, access, limit.Token);
        }
        catch (HelmException e)
        {
            throw new ProblemException(e.IsTransient ? ProblemKind.HelmUnavailable : ProblemKind.Helm, e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ProblemException(ProblemKind.ManagedCluster, $"{cluster} did not answer within {options.ManagedClusterTimeout.TotalSeconds:0} s");
        }
    }

    /// <summary>What a revision declares; null when there is no such revision.</summary>
    /// <param name="revision">Null: the latest.</param>
    public Task<(int Revision, ReleaseManifest Manifest)?> ManifestAsync(ObjectKey cluster, ReleaseName release, int? revision, CancellationToken ct) =>
        CallAsync(cluster, async (client, stop) =>
        {
            if ((revision ?? (await LatestAsync(client, release, stop))?.Revision) is not { } wanted)
                return null;
            var key = new ObjectKey(release.Namespace, string.Create(CultureInfo.InvariantCulture, $"sh.helm.release.v1.{release.Name}.v{wanted}"));
            if ((string?)(await client.Dynamic(CoreKinds.Secrets).GetAsync(key, stop))?.At("data", "release") is not { } encoded)
                return ((int, ReleaseManifest)?)null;
            try
            {
                return (wanted, ReleaseManifest.Read(Convert.FromBase64String(encoded)));
            }
            catch (Exception e) when (e is InvalidDataException or FormatException)
            {
                throw new ProblemException(ProblemKind.ManagedCluster, $"the record of release {release}, revision {wanted}, cannot be read: {e.Message}");
            }
        }, ct);

    /// <summary>How the objects are now; those that are worst first.</summary>
    public Task<IReadOnlyList<ObjectHealth>> HealthAsync(
        ObjectKey cluster, ReleaseName release, IReadOnlyList<JsonObject> declared, HealthRuleSet rules, string owner, CancellationToken ct) =>
        CallAsync(cluster, (client, stop) => new ObjectHealthReader(client, rules, owner).ReadAsync(release, declared, stop), ct);

    /// <summary>The latest revision as its record shows it, with the identity of the cluster.</summary>
    public Task<(string Uid, IReadOnlyDictionary<ReleaseName, ReleaseRecord> Records)> RecordsAsync(ObjectKey cluster, CancellationToken ct) =>
        CallAsync(cluster, async (client, stop) =>
        {
            var system = await client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), stop);
            var records = await client.Resource(ReleaseSecret.Type).ListAsync(new() { LabelSelector = ReleaseSecret.Selector }, stop);
            var latest = records.Items.Select(ReleaseRevision.Of).OfType<ReleaseRevision>()
                .GroupBy(revision => revision.Release).ToDictionary(group => group.Key, group => group.MaxBy(revision => revision.Record.Revision)!.Record);
            return (system?.Metadata.Uid ?? "", (IReadOnlyDictionary<ReleaseName, ReleaseRecord>)latest);
        }, ct);

    /// <summary>Rolls the workloads of a release, as <c>kubectl rollout restart</c> does. Gives their names; empty when there are none.</summary>
    public Task<IReadOnlyList<string>> RestartAsync(ObjectKey cluster, ReleaseName release, bool dryRun, CancellationToken ct) =>
        CallAsync(cluster, async (client, stop) =>
        {
            var patch = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["template"] = new JsonObject
                    {
                        ["metadata"] = new JsonObject
                        {
                            ["annotations"] = new JsonObject { [RestartedAt] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) },
                        },
                    },
                },
            };
            var restarted = new List<string>();
            foreach (var kind in Restartable)
            {
                var found = await client.Dynamic(kind).ListAsync(
                    new() { LabelSelector = HelmMetadata.Selector }, workload => HelmMetadata.ReleaseOf(workload.Root) == release ? workload.Key : default(ObjectKey?), stop);
                foreach (var workload in found.Items.OfType<ObjectKey>().Order())
                {
                    await client.Dynamic(kind).PatchAsync(workload, Patch.Merge(patch), new() { FieldManager = ObjectWrites.FieldManager, DryRun = dryRun }, stop);
                    restarted.Add($"{kind.Kind} {workload}");
                }
            }
            return (IReadOnlyList<string>)restarted;
        }, ct);

    /// <exception cref="ProblemException">There is none yet.</exception>
    public async Task<string> KubeconfigAsync(ObjectKey cluster, CancellationToken ct) =>
        await kubeconfigs.FindAsync(cluster, ct) ?? throw new ProblemException(ProblemKind.Conflict, $"{cluster} has no kubeconfig yet");

    private async Task<T> CallAsync<T>(ObjectKey cluster, Func<IKubernetesClient, CancellationToken, Task<T>> call, CancellationToken ct) =>
        await clusters.CallAsync(cluster, await KubeconfigAsync(cluster, ct), (client, _, stop) => call(client, stop), ct);

    private static async Task<ReleaseRecord?> LatestAsync(IKubernetesClient client, ReleaseName release, CancellationToken ct)
    {
        var records = await client.Resource(ReleaseSecret.Type).ListAsync(new() { Namespace = release.Namespace, LabelSelector = $"{ReleaseSecret.Selector},name={release.Name}" }, ct);
        return records.Items.Select(ReleaseRevision.Of).OfType<ReleaseRevision>().MaxBy(revision => revision.Record.Revision)?.Record;
    }
}
