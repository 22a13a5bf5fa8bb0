using Fleet.Observability.Objects;

namespace Fleet.Observability.Hours;

/// <summary>A pod that was there and is gone.</summary>
/// <param name="Row">As it was seen last.</param>
/// <param name="At">When it was seen to be gone; its containers ended then, where they do not say when.</param>
internal sealed record DepartedPod(PodRow Row, DateTimeOffset At);
