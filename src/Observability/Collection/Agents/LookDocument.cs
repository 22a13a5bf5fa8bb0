using System.Text.Json.Serialization;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Collection.Agents;

/// <summary>A look as an agent sends it: rows of objects, as far as costs need them, and what was measured. No Secret, no value of an environment, no command line is in a row.</summary>
internal sealed record LookDocument
{
    /// <summary>Later ones may add fields; one that changes their meaning has another number.</summary>
    public const int CurrentVersion = 1;

    public required int Version { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>How far the API server's clock is ahead of the agent's.</summary>
    public double AheadSeconds { get; init; }

    // Set, not init: a list that is left out is empty, where init would make it null.
    public IReadOnlyList<NodeRow> Nodes { get; set; } = [];
    public IReadOnlyList<PodRow> Pods { get; set; } = [];
    public IReadOnlyList<VolumeRow> Volumes { get; set; } = [];
    public IReadOnlyList<ClaimRow> Claims { get; set; } = [];
    public IReadOnlyList<ServiceRow> Services { get; set; } = [];
    public IReadOnlyList<NamespaceRow> Namespaces { get; set; } = [];
    public IReadOnlyList<DepartedPod> Departed { get; set; } = [];
    public IReadOnlyList<ContainerUsage> Usage { get; set; } = [];
    public IReadOnlyList<Counted> Counters { get; set; } = [];
    public IReadOnlyList<WorkingSet> WorkingSets { get; set; } = [];
    public IReadOnlyList<VolumeUse> VolumesUsed { get; set; } = [];
    public IReadOnlyList<string> Problems { get; set; } = [];

    internal sealed record ContainerUsage(string Pod, string Container, double Cores, double RamBytes);

    /// <param name="Object">Uid of the pod or node.</param>
    internal sealed record Counted(string Object, string Container, CountedAmount Amount, double Value, DateTimeOffset Time, DateTimeOffset? Started);

    internal sealed record WorkingSet(string Object, string Container, double Bytes);

    internal sealed record VolumeUse(string Namespace, string Claim, double Bytes);

    public static LookDocument Of(SeenLook look) => new()
    {
        Version = CurrentVersion,
        Time = look.Time,
        AheadSeconds = look.Ahead.TotalSeconds,
        Nodes = look.Seen.Nodes,
        Pods = look.Seen.Pods,
        Volumes = look.Seen.Volumes,
        Claims = look.Seen.Claims,
        Services = look.Seen.Services,
        Namespaces = look.Seen.Namespaces,
        Departed = look.Departed,
        Usage = [.. look.Usage.Select(one => new ContainerUsage(one.Key.PodUid, one.Key.Container, one.Value.Cores, one.Value.RamBytes))],
        Counters = [.. look.Told.Counters.Where(one => double.IsFinite(one.Reading.Value))
            .Select(one => new Counted(one.Key.Object, one.Key.Container, one.Key.Amount, one.Reading.Value, one.Reading.Time, one.Reading.Started))],
        WorkingSets = [.. look.Told.WorkingSets.Select(one => new WorkingSet(one.Key.Object, one.Key.Container, one.Value))],
        VolumesUsed = [.. look.Told.VolumesUsed.Select(one => new VolumeUse(one.Key.Namespace, one.Key.Name, one.Value))],
        Problems = look.Problems,
    };

    /// <param name="clusterUid">Of the cluster that the sender's token is of.</param>
    /// <param name="offset">How far the sender's clock is ahead of ours.</param>
    public SeenLook ToLook(string clusterUid, TimeSpan offset)
    {
        var usage = new Dictionary<ContainerKey, Usage>();
        foreach (var one in Usage)
            usage[new(one.Pod, one.Container)] = new(one.Cores, one.RamBytes);
        var sets = new Dictionary<(string, string), double>();
        foreach (var one in WorkingSets)
            sets[(one.Object, one.Container)] = one.Bytes;
        var volumes = new Dictionary<ObjectKey, double>();
        foreach (var one in VolumesUsed)
            volumes[new(one.Namespace, one.Claim)] = one.Bytes;
        return new()
        {
            Seen = new() { Nodes = Nodes, Pods = Pods, Volumes = Volumes, Claims = Claims, Services = Services, Namespaces = Namespaces },
            Departed = [.. Departed.Select(pod => pod with { At = pod.At - offset })],
            Usage = usage,
            Told = new()
            {
                Counters = [.. Counters.Select(one => (new SeriesKey(clusterUid, one.Object, one.Container, one.Amount), new CounterReading(one.Value, one.Time, one.Started)))],
                WorkingSets = sets,
                VolumesUsed = volumes,
            },
            Time = Time - offset,
            Ahead = TimeSpan.FromSeconds(AheadSeconds) + offset,
            Problems = [.. Problems, .. offset == TimeSpan.Zero ? Array.Empty<string>() : [$"the agent's clock is {offset.Duration():g} {(offset > TimeSpan.Zero ? "ahead" : "behind")}"]],
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(TextsConverter), typeof(ContainersConverter), typeof(ClaimsConverter)])]
[JsonSerializable(typeof(LookDocument))]
internal sealed partial class LookJson : JsonSerializerContext;
