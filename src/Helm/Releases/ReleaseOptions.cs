using System.Text.Json.Serialization;

namespace Fleet.Helm.Releases;

/// <summary>Options of a release as the k0rdent API's <c>helmOptions</c> has them, with its defaults; mapped to the flags of helm 3 or 4.</summary>
public sealed record ReleaseOptions
{
    public static ReleaseOptions Default { get; } = new();

    public bool Wait { get; init; }
    public bool WaitForJobs { get; init; }

    /// <summary>A failed upgrade is rolled back, a failed first install is removed. Helm waits then.</summary>
    public bool Atomic { get; init; }

    /// <summary>Helm's own limit for hooks and waiting; the process gets half a minute more before it is ended.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    public bool SkipCrds { get; init; }
    public bool DependencyUpdate { get; init; }

    /// <summary>For install, upgrade and uninstall; each part can also set its own.</summary>
    public bool DisableHooks { get; init; }
    public bool DisableOpenApiValidation { get; init; }
    public bool SkipSchemaValidation { get; init; }

    /// <summary>Labels on the release record (what <c>helm list -l</c> selects).</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string? Description { get; init; }

    /// <summary>
    /// Fields that the release states and that another field manager owns by now are taken back. Helm 3 does so always; helm 4 refuses where it applies on the
    /// server's side, and knows the word for no release that it applies otherwise. What a release is made of does not depend on it.
    /// </summary>
    [JsonIgnore]
    public bool ForceConflicts { get; init; }

    public InstallOptions Install { get; init; } = new();
    public UpgradeOptions Upgrade { get; init; } = new();
    public UninstallOptions Uninstall { get; init; } = new();
}

/// <summary>What holds only while the release does not exist yet. (<c>replace</c> has no switch: upgrade --install replaces a kept, uninstalled release by itself.)</summary>
public sealed record InstallOptions
{
    public bool CreateNamespace { get; init; } = true;
    public bool DisableHooks { get; init; }
    public bool TakeOwnership { get; init; }
}

/// <summary>What holds once the release exists.</summary>
public sealed record UpgradeOptions
{
    /// <summary>Revisions kept; 0 keeps all.</summary>
    public int MaxHistory { get; init; } = 2;
    public bool Force { get; init; }

    /// <summary>Restarts pods; helm 3 only. On helm 4 it is named in <see cref="HelmRelease.IgnoredOptions"/>.</summary>
    public bool Recreate { get; init; }
    public bool CleanupOnFail { get; init; }
    public bool ResetValues { get; init; }
    public bool ReuseValues { get; init; }
    public bool ResetThenReuseValues { get; init; }
    public bool SubNotes { get; init; }
    public bool TakeOwnership { get; init; }
    public bool DisableHooks { get; init; }
}

public sealed record UninstallOptions
{
    public bool KeepHistory { get; init; }

    /// <summary><c>background</c>, <c>foreground</c> or <c>orphan</c>; null is helm's default, background.</summary>
    public string? DeletionPropagation { get; init; }
    public bool DisableHooks { get; init; }
}
