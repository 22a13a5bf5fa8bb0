using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Templates;

/// <summary>What a source of manifests holds now.</summary>
public sealed record SourceFiles
{
    public required string Kind { get; init; }

    public required ObjectKey Key { get; init; }

    public required FileTree Files { get; init; }

    /// <summary>As flux writes revisions; for ConfigMaps and Secrets the digest.</summary>
    public required string Revision { get; init; }

    /// <summary>SHA-256 of the content, in hexadecimal.</summary>
    public required string Digest { get; init; }

    /// <summary>Of the object; null where there is none that counts.</summary>
    public long? Generation { get; init; }

    /// <summary>The source says that its files are templates.</summary>
    public bool IsTemplate { get; init; }

    /// <summary>No message may show anything of it.</summary>
    public bool IsSecret { get; init; }

    public string Shown => $"{Kind} {Key}";
}

/// <summary>What a template was found valid with: its users get this until it is checked again.</summary>
public sealed record SourcePin(string Revision, string Digest);
