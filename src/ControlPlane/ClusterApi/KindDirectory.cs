using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>
/// The Cluster API kinds that the management cluster serves, in their stored version. Read from the CRDs, so that kinds of a
/// provider that somebody installs are found as well. Safe for concurrent use.
/// </summary>
internal sealed class KindDirectory(IClusterApi api)
{
    private volatile Known? known;

    /// <summary>CRDs have changed; called from writers' threads.</summary>
    public void Invalidate() => known = null;

    public ResourceKind? Find(string group, string kind) => Read().Kinds.GetValueOrDefault((group, kind));

    /// <summary>Whether the CRD is the one that this simulation brings, and not a real provider's.</summary>
    public bool IsOurs(ResourceKind kind) => Read().Ours.Contains((kind.Group, kind.Kind));

    public IEnumerable<ResourceKind> WithRole(KindRole role) => Read().Kinds.Values.Where(k => KindRoles.Of(k.Group, k.Kind) == role);

    public IEnumerable<ResourceKind> All => Read().Kinds.Values;

    private Known Read()
    {
        if (known is { } ready)
            return ready;
        var read = new Known([], []);
        foreach (var crd in api.List(CoreKinds.CustomResourceDefinition))
        {
            var group = crd.Text("spec", "group") ?? "";
            if (!group.EndsWith(KindRoles.CoreGroup, StringComparison.Ordinal))
                continue;
            var version = crd.Items("spec", "versions").FirstOrDefault(v => v.Flag("storage"))?.Text("name") ?? "v1beta2";
            var kind = crd.Text("spec", "names", "kind")!;
            read.Kinds[(group, kind)] = new(group, version, kind, crd.Text("spec", "names", "plural")!, crd.Text("spec", "scope") != "Cluster");
            if (CrdFactory.Made(crd))
                read.Ours.Add((group, kind));
        }
        return known = read;
    }

    private sealed record Known(Dictionary<(string, string), ResourceKind> Kinds, HashSet<(string, string)> Ours);
}
