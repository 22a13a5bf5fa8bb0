using System.Text.Json.Nodes;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>What a container is to ask for; only what changes is in it.</summary>
/// <param name="Requests">Quantities by resource.</param>
/// <param name="Limits">Likewise.</param>
internal sealed record WantedResources(string Kind, string Namespace, string Name, string Container, IReadOnlyDictionary<string, string> Requests, IReadOnlyDictionary<string, string> Limits) : IWantedChange
{
    private static readonly (string Resource, string Limit)[] Names = [("cpu", "cpuLimit"), ("memory", "memoryLimit")];

    /// <param name="current">As recommendations tell it: cpu, memory, cpuLimit, memoryLimit.</param>
    public static WantedResources Of(string kind, string @namespace, string name, string container, JsonObject current, JsonObject recommended)
    {
        return new(
            kind, @namespace, name, container,
            Names.Where(of => Differs(of.Resource)).ToDictionary(of => of.Resource, of => (string)recommended[of.Resource]!),
            Names.Where(of => Differs(of.Limit)).ToDictionary(of => of.Resource, of => (string)recommended[of.Limit]!));

        bool Differs(string field) => recommended[field] is not null && (string?)recommended[field] != (string?)current[field];
    }

    /// <summary>As <c>resources</c> of the container.</summary>
    public JsonObject Json()
    {
        var resources = new JsonObject();
        if (Requests.Count > 0)
            resources["requests"] = Map(Requests);
        if (Limits.Count > 0)
            resources["limits"] = Map(Limits);
        return resources;
    }

    public string WithoutPlace => "its chart has no values for resources";

    public IReadOnlyList<IReadOnlyList<string>> Candidates(JsonObject values, DynamicObject workload) => ResourceValues.Candidates(values, RenderProof.ContainerOf(workload.Root, this)?["resources"]);

    public JsonNode Value() => Json();

    public string? Against(IReadOnlyList<JsonObject> before, IReadOnlyList<JsonObject> after) => RenderProof.Against(before, after, this);

    public JsonObject Patch()
    {
        JsonObject pod = new() { ["containers"] = new JsonArray(new JsonObject { ["name"] = Container, ["resources"] = Json() }) };
        JsonObject template = new() { ["template"] = new JsonObject { ["spec"] = pod } };
        return new() { ["spec"] = Kind == "CronJob" ? new JsonObject { ["jobTemplate"] = new JsonObject { ["spec"] = template } } : template };
    }

    /// <summary>Whether a container asks for it, in whatever notation.</summary>
    public bool AreIn(JsonNode? resources) => Are(Requests, resources?["requests"]) && Are(Limits, resources?["limits"]);

    private static bool Are(IReadOnlyDictionary<string, string> wanted, JsonNode? stated) =>
        wanted.All(amount => Quantity.Parse(stated?[amount.Key]?.ToString()) is { } found && found == Quantity.Parse(amount.Value));

    private static JsonObject Map(IReadOnlyDictionary<string, string> amounts) => new(amounts.Select(amount => KeyValuePair.Create(amount.Key, (JsonNode?)amount.Value)));
}
