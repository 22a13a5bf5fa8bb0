namespace Fleet.ControlPlane.ClusterApi.Definitions;

/// <summary>One row of <c>kinds.yaml</c>.</summary>
internal sealed record KindDefinition(string Group, string Kind, string Provider, IReadOnlyList<string> Versions)
{
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public bool ClusterScoped { get; init; }

    public bool HasScale { get; init; }

    public string Plural => Kind.ToLowerInvariant() switch
    {
        var word when word.EndsWith("ss", StringComparison.Ordinal) => $"{word}es",
        var word when word.EndsWith("identity", StringComparison.Ordinal) => $"{word[..^1]}ies",
        var word => $"{word}s",
    };

    public string StorageVersion => Versions[^1];

    public KindRole Role => KindRoles.Of(Group, Kind);
}
