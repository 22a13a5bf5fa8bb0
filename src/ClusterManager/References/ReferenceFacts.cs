using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.References;

/// <summary>What a ClusterDeployment refers to beside its template and credential, as it was read. A field is null when the spec names nothing.</summary>
internal sealed record ReferenceFacts
{
    public static ReferenceFacts None { get; } = new();

    public AuthenticationFacts? Authentication { get; init; }

    public AuditPolicyFacts? AuditPolicy { get; init; }

    public DataSourceFacts? DataSource { get; init; }

    public IpamFacts? Ipam { get; init; }

    /// <summary>Documents that are there, wanted or not any more.</summary>
    public IReadOnlyList<PresentDocument> Documents { get; init; } = [];

    /// <summary>The claim that was made for the cluster, when its spec has none to make any more.</summary>
    public ClusterIpamClaim? LeftClaim { get; init; }

    /// <summary>The database that the cluster has, when its spec names no DataSource any more.</summary>
    public ClusterDataSource? LeftDatabase { get; init; }

    /// <summary>Nobody has made anything yet, and nobody will: what would be made is taken for made.</summary>
    public bool IsPreview { get; init; }
}

/// <param name="Key">Of the ClusterAuthentication.</param>
internal sealed record AuthenticationFacts(ObjectKey Key)
{
    /// <summary>As it is stored, with fields that this version does not know; null when there is no such object.</summary>
    public JsonObject? Spec { get; init; }

    /// <summary>Certificates in PEM; null when none are named.</summary>
    public string? Authority { get; init; }

    public string? AuthorityProblem { get; init; }
}

/// <param name="Key">Of the ClusterAuditPolicy.</param>
internal sealed record AuditPolicyFacts(ObjectKey Key)
{
    /// <summary>Null when there is no such object.</summary>
    public JsonObject? Spec { get; init; }
}

/// <param name="Key">Of the DataSource.</param>
internal sealed record DataSourceFacts(ObjectKey Key)
{
    public DataSource? Source { get; init; }

    /// <summary>The ClusterDataSource of the cluster's name.</summary>
    public ClusterDataSource? Database { get; init; }
}

/// <param name="Key">Of the ClusterIPAMClaim.</param>
internal sealed record IpamFacts(ObjectKey Key)
{
    public ClusterIpamClaim? Claim { get; init; }

    public ClusterIpam? Ipam { get; init; }
}
