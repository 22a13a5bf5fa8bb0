using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.References;

/// <summary>What one reference of a ClusterDeployment comes to.</summary>
internal sealed record ResolvedReference
{
    /// <summary>For users, as "ClusterAuthentication org/dex".</summary>
    public required string Name { get; init; }

    /// <summary>The chart cannot be given what it needs.</summary>
    public bool IsLacking { get; init; }

    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>What is put over the values of the spec, one key at a time; of a map that both have, keys are replaced one by one where <see cref="MergesInto"/> says so.</summary>
    public JsonObject Values { get; init; } = [];

    /// <summary>A key of <see cref="Values"/> that the user may have further settings in; the others are replaced as a whole.</summary>
    public string? MergesInto { get; init; }

    public IReadOnlyList<ClusterDocument> Documents { get; init; } = [];

    public static ResolvedReference Lacking(string name, params IReadOnlyList<Condition> conditions) => new() { Name = name, IsLacking = true, Conditions = conditions };
}
