using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>A StateManager with the chart <see cref="VariedChart"/> and its template.</summary>
public class DriftEnvironment : StateManagerEnvironment
{
    private static readonly ResourceKind Events = new("events.k8s.io", "v1", "Event", "events", true);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var folder = new TemporaryFolder("varied");
        await AddChartAsync(VariedChart.Write(folder));
        await ApplyAsync((JsonObject)JsonNode.Parse($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceTemplate","metadata":{"name":"varied","namespace":"{{{Namespace}}}"},
             "spec":{"helm":{"chartSpec":{"chart":"{{{VariedChart.Name}}}","version":"1.0.0","sourceRef":{"kind":"HelmRepository","name":"charts"} } } } }
            """)!);
    }

    /// <summary>An API server of its own as one more managed cluster.</summary>
    public async Task<IKubernetesClient> AddServerAsync(string name, IApiServerFixture server)
    {
        var kubeconfig = await File.ReadAllTextAsync(server.KubeconfigPath);
        await SetKubeconfigAsync(name, kubeconfig);
        return Connect(name, kubeconfig);
    }

    /// <summary>Service <c>web</c> in namespace <c>apps</c> of the cluster with the set's name.</summary>
    public static JsonObject Set(string name, string mode, string values = "", string more = "")
    {
        var service = ServiceManifests.Service("web", values);
        service["template"] = "varied";
        var set = ServiceManifests.Set(name, name, service);
        set["spec"]!["provider"]!["config"] = JsonNode.Parse($$"""{"syncMode":"{{mode}}"{{(more.Length > 0 ? "," + more : "")}}}""");
        return set;
    }

    /// <summary>The same in a namespace with the set's name, as servers are shared; corrected, but for the image.</summary>
    public static JsonObject SetOfServer(string name, string values)
    {
        var set = Set(name, "ContinuousWithDriftDetection", values, """
            "driftExclusions":[{"paths":["/spec/template/spec/containers/0/image"]}]
            """);
        set["spec"]!["services"]![0]!["namespace"] = name;
        return set;
    }

    public Task<DynamicObject?> BackAsync(IKubernetesClient cluster, ResourceKind kind, ObjectKey key, Func<DynamicObject?, bool> expected, string what) =>
        EventuallyAsync(() => cluster.Dynamic(kind).GetAsync(key, default), expected, what);

    /// <summary>The condition once its message is as expected.</summary>
    public async Task<JsonObject> DriftedAsync(string set, Func<string, bool> expected) =>
        Drifted(await StatusAsync(set, s => (string?)Drifted(s)?["message"] is { } message && expected(message), "drifted"))!;

    public Task NotDriftedAsync(string set) => StatusAsync(set, s => s is not null && Drifted(s) is null, "not drifted");

    /// <summary>The notes of events once each of the texts is in one of them.</summary>
    public Task<IReadOnlyList<string>> EventsAsync(string set, string reason, params string[] texts) => EventuallyAsync<IReadOnlyList<string>>(
        async () =>
        [
            .. (await Management.Dynamic(Events).ListAsync(new() { Namespace = Namespace }, default)).Items
                .Where(e => (string?)e.At("reason") == reason && (string?)e.At("regarding", "name") == set).Select(e => (string?)e.At("note") ?? ""),
        ],
        events => Array.TrueForAll(texts, text => events.Any(e => e.Contains(text, StringComparison.Ordinal))), $"events {reason} of {set}");

    public async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(Address, "metrics"));
    }

    /// <summary>The manager that owns a field.</summary>
    public static string? OwnerOf(DynamicObject o, params string[] path) => (string?)(o.At("metadata", "managedFields") as JsonArray)?
        .FirstOrDefault(m => path.Aggregate(m!["fieldsV1"], (at, step) => (at as JsonObject)?[step]) is not null)?["manager"];

    public static string? Image(DynamicObject? deployment, string container) => (string?)(deployment?.At("spec", "template", "spec", "containers") as JsonArray)?
        .FirstOrDefault(c => (string?)c!["name"] == container)?["image"];

    private static JsonObject? Drifted(JsonObject? status) => (status?["services"] as JsonArray)?.OfType<JsonObject>()
        .SelectMany(s => (s["conditions"] as JsonArray ?? []).OfType<JsonObject>()).FirstOrDefault(c => (string?)c["type"] == "Drifted");
}
