using System.Text.Json.Nodes;
using Fleet.ClusterManager.References;
using Fleet.Contracts.Services;
using Fleet.Control.Placement;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Clusters;

internal enum ReleaseStep
{
    /// <summary>Something must be there first; <see cref="ClusterPlan.HeldBy"/> says what.</summary>
    Hold,
    /// <summary>The release is not as wanted, and stays so while the cluster is paused.</summary>
    Pause,
    /// <summary>The release is as wanted.</summary>
    Keep,
    /// <summary>Install or upgrade.</summary>
    Upgrade,
    /// <summary>Only check that the chart takes the values.</summary>
    Check,
}

/// <summary>What to do about a ClusterDeployment, in this order.</summary>
internal sealed record ClusterPlan
{
    public required ReleaseStep Release { get; init; }

    public string HeldBy { get; init; } = "";

    /// <summary>What the references of the spec come to.</summary>
    public ResolvedReferences Resolved { get; init; } = new([]);

    public ReferencePlan References { get; init; } = ReferencePlan.None;

    public JsonObject Values { get; init; } = [];

    /// <summary>Of chart, values, options and object; empty while there is no chart.</summary>
    public string Fingerprint { get; init; } = "";

    public ReleaseOptions Options { get; init; } = ReleaseOptions.Default;

    /// <summary>A helm that was cut off must be cleared away first.</summary>
    public Recovery Recovery { get; init; }

    /// <summary>The installation was cut off after helm and before the labels.</summary>
    public bool LabelAgain { get; init; }

    /// <summary>The release is as wanted, but somebody has deleted its Cluster: helm makes what is missing.</summary>
    public bool IsRecreation { get; init; }

    /// <summary>Where the cluster is made goes into status before anything is made there, so that its deletion finds it.</summary>
    public bool NoteRegion { get; init; }

    /// <summary>Write the kubeconfig of an adopted or regional cluster to where every cluster has it.</summary>
    public bool PublishKubeconfig { get; init; }

    /// <summary>ServiceSets that are to be paused with the cluster, or to go on with it.</summary>
    public IReadOnlyList<ServiceSet> PauseServices { get; init; } = [];

    /// <summary>Which services are placed now.</summary>
    public PlacementPlan Placement { get; init; } = new([], [], []);

    /// <summary>Null when the ServiceSet is as wanted, or there is to be none.</summary>
    public ServiceSetSpec? ServiceSet { get; init; }
}
