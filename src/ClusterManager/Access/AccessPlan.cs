using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Access;

/// <summary>What to do, and what can not be done.</summary>
internal sealed record AccessPlan(IReadOnlyList<CopyStep> Steps, IReadOnlyList<KindProblem> Problems);

internal enum CopyAction
{
    Create,
    Update,

    /// <summary>The kind's spec can not be changed: another object of the same name takes the place; what the old one owns stays.</summary>
    Replace,
    Delete,
}

/// <param name="Kind">Kind of the copy.</param>
/// <param name="Target">Where it is or will be.</param>
/// <param name="Action">What happens.</param>
/// <param name="Object">The whole object as it is to be; null for a deletion.</param>
/// <param name="Existing">Metadata of what is there; null for a creation.</param>
internal sealed record CopyStep(ResourceKind Kind, ObjectKey Target, CopyAction Action, JsonObject? Object, ObjectMeta? Existing);
