using System.Text.Json.Nodes;
using Fleet.Helm.Charts;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Components;

internal enum ComponentAction
{
    /// <summary>As wanted, or not ours to change; <see cref="ComponentStep.Why"/> says what is not in order.</summary>
    Keep,
    /// <summary>Another component, a template or the whole object is waited for.</summary>
    Wait,
    /// <summary>Something is wrong that a person has to mend.</summary>
    Hold,
    /// <summary>Install or upgrade.</summary>
    Install,
    Uninstall,
}

/// <summary>What to do about one component.</summary>
internal sealed record ComponentStep(string Name, ReleaseName Release, ComponentAction Action)
{
    /// <summary>What is waited for or wrong; empty when the component is in order.</summary>
    public string Why { get; init; } = "";

    /// <summary>Installed as wanted, and its objects are healthy.</summary>
    public bool IsInOrder { get; init; }

    public ChartArchive? Chart { get; init; }

    public JsonObject Values { get; init; } = [];

    public ReleaseOptions Options { get; init; } = ReleaseOptions.Default;

    /// <summary>Of chart, values, options and owner.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The release is as wanted, but somebody has deleted an object of it: helm makes what is missing.</summary>
    public bool IsRepair { get; init; }

    /// <summary>What to do first about a helm that was cut off.</summary>
    public Recovery Recovery { get; init; }
}

/// <summary>Steps that do not depend on each other: what depends on one is planned when that one is in order.</summary>
internal sealed record ComponentPlan(IReadOnlyList<ComponentStep> Steps);
