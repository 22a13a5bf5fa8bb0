using System.Text.Json.Nodes;
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
    public IReadOnlyList<JsonObject> Conditions { get; init; } = [];

    /// <summary>Types of the conditions that this reconciler owns: those of them that are absent from <see cref="Conditions"/> are removed.</summary>
    public IReadOnlySet<string> OwnedConditions { get; init; } = new HashSet<string>();

    public required GrainOwnership Ownership { get; init; }
}
