namespace Fleet.Kubernetes.Yaml;

/// <summary>Bounds of what is read, so that hostile input costs little. The defaults fit every manifest and chart in use: the largest CRD bundles have some 10 MB.</summary>
public sealed record YamlReadOptions
{
    public static YamlReadOptions Default { get; } = new();

    public int MaxCharacters { get; init; } = 32 * 1024 * 1024;

    public int MaxDepth { get; init; } = 100;

    /// <summary>Nodes of the whole input after aliases are expanded.</summary>
    public int MaxNodes { get; init; } = 2_000_000;

    /// <summary>Nodes that aliases may add. Honest files repeat little; an alias bomb is nothing else.</summary>
    public int MaxAliasNodes { get; init; } = 100_000;

    /// <summary>By default a key that stands twice in a mapping is an error, since one value would be lost; charts' values are read with the last one winning.</summary>
    public bool LastDuplicateWins { get; init; }
}
