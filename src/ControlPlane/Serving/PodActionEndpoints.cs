using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>pods/eviction and pods/binding.</summary>
internal static class PodActionEndpoints
{
    private static readonly KindInfo Pods = BuiltInKinds.Find("", "pods");
    private static readonly KindInfo Budgets = BuiltInKinds.Find("policy", "poddisruptionbudgets");

    public static async Task EvictAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request);
        var pod = request.Cluster.Find(Pods, request.Key) ?? throw ApiErrors.NotFound(Pods, request.Key.Name);
        foreach (var stored in request.Cluster.Table(Budgets).State.Range(request.Key.Namespace))
        {
            var budget = stored.Parse();
            if (!LabelSelector.Parse(budget["spec"]?["selector"] as JsonObject).Matches(pod)) continue;
            if ((budget["status"]?["disruptionsAllowed"].Number() ?? 0) > 0) continue;
            throw new KubeApiException(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.",
                new(null, null, null, [new("DisruptionBudget", $"The disruption budget {stored.Key.Name} does not allow evicting pods now", null)], null));
        }
        var options = body["deleteOptions"];
        await request.Cluster.Deleter.DeleteAsync(
            Pods, request.Key, new Deletion(GracePeriodSeconds: options?["gracePeriodSeconds"].Number()), request.Context(), request.Aborted);
        await ResponseBytes.WriteAsync(request.Http.Response, 201, StatusBody.Created());
    }

    public static async Task BindAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request);
        var key = request.Target.Name is null ? new ObjectKey(request.Target.Namespace ?? "", body.Name() ?? "") : request.Key;
        var node = body["target"]?["name"].Text() ?? throw ApiErrors.BadRequest("target.name is required");
        await request.Cluster.Writer.UpdateAsync(
            Pods, key,
            pod =>
            {
                if (pod["spec"] is not JsonObject spec) throw ApiErrors.BadRequest("the pod has no spec");
                if (spec["nodeName"].Text() is { Length: > 0 } present)
                    throw ApiErrors.Conflict(Pods, key.Name, $"pod {key.Name} is already assigned to node \"{present}\"");
                spec["nodeName"] = node;
                return pod;
            },
            new WriteContext { User = request.User.Name, Subresource = "binding" }, request.Aborted);
        await ResponseBytes.WriteAsync(request.Http.Response, 201, StatusBody.Created());
    }
}
