namespace Fleet.Kubernetes.Discovery;

/// <summary>What a user means by <c>deploy</c>, <c>Deployment</c>, <c>deployments.apps</c> or <c>deployments.v1.apps</c>.</summary>
internal static class KindWords
{
    internal static ApiResource? Find(IReadOnlyList<ApiResource> resources, string word)
    {
        if (Best(resources, word, null, null) is { } plain)
            return plain;
        var dot = word.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0)
            return null;
        var name = word[..dot];
        var rest = word[(dot + 1)..];
        var second = rest.IndexOf('.', StringComparison.Ordinal);
        return Best(resources, name, rest, null)
            ?? (second > 0 ? Best(resources, name, rest[(second + 1)..], rest[..second]) : Best(resources, name, "", rest));
    }

    private static ApiResource? Best(IReadOnlyList<ApiResource> resources, string name, string? group, string? version)
    {
        ApiResource? best = null;
        var bestRank = int.MaxValue;
        foreach (var resource in resources)
        {
            if (group is not null && !resource.Kind.Group.Equals(group, StringComparison.OrdinalIgnoreCase)
                || version is not null && !resource.Kind.Version.Equals(version, StringComparison.OrdinalIgnoreCase))
                continue;
            var match = Match(resource, name);
            if (match < 0)
                continue;
            var rank = match * 4 + (resource.Kind.Group.Length == 0 ? 0 : 2) + (resource.IsPreferred ? 0 : 1);
            if (rank < bestRank)
                (best, bestRank) = (resource, rank);
        }

        return best;
    }

    /// <summary>A full name beats a short name, whatever group it is in: that is how kubectl decides.</summary>
    private static int Match(ApiResource resource, string name)
        => resource.Kind.Plural.Equals(name, StringComparison.OrdinalIgnoreCase)
            || resource.Singular.Equals(name, StringComparison.OrdinalIgnoreCase)
            || resource.Kind.Kind.Equals(name, StringComparison.OrdinalIgnoreCase) ? 0
            : resource.ShortNames.Contains(name, StringComparer.OrdinalIgnoreCase) ? 1
            : -1;
}
