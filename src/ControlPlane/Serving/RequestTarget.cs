using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>What a URL means: a cluster, and a resource in it or a path that is no resource.</summary>
internal readonly record struct RequestTarget(
    string Cluster, string Path, bool IsResource, string Group, string Version, string? Namespace, string Plural, string? Name, string? Subresource, string? Rest)
{
    private const string ClustersPrefix = "/clusters/";

    public static RequestTarget Parse(string path)
    {
        var cluster = ClusterRegistry.ManagementName;
        if (path.StartsWith(ClustersPrefix, StringComparison.Ordinal))
        {
            var end = path.IndexOf('/', ClustersPrefix.Length);
            cluster = end < 0 ? path[ClustersPrefix.Length..] : path[ClustersPrefix.Length..end];
            path = end < 0 ? "/" : path[end..];
        }
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var noResource = new RequestTarget(cluster, path, false, "", "", null, "", null, null, null);
        if (parts is ["api", var coreVersion, .. var core] && core.Length > 0) return Resource(cluster, path, "", coreVersion, core);
        if (parts is ["apis", var group, var version, .. var rest] && rest.Length > 0) return Resource(cluster, path, group, version, rest);
        return noResource;
    }

    private static RequestTarget Resource(string cluster, string path, string group, string version, string[] parts)
    {
        string? space = null;
        // namespaces/x and namespaces/x/{status,finalize} are about the namespace itself.
        if (parts[0] == "namespaces" && parts.Length > 2 && !(group.Length == 0 && parts.Length == 3 && parts[2] is "status" or "finalize"))
        {
            space = parts[1];
            parts = parts[2..];
        }
        return new(cluster, path, true, group, version, space, parts[0],
            parts.Length > 1 ? parts[1] : null, parts.Length > 2 ? parts[2] : null, parts.Length > 3 ? string.Join('/', parts[3..]) : null);
    }
}
