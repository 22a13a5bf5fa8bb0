using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Watching;
using Fleet.Contracts;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>Credentials with who uses them, and their rotation.</summary>
internal static class CredentialEndpoints
{
    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(5);

    public static void MapCredentials(this IEndpointRouteBuilder api)
    {
        var kind = AdminKinds.Credentials;
        api.MapGet($"/{kind.Segment}", (HttpContext http, KindListing listing, ClusterWatches watches, CancellationToken ct) =>
                listing.AnswerAsync(http, kind, ct, view => WithUsersAsync(ApiCall.Of(http), watches, view, ct)))
            .Describe<Page<CredentialView>>("listCredentials", "List Credentials: what they refer to and who uses them, never what is in them", kind.Parameters, 410)
            .Cached().WithTags("credentials");
        api.MapGet($"/{kind.Segment}/{{namespace}}/{{name}}", (string @namespace, string name, HttpContext http, IKubernetesClient client, ClusterWatches watches, CancellationToken ct) =>
                GetAsync(http, client, watches, PathNames.Key(@namespace, name), ct))
            .Describe<CredentialView>("getCredential", "One Credential", null, 404).Cached().WithTags("credentials");
        api.MapPost($"/{kind.Segment}/{{namespace}}/{{name}}/actions/rotate", (string @namespace, string name, HttpContext http, IKubernetesClient client, ClusterWatches watches, TimeProvider clock, CancellationToken ct) =>
                RotateAsync(http, client, watches, PathNames.Key(@namespace, name), clock, ct))
            .Describe<CredentialView>("rotateCredential", "Check the identity anew and hand it to every cluster that uses it; nothing is re-created", null, 404)
            .Conditional().WithTags("credentials");
    }

    private static async Task<IResult> GetAsync(HttpContext http, IKubernetesClient client, ClusterWatches watches, ObjectKey key, CancellationToken ct)
    {
        QueryReader.Read(http);
        var call = ApiCall.Of(http);
        var item = await ObjectAnswers.FindAsync(call, client, AdminKinds.Credentials.Resource, key, "get", ct);
        return await AnswerAsync(http, call, watches, item, ct);
    }

    /// <summary>A time in an annotation, which the reconciler answers: the change of identity itself is made where the identity is.</summary>
    private static async Task<IResult> RotateAsync(HttpContext http, IKubernetesClient client, ClusterWatches watches, ObjectKey key, TimeProvider clock, CancellationToken ct)
    {
        QueryReader.Read(http);
        var call = ApiCall.Of(http);
        var kind = AdminKinds.Credentials.Resource;
        var wanted = ETags.Wanted(http.Request, required: false);
        var before = await ObjectAnswers.FindAsync(call, client, kind, key, "patch", ct);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.ReconcileRequested] = clock.GetUtcNow().ToString("O") } },
        };
        var after = await ObjectWrites.PatchAsync(call, client, kind, before, patch, wanted, dryRun: false, ct);
        return await AnswerAsync(http, call, watches, after, ct);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, ApiCall call, ClusterWatches watches, DynamicObject item, CancellationToken ct)
    {
        var view = await WithUsersAsync(call, watches, AdminKinds.Credentials.View(item), ct);
        // Who uses it is not part of the object, so it has to be part of the tag.
        var users = view.UsedBy is null ? "0" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', view.UsedBy))).AsSpan(0, 4));
        return ObjectAnswers.Answer(http, AdminKinds.Credentials, item, view, users);
    }

    private static async Task<CredentialView> WithUsersAsync(ApiCall call, ClusterWatches watches, CredentialView view, CancellationToken ct)
    {
        if (!await call.MayAsync(new("list", AdminKinds.Clusters.Resource, view.Namespace), ct))
            return view;
        watches.Clusters.Start();
        try
        {
            await watches.Clusters.WaitForSyncAsync(ct).WaitAsync(WatchPatience, ct);
        }
        catch (TimeoutException)
        {
            throw new ProblemException(ProblemKind.Unavailable, "the clusters have not been read yet") { RetryAfter = 5 };
        }

        return view with
        {
            UsedBy = [.. watches.Clusters.ByIndex(ClusterWatches.ByCredential, $"{view.Namespace}/{view.Name}").Select(row => row.Key.Name).Order(StringComparer.Ordinal)],
        };
    }
}
