using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Bench.Runner;
using Fleet.ControlPlane.Patching;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Objects;

namespace Fleet.Bench.ControlPlane;

/// <summary>
/// A merge patch, a server-side apply that changes one field and the bookkeeping of an update, on a Deployment of about 4 KiB.
/// Beside each a deep copy of the same object is timed, since every one of them has to make at least that.
/// </summary>
internal sealed class Patching : IBenchmark
{
    private const int Rounds = 7;
    private const int Calls = 500;

    public string Name => "controlplane-patching";

    public Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var schema = BuiltInSchemas.Find(GroupVersionKind.Parse("apps/v1", "Deployment"))!;
        var writer = new FieldWriter("bench", "apps/v1", "", DateTimeOffset.UnixEpoch);
        var configuration = Deployment(3);
        var live = ServerSideApply.Apply(null, configuration, schema, writer, force: false);
        var changed = Deployment(4);
        var patch = JsonNode.Parse("""{"spec":{"replicas":4,"template":{"metadata":{"annotations":{"a":"b"}}}}}""");

        var results = new List<BenchResult>
        {
            Compare("merge patch of a 4 KiB Deployment", live, 4, () => JsonMergePatch.Apply(live, patch), ct),
            Compare("server-side apply of a 4 KiB Deployment", live, 40, () => ServerSideApply.Apply(live, changed, schema, writer, force: false), ct),
            Compare("tracking an update of a 4 KiB Deployment", live, 20, () =>
            {
                var next = (JsonObject)live.DeepClone();
                next["spec"]!["replicas"] = 5;
                return ServerSideApply.TrackUpdate(live, next, schema, writer with { Manager = "editor" });
            }, ct),
            Compare("validating a 4 KiB Deployment", live, 8, () => SchemaValidation.Validate(live, null, schema), ct),
        };
        return Task.FromResult<IReadOnlyList<BenchResult>>(results);
    }

    private static BenchResult Compare(string name, JsonObject live, double target, Func<object?> work, CancellationToken ct)
    {
        List<double> ours = [], copies = [];
        // The first rounds warm up.
        for (var round = -3; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            var copy = Microseconds(() => live.DeepClone());
            var own = Microseconds(work);
            if (round < 0) continue;
            copies.Add(copy);
            ours.Add(own);
        }
        double value = Median(ours), baseline = Median(copies), ratio = value / baseline;
        return new BenchResult(name, value, "µs", baseline, ratio, $"ratio <= {target}", ratio <= target);
    }

    private static double Microseconds(Func<object?> work)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++) GC.KeepAlive(work());
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Two containers with environment, probes and resources: what a chart renders.</summary>
    private static JsonObject Deployment(int replicas)
    {
        var containers = new JsonArray();
        for (var c = 0; c < 2; c++)
        {
            var environment = new JsonArray();
            for (var e = 0; e < 12; e++) environment.Add((JsonNode)new JsonObject { ["name"] = $"SETTING_{e}", ["value"] = $"a value of some length, number {e}" });
            containers.Add((JsonNode)new JsonObject
            {
                ["name"] = $"container-{c}",
                ["image"] = "registry.example.com/team/service:1.2.3",
                ["args"] = new JsonArray("--listen=:8080", "--log-level=info", "--config=/etc/service/config.yaml"),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = 8080 + c, ["protocol"] = "TCP" }),
                ["env"] = environment,
                ["resources"] = JsonNode.Parse("""{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}}"""),
                ["livenessProbe"] = JsonNode.Parse("""{"httpGet":{"path":"/live","port":"http"},"periodSeconds":10,"failureThreshold":3}"""),
                ["volumeMounts"] = JsonNode.Parse("""[{"name":"config","mountPath":"/etc/service"},{"name":"scratch","mountPath":"/tmp"}]"""),
            });
        }
        var labels = JsonNode.Parse("""{"app.kubernetes.io/name":"service","app.kubernetes.io/instance":"production","app.kubernetes.io/managed-by":"Helm"}""")!;
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = "service", ["namespace"] = "production", ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = containers,
                        ["volumes"] = JsonNode.Parse("""[{"name":"config","configMap":{"name":"service"}},{"name":"scratch","emptyDir":{}}]"""),
                    },
                },
            },
        };
    }
}
