using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fleet.Contracts.References;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Control.Ownership.Pinning;

/// <summary>Which clusters belong to a pool: those for which everything that is stated holds.</summary>
/// <param name="Pool">Name of the pool.</param>
/// <param name="Region">Region that the cluster is made in, by its ClusterDeployment's status.</param>
/// <param name="Namespace">The tenant: namespace of the ClusterDeployment.</param>
/// <param name="Selector">By labels of the ClusterDeployment.</param>
internal sealed record PinRule(string Pool, string? Region, string? Namespace, LabelSelector? Selector)
{
    public bool Holds(PinnableCluster cluster) =>
        (Region is null || cluster.Region == Region) && (Namespace is null || cluster.Key.Namespace == Namespace) && (Selector is null || ClusterSelector.Matches(Selector, cluster.Labels));
}

/// <summary>
/// The rules of the ConfigMap <c>fleet-pins</c>, key <c>pins.yaml</c>: a list, of which the first that fits decides. Each entry has <c>pool</c> and at least one of <c>region</c>,
/// <c>namespace</c> and <c>clusterSelector</c> (a LabelSelector).
/// </summary>
internal sealed partial class PinRules
{
    /// <summary>For messages: what a pool may be called.</summary>
    public const string PoolNames = "lower-case letters, digits and dashes, at most 63, make one";

    /// <summary>The table is one object, which the API server takes up to 1 MiB; slots and replicas need a tenth of that.</summary>
    internal const int MostCharacters = 600_000;

    private readonly IReadOnlyList<PinRule> rules;

    private PinRules(IReadOnlyList<PinRule> rules) => this.rules = rules;

    public static PinRules None { get; } = new([]);

    public bool IsEmpty => rules.Count == 0;

    public static bool IsPool(string name) => Label().IsMatch(name);

    /// <exception cref="FormatException">It says what is wrong, and where.</exception>
    public static PinRules Parse(string yaml)
    {
        JsonNode? root;
        try
        {
            root = KubernetesYaml.Parse(yaml);
        }
        catch (KubernetesYamlException e)
        {
            throw new FormatException(e.Message, e);
        }
        var rules = root switch
        {
            null => [],
            JsonArray list => list.Select(Read).ToList(),
            _ => throw new FormatException("a list of pins is expected"),
        };
        var pools = rules.Select(rule => rule.Pool).Distinct().Count();
        return pools <= Slots.MostPools ? new(rules) : throw new FormatException($"{pools} pools; at most {Slots.MostPools} are possible");
    }

    /// <summary>The pool of each cluster that has one, as many as fit into the table; how many more there would be.</summary>
    public (IReadOnlyDictionary<ObjectKey, string> Pins, int Left) Of(IEnumerable<PinnableCluster> clusters)
    {
        var pins = new Dictionary<ObjectKey, string>();
        var (room, left) = (MostCharacters, 0);
        foreach (var (key, pool) in clusters.Select(cluster => (cluster.Key, Pool: rules.FirstOrDefault(rule => rule.Holds(cluster))?.Pool)).OrderBy(pin => pin.Key.ToString(), StringComparer.Ordinal))
            if (pool is null)
                continue;
            else if ((room -= AssignmentText.LongestPin(key, pool)) < 0)
                left++;
            else
                pins[key] = pool;
        return (pins, left);
    }

    private static PinRule Read(JsonNode? node, int index)
    {
        var where = $"pin {index + 1}";
        if (node is not JsonObject fields)
            throw new FormatException($"{where}: a mapping is expected");
        foreach (var (name, _) in fields)
            if (name is not ("pool" or "region" or "namespace" or "clusterSelector"))
                throw new FormatException($"{where}: there is no field \"{name}\"; pool, region, namespace and clusterSelector are");
        var pool = Text(fields, "pool", where);
        if (pool is null || !IsPool(pool))
            throw new FormatException($"{where}: pool \"{pool}\" is not the name of a pool; {PoolNames}");
        var rule = new PinRule(pool, Text(fields, "region", where), Text(fields, "namespace", where), fields["clusterSelector"] is { } selector ? SelectorOf(selector, where) : null);
        return rule is { Region: null, Namespace: null, Selector: null } ? throw new FormatException($"{where}: state a region, a namespace or a clusterSelector") : rule;
    }

    private static string? Text(JsonObject fields, string name, string where) => fields[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 => text,
        _ => throw new FormatException($"{where}: {name} must be a text"),
    };

    private static LabelSelector SelectorOf(JsonNode node, string where)
    {
        try
        {
            var selector = node.Deserialize(PinJson.Default.LabelSelector);
            if (ClusterSelector.IsEmpty(selector))
                throw new FormatException($"{where}: clusterSelector finds nothing: it is empty");
            if (selector!.MatchExpressions?.Find(one => one.Operator is not ("In" or "NotIn" or "Exists" or "DoesNotExist")) is { } unknown)
                throw new FormatException($"{where}: clusterSelector has the operator \"{unknown.Operator}\"; there are In, NotIn, Exists and DoesNotExist");
            return selector!;
        }
        catch (JsonException e)
        {
            throw new FormatException($"{where}: clusterSelector is no LabelSelector at {e.Path}", e);
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LabelSelector))]
internal sealed partial class PinJson : JsonSerializerContext;
