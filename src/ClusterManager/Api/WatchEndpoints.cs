using Fleet.ClusterManager.Api.Streams;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>Changes as they happen, as server-sent events.</summary>
internal static class WatchEndpoints
{
    private static readonly QueryParameters Parameters = new(
    [
        new("kinds", QueryType.Text, $"What to follow, separated by commas: {string.Join(", ", AdminKinds.Watched.Select(kind => kind.Segment))}.")
        {
            IsRequired = true, Among = [.. AdminKinds.Watched.Select(kind => kind.Segment)],
        },
        new("namespace", QueryType.Text, "Only this namespace.") { Longest = 63 },
    ]);

    public static void MapWatch(this IEndpointRouteBuilder api) =>
        api.MapGet("/watch", (HttpContext http, StreamParts parts, CallLimits limits, CancellationToken ct) => OpenAsync(http, parts, limits, ct))
            .WithMetadata(new TakesLastEventId())
            .Describe<string>("watch", "Changes as server-sent events: added, modified, deleted; resync and synced around a new list; closing at the end", Parameters)
            .Produces<string>(200, ChangeStream.MediaType).WithTags("watch");

    private static async Task<IResult> OpenAsync(HttpContext http, StreamParts parts, CallLimits limits, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var call = ApiCall.Of(http);
        var named = query.Text("kinds")!.Split(',').Distinct().ToList();
        var @namespace = query.Text("namespace");
        if (@namespace is not null && !PathNames.IsNamespace(@namespace))
            throw ProblemException.Invalid("?namespace", "must be a name of a namespace");
        var kinds = AdminKinds.Watched.Where(kind => named.Contains(kind.Segment)).ToList();
        foreach (var kind in kinds)
        {
            if (@namespace is not null && !kind.Resource.Namespaced)
                throw ProblemException.Invalid("?namespace", $"{kind.Segment} have no namespace");
            // Without the right everywhere each object is asked about, unless there is but one question to ask.
            if (@namespace is not null || !kind.Resource.Namespaced)
                await call.RequireAsync(new("watch", kind.Resource, @namespace ?? ""), ct);
            else
                await call.MayAsync(new("watch", kind.Resource, ""), ct);
        }

        var position = StreamPosition.Parse(http.Request.Headers["Last-Event-ID"].ToString(), [.. kinds.Select(kind => kind.Segment)]);
        return new ChangeStream(parts, call, kinds, @namespace, position, limits.AdmitStream());
    }
}
