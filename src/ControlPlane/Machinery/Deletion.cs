using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>What a delete asks for. A null propagation is the kind's default (background).</summary>
internal sealed record Deletion(DeletionPropagation? Propagation = null, string? Uid = null, string? ResourceVersion = null, long? GracePeriodSeconds = null)
{
    public static Deletion Default { get; } = new();

    public static Deletion From(DeleteOptions options) =>
        new(options.Propagation, options.Uid, options.ResourceVersion, options.GracePeriodSeconds);
}
