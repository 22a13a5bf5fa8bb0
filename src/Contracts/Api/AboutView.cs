using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>What runs here: <c>GET /api/v1/about</c>.</summary>
public sealed record AboutView
{
    [Description("Version of Fleet.")]
    public required string Version { get; init; }

    [Description("The commit that it was built from; absent where the build knew none.")]
    public string? Commit { get; init; }

    [Description("Version of the management cluster's API; absent while it does not answer.")]
    public string? Kubernetes { get; init; }
}
