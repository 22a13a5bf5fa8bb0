using Fleet.Kubernetes.Core;

namespace Fleet.Observability.Objects;

/// <summary>Kubernetes' resource lists as numbers. Pure.</summary>
internal static class Amounts
{
    /// <summary>0 for what is absent: who requests nothing requests 0.</summary>
    public static double Of(IReadOnlyDictionary<string, string>? resources, string name) =>
        resources is not null && resources.TryGetValue(name, out var text) && Quantity.Parse(text) is { } amount && amount > 0 ? (double)amount : 0;

    /// <summary>Device plugins name their resource VENDOR/gpu; Intel adds the driver (gpu.intel.com/i915), Nvidia slices (nvidia.com/mig-1g.5gb).</summary>
    public static double Gpus(IReadOnlyDictionary<string, string>? resources) => resources is null ? 0 : resources.Keys
        .Where(name => name.EndsWith("/gpu", StringComparison.Ordinal) || name.StartsWith("gpu.", StringComparison.Ordinal) || name.StartsWith("nvidia.com/mig-", StringComparison.Ordinal))
        .Sum(name => Of(resources, name));
}
