using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Cost.Savings;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>What should be changed in a cluster, and why.</summary>
internal sealed record Recommendation
{
    public required string Kind { get; init; }

    /// <summary>"" for what is in no namespace.</summary>
    public required string Namespace { get; init; }

    public required string ObjectKind { get; init; }

    public required string ObjectName { get; init; }

    /// <summary>Null for what is about the whole object.</summary>
    public string? Container { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    public JsonObject Current { get; init; } = [];

    public JsonObject Recommended { get; init; } = [];

    public JsonObject Evidence { get; init; } = [];

    public required MonthlySaving Saving { get; init; }

    /// <summary>What is saved, so that nothing counts twice in the sum.</summary>
    public IReadOnlyList<SavingClaim> Claims { get; init; } = [];

    /// <summary>The same thing has the same one each time, so that what was decided about it stays.</summary>
    public string IdIn(string clusterUid) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', clusterUid, Kind, Namespace, ObjectKind, ObjectName, Container))).AsSpan(0, 10));
}
