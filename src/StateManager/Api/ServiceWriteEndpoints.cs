using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Api;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.StateManager.Holds;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Api;

/// <summary>
/// What a person does with one service: hold it at a revision, hold it as it is, let it go, roll its workloads. Holding is an annotation of its ServiceSet,
/// so that kubectl can see and make it as well. Each action is a right of its own: <c>patch</c> on <c>servicesets/ACTION</c>.
/// </summary>
internal static class ServiceWriteEndpoints
{
    /// <summary>Status is written while services change; no caller should lose against it.</summary>
    private const int Attempts = 10;

    private static readonly QueryParameter DryRun = new("dryRun", QueryType.Boolean, "Check everything, change nothing.");

    public static void MapServiceWrites(this IEndpointRouteBuilder api)
    {
        api.MapPost(ServiceReadEndpoints.Path + "/actions/rollback", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => RollbackAsync(path, http, ct))
            .Describe<ClusterServiceView>(
                "rollbackService", "Take it back to a revision and keep it there until it is declared otherwise or resumed; needs patch on servicesets/rollback", new([DryRun]), 404, 409, 422)
            .Takes<RollbackRequest>().Conditional().WithTags("services");
        api.MapPost(ServiceReadEndpoints.Path + "/actions/pause", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => PauseAsync(path, http, ct))
            .Describe<ClusterServiceView>("pauseService", "Leave it as it is until it is resumed; needs patch on servicesets/pause", new([DryRun]), 404, 422)
            .Conditional().WithTags("services");
        api.MapPost(ServiceReadEndpoints.Path + "/actions/resume", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => ResumeAsync(path, http, ct))
            .Describe<ClusterServiceView>("resumeService", "Let it follow its declaration again; needs patch on servicesets/resume", new([DryRun]), 404, 409, 422)
            .Conditional().WithTags("services");
        api.MapPost(ServiceReadEndpoints.Path + "/actions/restart", ([AsParameters] ServicePath path, HttpContext http, CancellationToken ct) => RestartAsync(path, http, ct))
            .Describe<RestartView>("restartService", "Roll its workloads, as kubectl rollout restart does; needs patch on servicesets/restart", new([DryRun]), 404, 409)
            .WithTags("services");
    }

    private static async Task<IResult> RollbackAsync(ServicePath path, HttpContext http, CancellationToken ct)
    {
        var (query, wanted) = (QueryReader.Read(http), ETags.Wanted(http.Request, required: false));
        var request = await RequestBody.ReadAsync(http, ServiceApiJson.Default.RollbackRequest, ct);
        if (request.Revision is not ({ } revision and > 0))
            throw ProblemException.Invalid("revision", "must be a revision of the history, for instance 3");
        var (cluster, release) = path.Keys();
        var call = ApiCall.Of(http);
        var row = await Part<ServiceRows>(http).FindAsync(call, cluster, release, "patch", "rollback", ct);
        if (row.Wanted is null)
            throw new ProblemException(ProblemKind.Conflict, $"{release} is no longer declared on {cluster}");
        RequireRunning(row);
        Require(await Part<ServiceReleases>(http).HistoryAsync(cluster, release, ct), release, revision);
        var now = Part<TimeProvider>(http).GetUtcNow();
        return await WriteAsync(http, row, "rollback", wanted, query.Boolean("dryRun") == true, current => current.Wanted is null ? null : new ServiceHold
        {
            Revision = revision, By = call.Caller.Name, Since = now, Declared = ServiceHold.DeclarationOf(current.Wanted),
        }, ct);
    }

    private static async Task<IResult> PauseAsync(ServicePath path, HttpContext http, CancellationToken ct)
    {
        var (query, wanted) = (QueryReader.Read(http), ETags.Wanted(http.Request, required: false));
        var (cluster, release) = path.Keys();
        var call = ApiCall.Of(http);
        var row = await Part<ServiceRows>(http).FindAsync(call, cluster, release, "patch", "pause", ct);
        var now = Part<TimeProvider>(http).GetUtcNow();
        // Who paused it first is who is asked about it.
        return await WriteAsync(http, row, "pause", wanted, query.Boolean("dryRun") == true,
            current => ServiceViewsFrom.HoldOf(current) is { Revision: null, Problem: null } held ? held : new ServiceHold { By = call.Caller.Name, Since = now }, ct);
    }

    private static async Task<IResult> ResumeAsync(ServicePath path, HttpContext http, CancellationToken ct)
    {
        var (query, wanted) = (QueryReader.Read(http), ETags.Wanted(http.Request, required: false));
        var (cluster, release) = path.Keys();
        var row = await Part<ServiceRows>(http).FindAsync(ApiCall.Of(http), cluster, release, "patch", "resume", ct);
        if (ServiceViewsFrom.HoldOf(row) is null)
            RequireRunning(row);
        return await WriteAsync(http, row, "resume", wanted, query.Boolean("dryRun") == true, _ => null, ct);
    }

    private static async Task<IResult> RestartAsync(ServicePath path, HttpContext http, CancellationToken ct)
    {
        var dryRun = QueryReader.Read(http).Boolean("dryRun") == true;
        var (cluster, release) = path.Keys();
        var call = ApiCall.Of(http);
        var row = await Part<ServiceRows>(http).FindAsync(call, cluster, release, "patch", "restart", ct);
        var restarted = await call.WriteAsync(
            Question(row, "restart"), null, dryRun,
            async () => (await Part<ServiceReleases>(http).RestartAsync(cluster, release, dryRun, CancellationToken.None), (JsonObject?)null), ct);
        return restarted.Count > 0
            ? Results.Json(new RestartView { Restarted = restarted }, ServiceApiJson.Default.RestartView)
            : throw new ProblemException(ProblemKind.Conflict, $"release {release} has no Deployment, StatefulSet or DaemonSet on {cluster}");
    }

    private static void RequireRunning(ServiceRow row)
    {
        if (ServiceSetFactsReader.IsPaused(row.Set.Metadata))
            throw new ProblemException(
                ProblemKind.Conflict, $"the whole ServiceSet {row.Set.Metadata.Key} is paused (annotation {FleetLabels.ServiceSetPaused}): nothing is done for it until that is taken away");
    }

    private static void Require(IReadOnlyList<HelmRelease> history, ReleaseName release, int revision)
    {
        var able = history.Where(entry => entry.State is ReleaseState.Deployed or ReleaseState.Superseded).Select(entry => entry.Revision).Order().ToList();
        if (!able.Contains(revision))
            throw new ProblemException(
                ProblemKind.Conflict,
                history.Any(entry => entry.Revision == revision)
                    ? $"revision {revision} of {release} was never deployed; {Those(able)}"
                    : $"release {release} has no revision {revision}; {Those(able)}");
        if (history[0].Revision == revision)
            throw new ProblemException(ProblemKind.Conflict, $"revision {revision} is what runs; pause the service to keep it there");
    }

    private static string Those(List<int> able) => able.Count == 0 ? "there is none to go back to" : $"it can go back to {string.Join(", ", able)}";

    private static Control.Access.AccessQuestion Question(ServiceRow row, string action) =>
        new("patch", ServiceRows.Kind, row.Set.Metadata.Namespace ?? "", row.Set.Metadata.Name, action);

    private static async Task<IResult> WriteAsync(
        HttpContext http, ServiceRow row, string action, string? wanted, bool dryRun, Func<ServiceRow, ServiceHold?> hold, CancellationToken ct)
    {
        var before = await Part<ServiceRows>(http).ReadAsync(row, ct);
        if (!Part<ServiceRows>(http).IsAsSeen(before, wanted))
            ObjectWrites.RequireVersion(before, wanted);
        var after = await ApiCall.Of(http).WriteAsync(Question(row, action), before.Root, dryRun, async () =>
        {
            var written = await PatchAsync(http, row, before, wanted, dryRun, hold);
            return (written, written.Root);
        }, ct);
        http.Response.Headers.ETag = ETags.Strong(after.Metadata.ResourceVersion);
        return Results.Json(ServiceViewsFrom.Detail(RowIn(after, row)), ServiceApiJson.Default.ClusterServiceView);
    }

    private static async Task<DynamicObject> PatchAsync(
        HttpContext http, ServiceRow row, DynamicObject seen, string? wanted, bool dryRun, Func<ServiceRow, ServiceHold?> hold)
    {
        for (var attempt = 1; ; attempt++)
        {
            // The annotation holds other services as well, so the version that it was read at is always a precondition.
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["uid"] = row.Set.Metadata.Uid,
                    ["resourceVersion"] = seen.Metadata.ResourceVersion,
                    ["annotations"] = new JsonObject { [FleetAnnotations.HeldServices] = ServiceHolds.Of(seen.Metadata).With(row.Release, hold(RowIn(seen, row))) },
                },
            };
            try
            {
                return await Part<IKubernetesClient>(http).Dynamic(ServiceRows.Kind).PatchAsync(
                    row.Set.Metadata.Key, Patch.Merge(patch), new() { FieldManager = ObjectWrites.FieldManager, DryRun = dryRun }, CancellationToken.None);
            }
            catch (KubeApiException e) when (e.IsConflict && attempt < Attempts)
            {
                seen = await Part<ServiceRows>(http).ReadAsync(row, CancellationToken.None);
                if (!Part<ServiceRows>(http).IsAsSeen(seen, wanted))
                    throw;
            }
        }
    }

    /// <summary>The same service as another version of its set has it.</summary>
    private static ServiceRow RowIn(DynamicObject item, ServiceRow row) =>
        row.In(item) ?? row with { Set = item.Root.Deserialize(FleetKindsJson.Default.ServiceSet)!, Wanted = null, State = null };

    private static T Part<T>(HttpContext http) where T : notnull => http.RequestServices.GetRequiredService<T>();
}
