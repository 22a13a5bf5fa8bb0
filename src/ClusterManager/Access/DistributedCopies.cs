using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Access;

/// <summary>How a copy says that it is one, and of what. Only what says so is ever changed or removed. Pure.</summary>
internal static class DistributedCopies
{
    /// <summary>On every copy, so that they can be listed.</summary>
    public const string Label = "k0rdent.mirantis.com/distributed";

    /// <summary>Namespace and name of the source.</summary>
    public const string CopiedFrom = "k0rdent.mirantis.com/copied-from";

    /// <summary>UID of the source when the copy was last written.</summary>
    public const string SourceUid = "k0rdent.mirantis.com/copied-from-uid";

    public static bool IsCopy(ObjectMeta item, SystemNamespaces system) =>
        item.Labels?.GetValueOrDefault(Label) == "true"
        && item.Annotations?.GetValueOrDefault(CopiedFrom) is { } source
        && system.Names.Any(name => source.StartsWith(name + "/", StringComparison.Ordinal))
        && item.Annotations.ContainsKey(SourceUid)
        && !system.Names.Contains(item.Namespace ?? "");

    public static bool IsCopyOf(ObjectMeta item, ObjectKey source, SystemNamespaces system) =>
        IsCopy(item, system) && item.Annotations![CopiedFrom] == source.ToString();

    /// <summary>What upstream distributed: it left no word about the source, only that it was made by a controller.</summary>
    public static bool IsUpstreams(ObjectMeta item) =>
        item.Labels?.GetValueOrDefault(FleetLabels.Managed) == "true" && item.Annotations?.ContainsKey(CopiedFrom) != true;
}
