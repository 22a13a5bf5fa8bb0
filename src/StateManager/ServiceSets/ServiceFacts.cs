using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Helm.Charts;
using Fleet.Helm.Patches;
using Fleet.Helm.Releases;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Health;
using Fleet.StateManager.Holds;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.ServiceSets;

/// <summary>What a service is to be made of, or why that is not known.</summary>
internal abstract record ServiceSource
{
    /// <summary>One of <see cref="ServiceTypes"/>; null when the template is not known.</summary>
    public string? Type { get; init; }

    /// <summary>When a source of it wants to be looked at again though nothing reports a change.</summary>
    public TimeSpan? LookAgainAfter { get; init; }

    internal sealed record Found(
        ChartArchive Chart, JsonObject Values, ReleaseOptions Options, string Version, IReadOnlyCollection<string> Secrets) : ServiceSource
    {
        /// <summary>What <see cref="Values"/> were merged from.</summary>
        public IReadOnlyList<ValuesLayer> Layers { get; init; } = [];

        /// <summary>What helm changes of the objects that the chart renders.</summary>
        public IReadOnlyList<ReleasePatch> Patches { get; init; } = [];

        /// <summary>What has to be in the cluster before helm runs, and stays when the release goes.</summary>
        public IReadOnlyList<JsonObject> Foundations { get; init; } = [];
    }

    /// <summary>A fault is for a person to repair; anything else may come by itself.</summary>
    internal sealed record Blocked(string Message, bool IsFault) : ServiceSource
    {
        /// <summary>The cluster has a version of Kubernetes that the service is not made for: what runs is left alone.</summary>
        public bool IsIncompatible { get; init; }
    }
}

/// <summary>The latest revision of a release as its record in the cluster shows it.</summary>
/// <param name="Fingerprint">Of what the revision was to be made of, where Fleet made it; see <see cref="ReleaseLabels.Fingerprint"/>.</param>
/// <param name="KeptFor">The <see cref="DriftRules.Digest"/> for which fields of others are stated in it as they were; null when none are.</param>
/// <param name="Since">When helm wrote it first, by the clock of the cluster; null when that is not known.</param>
internal readonly record struct ReleaseRecord(int Revision, ReleaseState State, string? Fingerprint = null, string? KeptFor = null, DateTimeOffset? Since = null)
{
    public bool IsPending => State is ReleaseState.PendingInstall or ReleaseState.PendingUpgrade or ReleaseState.PendingRollback;
}

/// <summary>Failures in a row of one service, since this process knows the cluster; <see cref="Fingerprint"/> is what was tried.</summary>
internal sealed record ServiceAttempts(string Fingerprint, int Failures, DateTimeOffset NextAt)
{
    /// <summary>When the last one failed.</summary>
    public DateTimeOffset FailedAt { get; init; } = DateTimeOffset.MinValue;

    /// <summary>A wall clock that was set back to before the failure must not make the next try wait for as long.</summary>
    public bool IsWaiting(DateTimeOffset now) => now < NextAt && now >= FailedAt;
}

/// <summary>All that is known of one service of a ServiceSet.</summary>
internal sealed record ServiceFacts
{
    public required ReleaseName Release { get; init; }

    /// <summary>For whom the ServiceSet was made; "" when for nobody.</summary>
    public string Owner { get; init; } = "";

    /// <summary>One of <see cref="ServiceTypes"/>.</summary>
    public string Type { get; init; } = ServiceTypes.Helm;

    /// <summary>Null when the service is no longer in the spec.</summary>
    public PlacedService? Wanted { get; init; }

    /// <summary>Its state as last written; null when it is new.</summary>
    public ServiceState? Last { get; init; }

    public ServiceSource Source { get; init; } = new ServiceSource.Blocked("", false);

    /// <summary>Null when the cluster has no such release.</summary>
    public ReleaseRecord? Record { get; init; }

    public ReleaseHealth Health { get; init; } = ReleaseHealth.Healthy;

    public ServiceAttempts? Attempts { get; init; }

    /// <summary>Null when nobody keeps it from following its declaration.</summary>
    public ServiceHold? Hold { get; init; }

    /// <summary>Objects that are not as the deployed revision declares them; null when that is not known or not looked for.</summary>
    public IReadOnlyList<DriftedObject>? Drifted { get; init; }

    /// <summary>The cluster did not answer for some of the objects: nothing but the clock asks for them again.</summary>
    public bool IsDriftIncomplete { get; init; }

    /// <summary>Why some of the objects cannot be watched.</summary>
    public IReadOnlyList<string> NotWatched { get; init; } = [];

    /// <summary>Name of another ServiceSet that wants the same release and goes before this one; null when there is none.</summary>
    public string? OwnedBy { get; init; }
}
