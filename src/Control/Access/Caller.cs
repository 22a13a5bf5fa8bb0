using System.Text.Json.Nodes;

namespace Fleet.Control.Access;

/// <summary>Who calls, as the management API knows them.</summary>
public sealed record Caller(string Name, string? Uid, IReadOnlyList<string> Groups)
{
    /// <summary>What the authenticator adds, for instance the pod of a ServiceAccount. Handed on to RBAC unchanged.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>SHA-256 of the token, under which decisions are remembered. Never shown.</summary>
    internal string Credential { get; init; } = "";

    public override string ToString() => Name;
}
