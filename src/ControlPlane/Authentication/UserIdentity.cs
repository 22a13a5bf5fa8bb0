namespace Fleet.ControlPlane.Authentication;

/// <summary>Who a request comes from.</summary>
internal sealed record UserIdentity(string Name, string Uid, IReadOnlyList<string> Groups)
{
    public const string MastersGroup = "system:masters";
    public const string AuthenticatedGroup = "system:authenticated";

    public static UserIdentity Anonymous { get; } = new("system:anonymous", "", ["system:unauthenticated"]);

    public bool IsAnonymous => ReferenceEquals(this, Anonymous);

    public bool IsMaster => Groups.Contains(MastersGroup);

    /// <summary>Claims beyond the identity, such as which credential it was.</summary>
    public IReadOnlyDictionary<string, string[]> Extra { get; init; } = new Dictionary<string, string[]>();

    /// <summary>The identifier tells one certificate or token of a user from another, and gives neither away.</summary>
    public UserIdentity WithCredential(string id) => this with { Extra = new Dictionary<string, string[]> { ["authentication.kubernetes.io/credential-id"] = [id] } };

    public static UserIdentity Authenticated(string name, string uid, IEnumerable<string> groups) =>
        new(name, uid, [.. groups.Append(AuthenticatedGroup).Distinct()]);

    public static UserIdentity ServiceAccount(string @namespace, string name, string uid) =>
        Authenticated($"system:serviceaccount:{@namespace}:{name}", uid, ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}"]);
}
