using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.StateProviders;

public sealed record StateManagementProviderStatus
{
    [Required, Description("Whether the provider is ready.")]
    public bool Ready { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }
}

/// <summary>Conditions of StateManagementProvider, good when True; types and reasons are upstream's.</summary>
public static class StateManagementProviderConditions
{
    /// <summary>The provider may read its adapter and provisioners.</summary>
    public static ConditionType RbacReady { get; } = new("RBACReady");

    /// <summary>The adapter's readiness rule holds.</summary>
    public static ConditionType AdapterReady { get; } = new("AdapterReady");

    /// <summary>The readiness rules of all provisioners hold.</summary>
    public static ConditionType ProvisionerReady { get; } = new("ProvisionerReady");

    /// <summary>The provisioner's kinds exist.</summary>
    public static ConditionType ProvisionerCrdsReady { get; } = new("ProvisionerCRDsReady");

    public static Reason RbacEnsured { get; } = new("RBACEnsuredSuccessfully");

    public static Reason RbacNotReady { get; } = new("RBACNotReady");

    public static Reason AdapterEnsured { get; } = new("AdapterEnsuredSuccessfully");

    public static Reason AdapterNotReady { get; } = new("AdapterNotReady");

    public static Reason ProvisionerEnsured { get; } = new("ProvisionerEnsuredSuccessfully");

    public static Reason ProvisionerNotReady { get; } = new("ProvisionerNotReady");

    public static Reason ProvisionerCrdsEnsured { get; } = new("ProvisionerCRDsEnsuredSuccessfully");

    public static Reason ProvisionerCrdsNotReady { get; } = new("ProvisionerCRDsNotReady");

    public static Reason FailedToGetResource { get; } = new("FailedToGetAdapter");

    public static Reason FailedToEvaluateReadiness { get; } = new("FailedToEvaluateReadiness");
}
