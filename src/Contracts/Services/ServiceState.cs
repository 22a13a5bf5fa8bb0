using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Services;

/// <summary>State of one service in one cluster, in the status of ServiceSet and ClusterDeployment.</summary>
public sealed record ServiceState
{
    [Required, AllowedValues("Helm", "Kustomize", "Resource"), Description("How the service is installed.")]
    public string Type { get; set; } = ServiceTypes.Helm;

    [Required, Description("Name of the service.")]
    public string Name { get; set; } = "";

    [Required, Description("Namespace in the managed cluster.")]
    public string Namespace { get; set; } = "";

    [Required, Description("Name of the ServiceTemplate.")]
    public string Template { get; set; } = "";

    [Description("Version that is deployed and healthy.")]
    public string? Version { get; set; }

    [Required, AllowedValues("Deployed", "Provisioning", "Failed", "Pending", "Deleting", "Deleted"), Description("Where the service stands.")]
    public string State { get; set; } = ServiceStates.Pending;

    [Description("Why it failed or is not ready yet.")]
    public string? FailureMessage { get; set; }

    [Description("Fingerprint of what was deployed last.")]
    public string? LastDeployedHash { get; set; }

    [Required, Description("When the state last changed.")]
    public DateTimeOffset LastStateTransitionTime { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }
}

/// <summary>Conditions of a service in a cluster.</summary>
public static class ServiceStateConditions
{
    /// <summary>Exists, as False, only while the service is held because the cluster's version of Kubernetes is none that its template names. Ours.</summary>
    public static ConditionType KubernetesCompatible { get; } = new("KubernetesCompatible");

    /// <summary>Exists, as True, only while a person keeps the service from following its declaration. Ours.</summary>
    public static ConditionType Held { get; } = new("Held");

    private const string HealthPrefix = "ServiceHealth";

    /// <summary>Exists, as False, only while objects of this kind are not as they should be; upstream's, as its reason, <c>[Kind]Unhealthy</c>.</summary>
    public static ConditionType HealthOf(string kind) => new(HealthPrefix + kind);

    public static bool IsHealth(ConditionType type) => type.Value.StartsWith(HealthPrefix, StringComparison.Ordinal);

    /// <summary>Of <see cref="Held"/>: it was taken back to an earlier revision of its release.</summary>
    public static Reason RolledBack { get; } = new("RolledBack");

    /// <summary>
    /// Exists, as True, only while objects of the service are not as its release declares them; the message names them and their fields. Unknown while some
    /// of them cannot be watched. Ours.
    /// </summary>
    public static ConditionType Drifted { get; } = new("Drifted");

    // Reasons of Drifted.

    /// <summary>With Unknown: the cluster lacks the kind, or its kubeconfig may not watch it.</summary>
    public static Reason NotWatched { get; } = new("NotWatched");

    /// <summary>It is shown and left alone, as syncMode has it.</summary>
    public static Reason DriftDetected { get; } = new("DriftDetected");

    /// <summary>It was corrected several times in a row and comes back each time; the corrections become rarer.</summary>
    public static Reason KeepsDrifting { get; } = new("KeepsDrifting");

    /// <summary>The cluster does not take the correction; it is tried again.</summary>
    public static Reason CorrectionFailed { get; } = new("CorrectionFailed");
}

public static class ServiceTypes
{
    public const string Helm = "Helm";
    public const string Kustomize = "Kustomize";
    public const string Resource = "Resource";
}

public static class ServiceStates
{
    public const string Deployed = "Deployed";
    public const string Provisioning = "Provisioning";
    public const string Failed = "Failed";
    public const string Pending = "Pending";
    public const string Deleting = "Deleting";
    public const string Deleted = "Deleted";
}
