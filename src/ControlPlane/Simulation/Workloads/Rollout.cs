using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>A Deployment's ReplicaSets sorted into new and old, with the numbers that the rollout goes by.</summary>
internal sealed class Rollout
{
    private Rollout(IReadOnlyList<JsonObject> sets, Func<JsonObject, bool> isNew, int wanted, bool recreate, JsonNode? surge, JsonNode? unavailable, string fallback)
    {
        // Of several equal ones the oldest counts, as upstream.
        New = sets.Where(s => !s.IsDeleting() && isNew(s)).OrderBy(s => s.CreatedAt()).ThenBy(s => s.NameOf(), StringComparer.Ordinal).FirstOrDefault();
        Old = [.. sets.Where(s => s != New)];
        All = sets;
        Wanted = wanted;
        Recreate = recreate;
        MaxSurge = recreate ? 0 : Share(surge, fallback, roundUp: true);
        MaxUnavailable = recreate ? 0 : Share(unavailable, fallback == "1" ? "0" : fallback, roundUp: false);
        if (!recreate && MaxSurge == 0 && MaxUnavailable == 0)
            MaxUnavailable = 1;
        MaxUnavailable = Math.Min(MaxUnavailable, Wanted);
    }

    public static Rollout OfPods(JsonObject deployment, IReadOnlyList<JsonObject> sets)
    {
        var strategy = deployment.Child("spec", "strategy") ?? [];
        return new(sets, s => DeploymentPlanner.SameTemplate(deployment, s), deployment.Number("spec", "replicas") ?? 1,
            strategy.Text("type") == "Recreate", strategy.At("rollingUpdate", "maxSurge"), strategy.At("rollingUpdate", "maxUnavailable"), "25%");
    }

    /// <summary>A MachineDeployment's: one more at a time, none less, unless its strategy says otherwise (in either contract's place).</summary>
    public static Rollout OfMachines(JsonObject deployment, IReadOnlyList<JsonObject> sets, Func<JsonObject, bool> isNew)
    {
        var strategy = deployment.Child("spec", "rollout", "strategy") ?? deployment.Child("spec", "strategy") ?? [];
        return new(sets, isNew, deployment.Number("spec", "replicas") ?? 1, recreate: false,
            strategy.At("rollingUpdate", "maxSurge"), strategy.At("rollingUpdate", "maxUnavailable"), "1")
        {
            OnDelete = strategy.Text("type") == "OnDelete",
        };
    }

    /// <summary>Machines of the old template stay until somebody deletes them.</summary>
    public bool OnDelete { get; private init; }

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

    private int Share(JsonNode? value, string fallback, bool roundUp)
    {
        var text = value?.ToString() ?? fallback;
        if (!text.EndsWith('%'))
            return int.TryParse(text, out var n) ? n : 0;
        var part = Wanted * (int.TryParse(text[..^1], out var percent) ? percent : 25) / 100d;
        return (int)(roundUp ? Math.Ceiling(part) : Math.Floor(part));
    }
}
