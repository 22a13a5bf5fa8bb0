namespace Fleet.Helm;

/// <summary>Where the helm binary and its private files are, and how much of it may run at once.</summary>
public sealed record HelmOptions
{
    /// <summary>Path of the binary. Null: the variable <c>FLEET_HELM</c>, then <c>helm</c> on PATH.</summary>
    public string? BinaryPath { get; init; }

    /// <summary>Path of kubectl, which builds kustomizations and applies patches, and is needed for nothing else. Null: the variable <c>FLEET_KUBECTL</c>, then PATH.</summary>
    public string? KubectlPath { get; init; }

    /// <summary>Holds the chart cache and helm's own caches. Private to one process of Fleet.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Holds values and kubeconfigs while helm runs. Null: a private folder in /dev/shm when that is there (so that secrets never reach a disk),
    /// otherwise below <see cref="Folder"/>.
    /// </summary>
    public string? SecretsFolder { get; init; }

    /// <summary>Helm processes that may run at the same time, over all clusters. One install costs about 0.4 s of a core, most of it waiting is remote.</summary>
    public int MaxProcesses { get; init; } = Math.Max(2, Environment.ProcessorCount * 2);

    /// <summary>Time limit of operations that do not wait for workloads (template, history, pull, …).</summary>
    public TimeSpan QuickTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a helm that was asked to end (SIGTERM, so that it can record the failure) may take before it is killed.</summary>
    public TimeSpan EndGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of one packed chart that are accepted; the largest public charts are below 2 MiB.</summary>
    public long MaxChartBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>Bytes of one repository index that are accepted; the largest public index is about 25 MB.</summary>
    public long MaxIndexBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Size of the chart cache; the least recently used charts go first.</summary>
    public long MaxCacheBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>An index younger than this is used without asking the repository.</summary>
    public TimeSpan IndexFreshFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time limit of one request to a repository.</summary>
    public TimeSpan RepositoryTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
