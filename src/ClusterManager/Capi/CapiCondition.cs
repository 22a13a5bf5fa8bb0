using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Capi;

/// <summary>A condition of a CAPI object, from whichever place its API version keeps it in. Only conditions of v1beta1 have a severity.</summary>
internal sealed record CapiCondition(string Type, ConditionStatus Status, string Reason, string Message, string Severity = "")
{
    public bool IsError => Severity == "Error";
}
