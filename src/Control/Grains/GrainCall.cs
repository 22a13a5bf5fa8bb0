using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Grains;

/// <summary>A request to a grain: which of its reconcilers to run for which key. Plain data, so that any host can carry it.</summary>
public readonly record struct GrainCall(string Controller, ObjectKey Key, string ReconcileId);
