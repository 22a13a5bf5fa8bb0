using System.Globalization;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Fencing;

/// <summary>Which management cluster looks after a cluster, by the uid of its kube-system, and by which restore it came to do so: 0 without one, else Unix seconds.</summary>
internal readonly record struct PlaneMark(long Epoch, string Plane)
{
    /// <summary>As the managed cluster keeps it, on its namespace kube-system.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Epoch} {Plane}");

    /// <summary>Null without a mark, and for what nobody of us wrote.</summary>
    public static PlaneMark? Of(ObjectMeta system)
    {
        var words = (system.Annotations?.GetValueOrDefault(FleetAnnotations.ManagementEpoch) ?? "").Split(' ');
        return words is [var epoch, { Length: > 0 } plane] && EpochOf(epoch) is > 0 and var known ? new(known, plane) : null;
    }

    /// <summary>Of the annotation on a ClusterDeployment; 0 without one, and for what is none.</summary>
    public static long EpochOf(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) ? epoch : 0;
}
