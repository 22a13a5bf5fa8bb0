using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Discovery;

/// <summary>What <c>kubectl version</c> shows of the server.</summary>
internal static class VersionInfo
{
    public static JsonObject Body => new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["gitVersion"] = "v1.36.0-fleet",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "dotnet",
        ["platform"] = "linux/amd64",
    };
}
