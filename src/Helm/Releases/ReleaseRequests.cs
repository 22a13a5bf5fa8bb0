using System.Text.Json.Nodes;
using Fleet.Helm.Charts;
using Fleet.Helm.Patches;

namespace Fleet.Helm.Releases;

/// <summary>Install or upgrade a release so that it is this chart with these values.</summary>
public sealed record UpgradeRequest
{
    public required ReleaseName Release { get; init; }
    public required ClusterAccess Cluster { get; init; }
    public required ChartArchive Chart { get; init; }
    public JsonObject Values { get; init; } = [];
    public ReleaseOptions Options { get; init; } = ReleaseOptions.Default;

    /// <summary>What is changed of the rendered objects before helm looks at them, and so in the release's record.</summary>
    public IReadOnlyList<ReleasePatch> Patches { get; init; } = [];

    /// <summary>Only say what would be: the server checks everything and keeps nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>See <see cref="FieldChecks"/>: spares helm a check that it would leave to the server.</summary>
    public bool ServerChecksFields { get; init; }

    /// <summary>Texts that must not appear in any message (passwords, tokens inside <see cref="Values"/>).</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];
}

/// <summary>Render a chart without touching a cluster.</summary>
public sealed record TemplateRequest
{
    public required ReleaseName Release { get; init; }
    public required ChartArchive Chart { get; init; }
    public JsonObject Values { get; init; } = [];

    /// <summary>What <c>.Capabilities.KubeVersion</c> says, for instance <c>1.33.1</c>; null is helm's own default.</summary>
    public string? KubeVersion { get; init; }
    public IReadOnlyList<string> ApiVersions { get; init; } = [];
    public bool IncludeCrds { get; init; }
    public bool NoHooks { get; init; }
    public bool SkipSchemaValidation { get; init; }

    /// <summary>As in <see cref="UpgradeRequest"/>.</summary>
    public IReadOnlyList<ReleasePatch> Patches { get; init; } = [];
    public IReadOnlyCollection<string> Secrets { get; init; } = [];
}

/// <summary>What <see cref="IHelm.RecoverAsync"/> did.</summary>
public enum RecoveryResult
{
    /// <summary>The last revision is not pending: nothing to do.</summary>
    NotNeeded,

    /// <summary>The record of a first install that was cut off is gone; the next upgrade --install starts over and adopts what was already created.</summary>
    RecordRemoved,

    /// <summary>An upgrade or rollback was cut off; the release is back at its last deployed revision.</summary>
    RolledBack,
}
