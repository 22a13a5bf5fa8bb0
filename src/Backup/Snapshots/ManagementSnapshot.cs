using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Backup.Postgres;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Snapshots;

/// <summary>Everything that a management plane cannot be brought back without, into one archive.</summary>
public sealed class ManagementSnapshot(SnapshotOptions options, TimeProvider clock)
{
    public const string PostgresPart = "postgresql/fleet";

    private static readonly ResourceKind Regions = new(FleetApi.Group, FleetApi.Version, "Region", "regions", Namespaced: false);
    private static readonly ResourceKind Managements = new(FleetApi.Group, FleetApi.Version, "Management", "managements", Namespaced: false);

    /// <summary>Version of this Fleet.</summary>
    public static string Version { get; } = typeof(ManagementSnapshot).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Writes a whole archive; the stream stays the caller's.</summary>
    /// <exception cref="KubeApiException">The management cluster could not be read: there is no half backup of it.</exception>
    public async Task<ArchiveManifest> WriteAsync(Stream target, ArchiveSecret secret, IProgress<SnapshotProgress>? progress, CancellationToken ct)
    {
        using var archive = await ArchiveWriter.StartAsync(target, secret, clock.GetUtcNow(), ct);
        // The database first: rows that speak of objects made since are harmless, objects that the history does not know are not missed either.
        if (options.Postgres is { } postgres)
        {
            await archive.WriteAsync(new(PostgresPart, PartContent.PostgresDump), async stream =>
            {
                await PostgresTools.DumpAsync(PostgresConnection.Parse(postgres), stream, ct);
                return 0;
            }, ct);
            progress?.Report(new(PostgresPart, archive.Parts.Count, 0));
        }

        List<string> missing = [.. await new ClusterSnapshot(options.Management, archive, options, null, progress).WriteAsync(ct)];
        var warnings = new List<string>();
        if (options.Regions)
            await WriteRegionsAsync(archive, missing, warnings, progress, ct);
        return await archive.CompleteAsync(await OriginAsync(ct), clock.GetUtcNow(), missing, warnings, ct);
    }

    private async Task WriteRegionsAsync(ArchiveWriter archive, List<string> missing, List<string> warnings, IProgress<SnapshotProgress>? progress, CancellationToken ct)
    {
        if (await options.Management.FindKindAsync(Regions.GroupVersionKind, ct) is null)
            return;
        foreach (var region in (await options.Management.Dynamic(Regions).ListAsync(ListOptions.All, ct)).Items)
        {
            try
            {
                using var client = await ConnectAsync(region, ct);
                if (client is null)
                    warnings.Add($"Region {region.Key.Name} is not in this backup: it names no kubeconfig that is there.");
                else
                    missing.AddRange(await new ClusterSnapshot(client, archive, options, region.Key.Name, progress).WriteAsync(ct));
            }
            catch (Exception e) when (e is KubeApiException or KubeConfigException)
            {
                warnings.Add($"Region {region.Key.Name} is not, or not whole, in this backup: {e.Message}");
            }
        }
    }

    private async Task<IKubernetesClient?> ConnectAsync(DynamicObject region, CancellationToken ct)
    {
        if ((string?)region.At("spec", "kubeConfig", "name") is not { } name)
            return null;
        var key = (string?)region.At("spec", "kubeConfig", "key") ?? "value";
        foreach (var home in options.SystemNamespaces)
        {
            if (await options.Management.Dynamic(CoreKinds.Secrets).GetAsync(new(home, name), ct) is { } secret && (string?)secret.At("data", key) is { } data)
            {
                var text = Encoding.UTF8.GetString(Convert.FromBase64String(data));
                return KubernetesClient.Create(
                    KubeConfig.Parse(text, $"Secret {home}/{name}").Endpoint(new() { AllowExec = false, AllowFiles = false }), options.RegionClients);
            }
        }

        return null;
    }

    private async Task<BackupOrigin> OriginAsync(CancellationToken ct)
    {
        var system = await options.Management.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), ct);
        IReadOnlyList<DynamicObject> managements = await options.Management.FindKindAsync(Managements.GroupVersionKind, ct) is null
            ? []
            : (await options.Management.Dynamic(Managements).ListAsync(ListOptions.All, ct)).Items;
        return new()
        {
            FleetVersion = Version,
            ClusterUid = system?.Metadata.Uid,
            KubernetesVersion = await VersionAsync(ct),
            ManagementBackup = options.ManagementBackup,
            Release = managements is [var management, ..] ? (string?)management.At("spec", "release") : null,
        };
    }

    private async Task<string?> VersionAsync(CancellationToken ct)
    {
        using var response = await options.Management.GetRawAsync("version", ct);
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(ct))?["gitVersion"];
    }
}
