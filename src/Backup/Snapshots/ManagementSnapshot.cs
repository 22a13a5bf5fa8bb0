using System.Reflection;
using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Backup.Postgres;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Control.Regions;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Snapshots;

/// <summary>Everything that a management plane cannot be brought back without, into one archive.</summary>
public sealed class ManagementSnapshot(SnapshotOptions options, TimeProvider clock)
{
    public const string PostgresPart = "postgresql/fleet";

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
            progress?.Report(new(PostgresPart, 0, 1, 0));
        }

        var (missing, warnings) = (new List<string>(), new List<string>());
        await WriteClusterAsync(new(options.Management, archive, options, null, progress), "", missing, warnings, ct);
        archive.Regions = options.Regions ? await WriteRegionsAsync(archive, missing, warnings, progress, ct) : [];
        warnings.AddRange(archive.Regions.Where(region => region.Error is not null).Select(region => $"Region {region.Name} is not, or not whole, in this backup: {region.Error}"));
        return await archive.CompleteAsync(await OriginAsync(ct), clock.GetUtcNow(), missing, warnings, ct);
    }

    private static async Task WriteClusterAsync(ClusterSnapshot cluster, string of, List<string> missing, List<string> warnings, CancellationToken ct)
    {
        missing.AddRange(await cluster.WriteAsync(ct));
        if (cluster.Later.Count > 0)
            warnings.Add($"Not of the same moment as the rest{of}, since the API server had forgotten it by then: {string.Join(", ", cluster.Later)}");
    }

    private async Task<List<ArchivedRegion>> WriteRegionsAsync(ArchiveWriter archive, List<string> missing, List<string> warnings, IProgress<SnapshotProgress>? progress, CancellationToken ct)
    {
        var taken = new List<ArchivedRegion>();
        if (await options.Management.FindKindAsync(FleetKinds.Regions.Kind.GroupVersionKind, ct) is null)
            return taken;
        var reader = new RegionReader(options.Management, new(options.SystemNamespaces));
        foreach (var region in (await options.Management.Resource(FleetKinds.Regions).ListAsync(ListOptions.All, ct)).Items)
        {
            var name = region.Metadata.Key.Name;
            try
            {
                var address = await reader.FollowAsync(region, ct);
                if (address.Kubeconfig is not { } kubeconfig)
                {
                    taken.Add(new(name, address.Problem ?? "it names no kubeconfig that is there"));
                    continue;
                }

                using var client = KubernetesClient.Create(
                    KubeConfig.Parse(kubeconfig, address.ToString()).Endpoint(new() { AllowExec = false, AllowFiles = false }), options.RegionClients);
                await WriteClusterAsync(new(client, archive, options, name, progress), $" of Region {name}", missing, warnings, ct);
                taken.Add(new(name));
            }
            catch (Exception e) when (e is KubeApiException or KubeConfigException)
            {
                taken.Add(new(name, e.Message));
            }
        }

        return taken;
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
