using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.Rest.Streams;

/// <summary>Changes as they happen, as server-sent events: of all kinds that the services of this process have to tell of (their <see cref="ApiKind"/>s).</summary>
internal static class WatchEndpoint
{
    public static void MapWatch(this IEndpointRouteBuilder api)
    {
        var known = api.ServiceProvider.GetServices<ApiKind>().ToList();
        if (known.Count == 0)
            return;
        var segments = known.Select(kind => kind.Segment).ToList();
        var parameters = new QueryParameters(
        [
            new("kinds", QueryType.Text, $"What to follow, separated by commas: {string.Join(", ", segments)}.") { IsRequired = true, Among = [.. segments] },
            new("namespace", QueryType.Text, "Only this namespace.") { Longest = 63 },
        ]);
        api.MapGet("/watch", (HttpContext http, StreamParts parts, CallLimits limits, CancellationToken ct) => OpenAsync(http, known, parts, limits, ct))
            .WithMetadata(new TakesLastEventId())
            .Describe<string>("watch", "Changes as server-sent events: added, modified, deleted; resync and synced around a new list; closing at the end", parameters)
            .Produces<string>(200, ChangeStream.MediaType).WithTags("watch");
    }

    private static async Task<IResult> OpenAsync(HttpContext http, List<ApiKind> known, StreamParts parts, CallLimits limits, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var call = ApiCall.Of(http);
        var named = query.Text("kinds")!.Split(',').Distinct().ToList();
        var @namespace = query.Text("namespace");
        if (@namespace is not null && !PathNames.IsNamespace(@namespace))
            throw ProblemException.Invalid("?namespace", "must be a name of a namespace");
        var kinds = known.Where(kind => named.Contains(kind.Segment)).ToList();
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
