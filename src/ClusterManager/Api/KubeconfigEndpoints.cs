using System.Text.RegularExpressions;
using Fleet.Contracts.Api;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>Hands out access to managed clusters: a token of bounded life with a named role, or, to those who may read its Secret, the administrator's kubeconfig.</summary>
internal static partial class KubeconfigEndpoints
{
    /// <summary>The shortest that Kubernetes gives.</summary>
    private const int ShortestLife = 600;

    /// <summary>A working day and a night; longer access should be a user of the cluster itself.</summary>
    private const int LongestLife = 86_400;

    private const int UsualLife = 3600;

    /// <summary>Virtual subresource: the verb is the role that is asked for.</summary>
    private const string Subresource = "kubeconfig";

    public static void MapKubeconfigs(this IEndpointRouteBuilder api) =>
        api.MapPost("/clusters/{namespace}/{name}/kubeconfig", (string @namespace, string name, HttpContext http, IKubernetesClient client, ManagedClusters managed, CancellationToken ct) =>
                IssueAsync(http, client, managed, PathNames.Key(@namespace, name), ct))
            .Describe<KubeconfigView>("issueKubeconfig", "A kubeconfig with a short-lived token; needs the role's name as verb on clusterdeployments/kubeconfig", null, 404, 409)
            .Takes<KubeconfigRequest>().WithTags("clusters");

    private static async Task<IResult> IssueAsync(HttpContext http, IKubernetesClient client, ManagedClusters managed, ObjectKey key, CancellationToken ct)
    {
        QueryReader.Read(http);
        var call = ApiCall.Of(http);
        var wanted = Checked(await RequestBody.ReadAsync(http, ApiJson.Default.KubeconfigRequest, ct));
        await ObjectAnswers.FindAsync(call, client, AdminKinds.Clusters.Resource, key, "get", ct);
        var question = wanted.Admin
            ? new AccessQuestion("get", CoreKinds.Secrets, key.Namespace, ManagedClusters.SecretOf(key).Name)
            : new AccessQuestion(wanted.Role!, AdminKinds.Clusters.Resource, key.Namespace, key.Name, Subresource);
        await call.RequireAsync(question, ct);
        var view = await call.WriteAsync<KubeconfigView>(question, before: null, dryRun: false, async () =>
        {
            // No hash of what is handed out: it is a secret.
            var issued = wanted.Admin
                ? new KubeconfigView { Kubeconfig = await managed.KubeconfigAsync(key, ct) }
                : await managed.CallAsync(key, (inside, endpoint, limit) => new TokenIssue(inside, endpoint, key).IssueAsync(call.Caller, wanted.Role!, wanted.ExpirationSeconds ?? UsualLife, limit), ct);
            return (issued, null);
        }, ct);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(view, ApiJson.Default.KubeconfigView);
    }

    private static KubeconfigRequest Checked(KubeconfigRequest wanted)
    {
        var problems = new List<ProblemField>();
        if (wanted.Admin && (wanted.Role is not null || wanted.ExpirationSeconds is not null))
            problems.Add(new() { Field = "admin", Message = "goes without role and expirationSeconds: it is the administrator's own" });
        if (!wanted.Admin && (wanted.Role is null || !RoleName().IsMatch(wanted.Role)))
            problems.Add(new() { Field = "role", Message = "must be the name of a ClusterRole of the managed cluster, for instance view" });
        if (wanted.ExpirationSeconds is < ShortestLife or > LongestLife)
            problems.Add(new() { Field = "expirationSeconds", Message = $"must be from {ShortestLife} to {LongestLife}" });
        return problems.Count == 0 ? wanted : throw new ProblemException(ProblemKind.Invalid, "the body is wrong", problems);
    }

    // "*" would be every right there is, to RBAC as well as in the question to it.
    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9:._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RoleName();
}
