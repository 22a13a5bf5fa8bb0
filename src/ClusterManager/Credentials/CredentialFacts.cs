using Fleet.ClusterManager.Connections;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Credentials;

/// <summary>A Secret without its values: what every check of Fleet gets to see.</summary>
internal sealed record SecretShape(ObjectKey Key, bool Exists, IReadOnlySet<string> FilledKeys)
{
    /// <summary>What is wrong with the values of keys, in words that repeat nothing of them.</summary>
    public IReadOnlyDictionary<string, string> Problems { get; init; } = new Dictionary<string, string>();

    /// <summary>Null when all these keys are filled, and nothing is wrong with what they and any other known key hold.</summary>
    public string? Problem(IEnumerable<string> needed)
    {
        var missing = needed.Where(key => !FilledKeys.Contains(key)).ToList();
        if (missing.Count > 0)
            return $"Secret {Key}: {(missing.Count == 1 ? $"key {missing[0]} is" : $"keys {string.Join(", ", missing)} are")} missing or empty";
        var (name, problem) = Problems.OrderBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault();
        return name is null ? null : $"Secret {Key}: key {name} {problem}";
    }

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

    /// <summary>What the API server of a kubeconfig answered; null when the identity is no kubeconfig, or an unusable one.</summary>
    public ProbeResult? Answer { get; init; }

    /// <summary>How its identity is in its region; null without a region.</summary>
    public Condition? InRegion { get; init; }

    /// <summary>Clusters of the namespace that name the Credential.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];
}
