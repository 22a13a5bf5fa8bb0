namespace Fleet.ControlPlane.Authentication;

/// <summary>Who a request comes from.</summary>
internal sealed record UserIdentity(string Name, string Uid, IReadOnlyList<string> Groups)
{
    public const string MastersGroup = "system:masters";
    public const string AuthenticatedGroup = "system:authenticated";

    public static UserIdentity Anonymous { get; } = new("system:anonymous", "", ["system:unauthenticated"]);

    public bool IsAnonymous => ReferenceEquals(this, Anonymous);

    public bool IsMaster => Groups.Contains(MastersGroup);

    /// <summary>Claims beyond the identity, such as the pod that a token is bound to.</summary>
    public IReadOnlyDictionary<string, string[]> Extra { get; init; } = new Dictionary<string, string[]>();

    public static UserIdentity Authenticated(string name, string uid, IEnumerable<string> groups) =>
        new(name, uid, [.. groups.Append(AuthenticatedGroup).Distinct()]);

    public static UserIdentity ServiceAccount(string @namespace, string name, string uid) =>
        Authenticated($"system:serviceaccount:{@namespace}:{name}", uid, ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}"]);
}
