using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Printing;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>metrics.k8s.io: computed by the simulation when asked for.</summary>
internal sealed class MetricsEndpoint(ISimulatedMetrics? metrics)
{
    public async Task HandleAsync(ApiRequest request)
    {
        var kind = request.Kind;
        if (request.Verb is not ("get" or "list")) throw ApiErrors.MethodNotAllowed();
        var fault = request.Cluster.Fault?.Metrics;
        if (fault is { Latency.Ticks: > 0 }) await Task.Delay(fault.Latency, request.Cluster.Settings.Clock, request.Aborted);
        if (fault is { Mode: MetricsFaultMode.Error })
            throw new KubeApiException(500, "InternalError", $"Internal error occurred: failed to get {kind.Kind}: the metrics store has no answer (simulated)");
        if (fault is { Mode: MetricsFaultMode.Malformed }) await BrokenBody.WriteAsync(request.Http.Response, 200, "{\"kind\":\"" + kind.ListKind + "\",\"items\":[{\"metadata\":{\"name\":", "application/json");
        else await AnswerAsync(request, kind);
    }

    private Task AnswerAsync(ApiRequest request, KindInfo kind)
    {
        var response = request.Http.Response;
        if (request.Verb == "get")
        {
            var one = kind.Namespaced
                ? metrics?.Pod(request.Cluster, request.Key.Namespace, request.Key.Name)
                : metrics?.Node(request.Cluster, request.Key.Name);
            return ResponseBytes.WriteAsync(response, 200, one ?? throw ApiErrors.NotFound(kind, request.Key.Name));
        }
        var items = (kind.Namespaced
            ? metrics?.Pods(request.Cluster, request.Target.Namespace, request.Query("labelSelector"))
            : metrics?.Nodes(request.Cluster, request.Query("labelSelector"))) ?? [];
        if (AcceptHeader.Read(request.Http.Request.Headers.Accept) == Representation.Table)
            return ResponseBytes.WriteAsync(response, 200, Table(kind, items, request));
        return ResponseBytes.WriteAsync(response, 200, new JsonObject
        {
            ["kind"] = kind.ListKind,
            ["apiVersion"] = kind.ApiVersion,
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. items]),
        });
    }

    private static JsonObject Table(KindInfo kind, IReadOnlyList<JsonObject> items, ApiRequest request)
    {
        var printer = Printers.For(kind);
        var now = request.Cluster.Settings.Clock.GetUtcNow();
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject(),
            ["columnDefinitions"] = new JsonArray([.. printer.Columns.Select(c => (JsonNode)c.ToJson())]),
            ["rows"] = new JsonArray([.. items.Select(i => (JsonNode)new JsonObject { ["cells"] = printer.Cells(i, now), ["object"] = PartialMetadata.Of(i) })]),
        };
    }
}
