using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts.Conditions;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Status;

/// <summary>The status that a reconciler wants on an object that it has read.</summary>
public sealed record StatusChange
{
    public required ResourceKind Kind { get; init; }

    /// <summary>Metadata as read: key, uid and resourceVersion guard the write.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>Status as read.</summary>
    public required JsonObject? Seen { get; init; }

    /// <summary>
    /// Owned fields of status, without conditions. A null value removes the field; fields that are absent here are left alone.
    /// </summary>
    public required JsonObject Fields { get; init; }

    /// <summary>
    /// Owned conditions as they should be. <c>lastTransitionTime</c> is set by the writer: kept while the status of the condition stays, else now.
    /// </summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>Types of the conditions that this reconciler owns: those of them that are absent from <see cref="Conditions"/> are removed.</summary>
    public IReadOnlySet<ConditionType> OwnedConditions { get; init; } = new HashSet<ConditionType>();

    public required GrainOwnership Ownership { get; init; }

    /// <summary>
    /// The change to <paramref name="wanted"/>, every field of which this reconciler owns: what is null in it is removed.
    /// Conditions inside <paramref name="wanted"/> are left out of account; give them apart.
    /// </summary>
    public static StatusChange Of<TSpec, TStatus>(
        ResourceType<CustomResource<TSpec, TStatus>> type,
        CustomResource<TSpec, TStatus> seen,
        TStatus wanted,
        IReadOnlyList<Condition> conditions,
        IReadOnlySet<ConditionType> owned,
        GrainOwnership ownership)
        where TSpec : class, new()
        where TStatus : class
    {
        var json = (JsonTypeInfo<TStatus>)type.Json.Options.GetTypeInfo(typeof(TStatus));
        var before = seen.Status is null ? null : (JsonObject)JsonSerializer.SerializeToNode(seen.Status, json)!;
        var fields = (JsonObject)JsonSerializer.SerializeToNode(wanted, json)!;
        foreach (var (name, _) in before ?? [])
            if (!fields.ContainsKey(name))
                fields[name] = null;
        fields.Remove("conditions");
        return new StatusChange
        {
            Kind = type.Kind,
            Metadata = seen.Metadata,
            Seen = before,
            Fields = fields,
            Conditions = conditions,
            OwnedConditions = owned,
            Ownership = ownership,
        };
    }
}
