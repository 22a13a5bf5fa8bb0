using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>A Deployment's ReplicaSets sorted into new and old, with the numbers that the rollout goes by.</summary>
internal sealed class Rollout
{
    public Rollout(JsonObject deployment, IReadOnlyList<JsonObject> sets)
    {
        // Of several equal ones the oldest counts, as upstream.
        New = sets.Where(s => !s.IsDeleting() && DeploymentPlanner.SameTemplate(deployment, s)).OrderBy(s => s.CreatedAt()).ThenBy(s => s.NameOf(), StringComparer.Ordinal)
            .FirstOrDefault();
        Old = [.. sets.Where(s => s != New)];
        All = sets;
        Wanted = deployment.Number("spec", "replicas") ?? 1;
        Recreate = deployment.Text("spec", "strategy", "type") == "Recreate";
        MaxSurge = Recreate ? 0 : Share(deployment.At("spec", "strategy", "rollingUpdate", "maxSurge"), roundUp: true);
        MaxUnavailable = Recreate ? 0 : Share(deployment.At("spec", "strategy", "rollingUpdate", "maxUnavailable"), roundUp: false);
        if (!Recreate && MaxSurge == 0 && MaxUnavailable == 0)
            MaxUnavailable = 1;
        MaxUnavailable = Math.Min(MaxUnavailable, Wanted);
    }

    public JsonObject? New { get; }

    public IReadOnlyList<JsonObject> Old { get; }

    public IReadOnlyList<JsonObject> All { get; }

    public int Wanted { get; }

    public bool Recreate { get; }

    public int MaxSurge { get; }

    public int MaxUnavailable { get; }

    /// <summary>All replicas are of the new template and available, and nothing else runs.</summary>
    public bool IsComplete => New is not null && Replicas(New) == Wanted && Available(New) >= Wanted && Running(New) == Wanted && Old.All(s => Running(s) == 0 && Replicas(s) == 0);

    public static int Replicas(JsonObject set) => set.Number("spec", "replicas") ?? 0;

    public static int Running(JsonObject set) => set.Number("status", "replicas") ?? 0;

    public static int Ready(JsonObject set) => set.Number("status", "readyReplicas") ?? 0;

    public static int Available(JsonObject set) => set.Number("status", "availableReplicas") ?? 0;

    private int Share(JsonNode? value, bool roundUp)
    {
        var text = value?.ToString() ?? "25%";
        if (!text.EndsWith('%'))
            return int.TryParse(text, out var n) ? n : 0;
        var part = Wanted * (int.TryParse(text[..^1], out var percent) ? percent : 25) / 100d;
        return (int)(roundUp ? Math.Ceiling(part) : Math.Floor(part));
    }
}
