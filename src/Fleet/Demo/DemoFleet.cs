using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.Host.Catalog;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Host.Demo;

/// <summary>
/// Something to see for a first look: prices, and simulated clusters of which each wastes something. What is declared is applied as the catalog is; what runs in the clusters is made when they are there,
/// once, so that somebody who plays with it finds it as it was left.
/// </summary>
internal sealed partial class DemoFleet(ManagementSeed seed, IClusterRegistry clusters, string samples, TimeProvider clock, ILogger log)
{
    private const string Namespace = "team-a";
    private static readonly string[] Copies = ["finops-north", "finops-south"];
    private static readonly string[] Manifests = ["credential.yaml", "finops/0-prices.yaml", "finops/1-cluster.yaml", "finops/2-machines.yaml"];
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Ends when all clusters have their workloads. What goes wrong is logged and tried again: a demonstration never keeps a fleet from starting.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var missing = new HashSet<string>(Copies.Append("finops"), StringComparer.Ordinal);
        for (var declared = false; missing.Count > 0 && !ct.IsCancellationRequested;)
        {
            try
            {
                if (!declared)
                    await DeclareAsync(ct);
                declared = true;
                foreach (var name in missing.ToList())
                    if (Find(name) is { } cluster && await FillAsync(cluster, ct))
                        missing.Remove(name);
            }
            catch (Exception e) when (e is KubeApiException or InvalidOperationException or IOException)
            {
                LogLater(e.Message);
            }
            await Task.Delay(Every, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DeclareAsync(CancellationToken ct)
    {
        await seed.NamespacesAsync([Namespace], ct);
        var manifests = Manifests.Select(file => File.ReadAllText(Path.Combine(samples, file))).ToList();
        foreach (var text in manifests.Concat(Copies.Select(name => manifests[2].Replace("name: finops", $"name: {name}", StringComparison.Ordinal).Replace("workersNumber: 2", "workersNumber: 3", StringComparison.Ordinal))))
            await seed.ApplyAllAsync(text, ct);
    }

    /// <summary>False while the cluster has no machine that could run anything.</summary>
    private async Task<bool> FillAsync(IClusterApi cluster, CancellationToken ct)
    {
        if (cluster.List(Fleet.Kubernetes.Core.CoreTypes.Nodes.Kind).Count < 2)
            return false;
        foreach (var manifest in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(Path.Combine(samples, "finops", "3-workloads.yaml"), ct)))
        {
            var kind = cluster.FindKind(GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!))
                ?? throw new InvalidOperationException($"{cluster.Name} does not serve {manifest["kind"]}");
            try
            {
                await cluster.CreateAsync(kind, (JsonObject)manifest.DeepClone(), ct);
            }
            catch (KubeApiException present) when (present.IsAlreadyExists)
            {
                continue;
            }
        }
        return true;
    }

    private IClusterApi? Find(string name) => clusters.Find($"{Namespace}-{name}");

    [LoggerMessage(3901, LogLevel.Warning, "The demonstration fleet is not complete yet: {Reason}")]
    private partial void LogLater(string reason);
}
