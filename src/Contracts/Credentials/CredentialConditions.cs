using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Credentials;

/// <summary>Conditions of Credential, good when True.</summary>
public static class CredentialConditions
{
    /// <summary>The identity exists and holds what its provider needs.</summary>
    public static ConditionType CredentialReady { get; } = new("CredentialReady");

    /// <summary>Whoever the identity is for has accepted it. Absent where nobody can be asked.</summary>
    public static ConditionType IdentityVerified { get; } = new("IdentityVerified");

    /// <summary>The identity, and the Secret that it names, are in the region that the Credential is for. Absent without a region. Ours.</summary>
    public static ConditionType IdentityInRegion { get; } = new("IdentityInRegion");

    /// <summary>Of IdentityInRegion: the region cannot be worked with now.</summary>
    public static Reason RegionUnavailable { get; } = new("RegionUnavailable");

    public static Reason IdentityNotFound { get; } = new("IdentityNotFound");

    public static Reason IdentityIncomplete { get; } = new("IdentityIncomplete");

    public static Reason IdentityRefused { get; } = new("IdentityRefused");

    public static Reason IdentityUnreadable { get; } = new("IdentityUnreadable");
}
