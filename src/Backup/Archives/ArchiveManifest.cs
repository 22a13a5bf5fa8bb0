namespace Fleet.Backup.Archives;

/// <summary>What an archive holds. It is written last and encrypted as any part, and lists the others with place, size and SHA-256.</summary>
public sealed record ArchiveManifest
{
    public int FormatVersion { get; init; } = ArchiveFormat.Version;

    /// <summary>That of the header.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When everything had been read: what changed in between may be in the archive in its old or its new state.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    public required BackupOrigin Origin { get; init; }

    public required IReadOnlyList<ArchivePart> Parts { get; init; }

    /// <summary>Objects that others refer to and that were not there when the backup was made.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What could not be taken and why, for instance a region that was away; empty when the backup is complete.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The Regions that were asked; empty in archives of versions that did not write them down.</summary>
    public IReadOnlyList<ArchivedRegion> Regions { get; init; } = [];

    /// <summary>Null when there is none.</summary>
    public ArchivePart? Find(string name) => Parts.FirstOrDefault(part => part.Name == name);
}

/// <param name="Error">Why its objects are not, or not all, in the archive; null when they are.</param>
public sealed record ArchivedRegion(string Name, string? Error = null);

/// <summary>Where a backup comes from.</summary>
public sealed record BackupOrigin
{
    /// <summary>The version of Fleet that wrote it.</summary>
    public required string FleetVersion { get; init; }

    /// <summary>UID of the namespace kube-system of the management cluster: stays the same for the life of a cluster.</summary>
    public string? ClusterUid { get; init; }

    /// <summary>As the API server tells it.</summary>
    public string? KubernetesVersion { get; init; }

    /// <summary>Name of the ManagementBackup that it was made for, when there is one.</summary>
    public string? ManagementBackup { get; init; }

    /// <summary>The Release that was installed.</summary>
    public string? Release { get; init; }
}

/// <summary>What a part holds.</summary>
public enum PartContent
{
    /// <summary>Objects of one kind, one JSON document a line.</summary>
    Objects,

    /// <summary>Custom resource definitions, likewise.</summary>
    Definitions,

    /// <summary>What <c>pg_dump --format=custom</c> writes.</summary>
    PostgresDump,
}

/// <summary>One part; names are paths with slashes, for instance <c>objects/cluster.x-k8s.io/clusters</c>.</summary>
public sealed record ArchivePart
{
    public required string Name { get; init; }

    public required PartContent Content { get; init; }

    /// <summary>Where it begins in the archive.</summary>
    public required long Offset { get; init; }

    /// <summary>Bytes in the archive: compressed, encrypted, with its frames.</summary>
    public required long StoredSize { get; init; }

    /// <summary>Bytes of the content.</summary>
    public required long Size { get; init; }

    /// <summary>Of the content, in lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    public int Objects { get; init; }

    /// <summary>Of a part with objects; null else.</summary>
    public PartKind? Kind { get; init; }

    /// <summary>Name of the Region whose cluster the objects are from; null for the management cluster.</summary>
    public string? Region { get; init; }
}

/// <summary>How the kind of a part is reached over REST.</summary>
public sealed record PartKind(string Group, string Version, string Kind, string Plural, bool Namespaced);
