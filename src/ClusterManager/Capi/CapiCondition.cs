using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Capi;

/// <summary>A condition of a CAPI object, from whichever place its API version keeps it in.</summary>
internal sealed record CapiCondition(string Type, ConditionStatus Status, string Reason, string Message);
