using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Credentials;

/// <summary>A Secret without its values: what every check of Fleet gets to see.</summary>
internal sealed record SecretShape(ObjectKey Key, bool Exists, IReadOnlySet<string> FilledKeys)
{
    public static SecretShape Missing(ObjectKey key) => new(key, false, new HashSet<string>());
}

internal enum IdentityState { Found, NotFound, KindUnknown, Invalid }

/// <summary>Everything that decides whether a Credential is ready.</summary>
internal sealed record CredentialFacts
{
    public required Credential Object { get; init; }

    public required IdentityState Identity { get; init; }

    /// <summary>The identity where it was looked for.</summary>
    public required ObjectKey IdentityKey { get; init; }

    /// <summary>The Secret that the identity names or is; null when it needs none.</summary>
    public SecretShape? Secret { get; init; }

    /// <summary>Keys that the Secret must have.</summary>
    public IReadOnlyList<string> NeededKeys { get; init; } = [];
}
