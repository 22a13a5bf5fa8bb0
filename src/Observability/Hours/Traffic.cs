using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Hours;

/// <summary>What came and went over a pod's network, in bytes.</summary>
internal readonly record struct Traffic(double Received, double Sent);

/// <summary>What was counted since the last look.</summary>
/// <param name="Traffic">By uid of the pod.</param>
/// <param name="VolumesUsed">By claim, in bytes.</param>
internal sealed record CountedUsage(IReadOnlyDictionary<string, Traffic> Traffic, IReadOnlyDictionary<ObjectKey, double> VolumesUsed);
