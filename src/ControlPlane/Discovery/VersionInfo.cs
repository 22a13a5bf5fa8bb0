using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Discovery;

/// <summary>
/// What <c>kubectl version</c> shows of the server: for a simulated cluster the version that its control plane nodes run, so that clients see what was
/// declared; else our own.
/// </summary>
internal static class VersionInfo
{
    private const string Own = "v1.36.0-fleet";
    private static readonly ResourceKind Nodes = new("", "v1", "Node", "nodes", Namespaced: false);

    public static JsonObject Of(IClusterApi cluster)
    {
        var version = cluster.Name == ClusterRegistry.ManagementName ? Own : OfNodes(cluster) ?? cluster.KubernetesVersion ?? Own;
        var parts = version.TrimStart('v').Split('.');
        return new()
        {
            ["major"] = parts[0],
            ["minor"] = parts.Length > 1 ? parts[1] : "0",
            ["gitVersion"] = version,
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "2026-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "dotnet",
            ["platform"] = "linux/amd64",
        };
    }

    private static string? OfNodes(IClusterApi cluster) =>
        cluster.List(Nodes, labelSelector: "node-role.kubernetes.io/control-plane")
            .Select(node => (string?)node["status"]?["nodeInfo"]?["kubeletVersion"])
            .FirstOrDefault(version => !string.IsNullOrEmpty(version));
}
