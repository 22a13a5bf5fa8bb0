using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Api;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Yaml;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.StateManager.Drift.History;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Masking;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Api;

/// <summary>One service on one cluster: state, history, values, manifest.</summary>
internal static class ServiceReadEndpoints
{
    public const string Path = "/services/{namespace}/{cluster}/{serviceNamespace}/{service}";

    private static readonly QueryParameter Revision = new("revision", QueryType.Integer, "Of this revision; the latest when absent.");

    private const int UsualEntries = 100;

    /// <summary>Nobody reads more of them; the worst come first.</summary>
    private const int MostObjects = 200;

    private static readonly QueryParameter Limit = new("limit", QueryType.Integer, $"How many entries at most; {UsualEntries} when absent.") { Most = 1000 };

    public static void MapServiceReads(this IEndpointRouteBuilder api)
    {
        api.MapGet(Path, ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => DescribeAsync(path, http, ct))
            .Describe<ServiceDetailView>("getService", "One service on one cluster: state, revisions, objects", null, 404).WithTags("services");
        api.MapGet(Path + "/history", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => HistoryAsync(path, http, ct))
            .Describe<ServiceHistoryView>("listServiceRevisions", "The revisions of its release, newest first", null, 404, 409).WithTags("services");
        api.MapGet(Path + "/drift", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => DriftAsync(path, http, ct))
            .Describe<ServiceDriftView>("listServiceDrift", "What was found otherwise than declared, who changed it, and what was done; newest first", new([Limit]), 404).WithTags("services");
        api.MapGet(Path + "/values", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => ValuesAsync(path, http, ct))
            .Describe<ServiceValuesView>("explainServiceValues", "What its chart would see now, and where each value is from; needs get on servicesets/values", null, 404, 409).WithTags("services");
        api.MapGet(Path + "/manifest", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => ManifestAsync(path, http, ct))
            .Describe<ServiceManifestView>("getServiceManifest", "The objects of a revision, secrets masked; needs get on servicesets/manifest", new([Revision]), 404, 409).WithTags("services");
    }

    private static async Task<IResult> DescribeAsync([AsParameters] ServicePath path, HttpContext http, CancellationToken ct)
    {
        QueryReader.Read(http);
        var (cluster, release) = path.Keys();
        var row = await Part<ServiceRows>(http).FindAsync(ApiCall.Of(http), cluster, release, "get", null, ct);
        var view = ServiceViewsFrom.Detail(row);
        if (row.Wanted is not null)
            view = (await SourceAsync(http, row, ct)) switch
            {
                ServiceSource.Found found => view with
                {
                    Chart = $"{found.Chart.Name}-{found.Chart.Version}",
                    AppVersion = found.Chart.Content.Metadata.AppVersion is { Length: > 0 } version ? version : null,
                    ValuesHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalValues.ToText(found.Values)))),
                },
                ServiceSource.Blocked blocked => view with { Problem = blocked.Message },
                _ => view,
            };
        var releases = Part<ServiceReleases>(http);
        try
        {
            var history = await releases.HistoryAsync(cluster, release, ct);
            var manifest = history.Count == 0 ? null : await releases.ManifestAsync(cluster, release, history[0].Revision, ct);
            var declared = manifest?.Manifest.Objects ?? [];
            view = view with
            {
                Revisions = [.. history.Select(revision => ServiceViewsFrom.Revision(revision, row))],
                Objects = [.. declared.Take(MostObjects).Select(ServiceViewsFrom.Object)],
                ObjectCount = declared.Count,
            };
            if (manifest is not null)
            {
                var rules = Part<HealthRuleBook>(http).For(cluster.Namespace);
                var health = await releases.HealthAsync(cluster, release, declared, rules, HealthRuleOwner.Of(row.Set.Metadata), ct);
                view = view with { Objects = [.. health.Take(MostObjects).Select(ServiceViewsFrom.Object)], ObjectCount = health.Count };
            }
        }
        catch (ProblemException e)
        {
            // What the management cluster knows is told all the same.
            view = view with { ClusterProblem = e.Message };
        }
        // Last, because callers act on this version next, and a cluster may take seconds to answer.
        var now = await Part<ServiceRows>(http).NowAsync(row, ct);
        view = ServiceViewsFrom.Detail(now) with
        {
            Chart = view.Chart, AppVersion = view.AppVersion, ValuesHash = view.ValuesHash, Problem = view.Problem,
            Revisions = view.Revisions, Objects = view.Objects, ObjectCount = view.ObjectCount, ClusterProblem = view.ClusterProblem,
        };
        http.Response.Headers.ETag = ETags.Strong(now.Set.Metadata.ResourceVersion);
        return Results.Json(view, ServiceApiJson.Default.ServiceDetailView);
    }

    private static async Task<IResult> HistoryAsync([AsParameters] ServicePath path, HttpContext http, CancellationToken ct)
    {
        QueryReader.Read(http);
        var (cluster, release) = path.Keys();
        var row = await Part<ServiceRows>(http).FindAsync(ApiCall.Of(http), cluster, release, "get", null, ct);
        var history = await Part<ServiceReleases>(http).HistoryAsync(cluster, release, ct);
        return Results.Json(
            new ServiceHistoryView { Revisions = [.. history.Select(revision => ServiceViewsFrom.Revision(revision, row))] }, ServiceApiJson.Default.ServiceHistoryView);
    }

    private static async Task<IResult> DriftAsync([AsParameters] ServicePath path, HttpContext http, CancellationToken ct)
    {
        var limit = QueryReader.Read(http).Integer("limit") ?? UsualEntries;
        var (cluster, release) = path.Keys();
        await Part<ServiceRows>(http).FindAsync(ApiCall.Of(http), cluster, release, "get", null, ct);
        try
        {
            var found = await Part<IDriftHistory>(http).FindAsync(cluster, release, limit, ct)
                ?? throw new ProblemException(ProblemKind.HistoryUnavailable, "the history of drift goes to the log of this process; with --postgres FILE it can be asked here");
            return Results.Json(new ServiceDriftView { Entries = [.. found.Select(ServiceViewsFrom.Drift)] }, ServiceApiJson.Default.ServiceDriftView);
        }
        catch (DriftHistoryException e)
        {
            throw new ProblemException(ProblemKind.HistoryUnavailable, e.Message);
        }
    }

    private static async Task<IResult> ValuesAsync([AsParameters] ServicePath path, HttpContext http, CancellationToken ct)
    {
        QueryReader.Read(http);
        var (cluster, release) = path.Keys();
        var row = await Part<ServiceRows>(http).FindAsync(ApiCall.Of(http), cluster, release, "get", "values", ct);
        if (row.Wanted is null)
            throw new ProblemException(ProblemKind.Conflict, $"{release} is no longer declared on {cluster}");
        return (await SourceAsync(http, row, ct)) switch
        {
            ServiceSource.Found found => Results.Json(ValueViewsFrom.Of(found), ServiceApiJson.Default.ServiceValuesView),
            ServiceSource.Blocked blocked => throw new ProblemException(ProblemKind.Conflict, blocked.Message),
            _ => throw new ProblemException(ProblemKind.Conflict, $"{release} has no Helm values"),
        };
    }

    private static async Task<IResult> ManifestAsync([AsParameters] ServicePath path, HttpContext http, CancellationToken ct)
    {
        var wanted = QueryReader.Read(http).Integer("revision");
        var (cluster, release) = path.Keys();
        var row = await Part<ServiceRows>(http).FindAsync(ApiCall.Of(http), cluster, release, "get", "manifest", ct);
        if (await Part<ServiceReleases>(http).ManifestAsync(cluster, release, wanted, ct) is not ({ } revision, { } manifest))
            throw new ProblemException(ProblemKind.NotFound, wanted is null ? $"{cluster} has no release {release}" : $"release {release} has no revision {wanted}");
        var secrets = RevisionSecrets.Of(row.Wanted is null ? null : await SourceAsync(http, row, ct), manifest);
        var mask = ManifestMask.Of(secrets, manifest.Objects);
        return Results.Json(
            new ServiceManifestView { Revision = revision, Manifest = KubernetesYaml.WriteAll(ManifestMask.Apply(manifest.Objects, mask)) }, ServiceApiJson.Default.ServiceManifestView);
    }

    private static async Task<ServiceSource> SourceAsync(HttpContext http, ServiceRow row, CancellationToken ct) =>
        (await Part<ServiceSources>(http).FindAsync(new() { Metadata = row.Set.Metadata, Spec = row.Set.Spec with { Services = [row.Wanted!] } }, row.Cluster, new(), ct))[0];

    private static T Part<T>(HttpContext http) where T : notnull => http.RequestServices.GetRequiredService<T>();
}
