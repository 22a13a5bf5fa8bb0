using Fleet.Contracts.Api;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.StateManager.Api;

namespace Fleet.StateManager.Previews;

/// <summary>
/// <c>POST /api/v1/services/diff</c>: what applying objects would change of services. It writes nothing, but it renders with the rights of services what the
/// caller sends: hence a right of its own, in every namespace that the objects are in, and everywhere for those that have none.
/// </summary>
internal static class ServiceDiffEndpoint
{
    private const int MostObjects = 200;

    public static void MapServiceDiff(this IEndpointRouteBuilder api) =>
        api.MapPost("/services/diff", (HttpContext http, ServiceDiffs diffs, CancellationToken ct) => DiffAsync(http, diffs, ct))
            .Describe<ServiceDiffView>("diffServices", "What applying objects would change of services; nothing is written; needs create on servicesets/diff", null, 422)
            .Takes<ServiceDiffRequest>().WithTags("services");

    private static async Task<IResult> DiffAsync(HttpContext http, ServiceDiffs diffs, CancellationToken ct)
    {
        QueryReader.Read(http);
        var request = await RequestBody.ReadAsync(http, ServiceApiJson.Default.ServiceDiffRequest, ct);
        if (request.Objects is not { Count: > 0 and <= MostObjects } objects || objects.Any(item => item is null))
            throw ProblemException.Invalid("objects", $"must be 1 to {MostObjects} objects");
        var posted = PostedObjects.Read(objects);
        var call = ApiCall.Of(http);
        var namespaces = posted.Clusters.Select(item => item.Metadata.Namespace)
            .Concat(posted.Services.Select(item => item.Metadata.Namespace)).Concat(posted.Templates.Select(item => item.Metadata.Namespace))
            .Concat(posted.Values.Select(item => item.Metadata.Namespace))
            .Select(name => name ?? "").Distinct().Order(StringComparer.Ordinal).ToList();
        if (namespaces.Count == 0)
            namespaces.Add("");
        foreach (var name in namespaces.Where(name => name.Length > 0 && !PathNames.IsNamespace(name)))
            throw ProblemException.Invalid("objects", $"\"{name}\" is no name of a namespace");
        foreach (var @namespace in namespaces)
            await call.RequireAsync(new("create", ServiceRows.Kind, @namespace, null, "diff"), ct);
        return Results.Json(await diffs.OfAsync(posted, request.Manifests != false, ct), ServiceApiJson.Default.ServiceDiffView);
    }
}
