using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>The next step of a pool towards its size and template: how many instances to add, and which Nodes' to remove.</summary>
internal readonly record struct PoolPlan(int Add, IReadOnlyList<string> Remove)
{
    public bool IsDone => Add == 0 && Remove.Count == 0;

    /// <summary>
    /// Pure. A pool grows at once; what is of an older template is replaced one at a time: a new instance first, then the oldest goes.
    /// </summary>
    /// <param name="nodes">The pool's Nodes.</param>
    /// <param name="wanted">How many there shall be.</param>
    /// <param name="isCurrent">Whether a Node's instance is of the template as it is now.</param>
    public static PoolPlan Of(IReadOnlyList<JsonObject> nodes, int wanted, Func<JsonObject, bool> isCurrent)
    {
        var oldestFirst = nodes.OrderBy(isCurrent).ThenBy(n => n.CreatedAt()).ThenBy(n => n.NameOf(), StringComparer.Ordinal).ToList();
        if (nodes.Count < wanted)
            return new(wanted - nodes.Count, []);
        var outdated = nodes.Count(n => !isCurrent(n));
        if (nodes.Count > wanted)
            return new(0, [.. oldestFirst.Take(nodes.Count - wanted).Select(n => n.NameOf())]);
        return outdated > 0 ? new(1, []) : new(0, []);
    }
}
