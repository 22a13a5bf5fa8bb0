using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>batch/v1 Job.</summary>
public sealed class Job : KubernetesObject
{
    public JobSpec Spec { get; set; } = new();
    public JobStatus? Status { get; set; }
}

public sealed class JobSpec
{
    public int? Completions { get; set; }
    public int? Parallelism { get; set; }
    public int? BackoffLimit { get; set; }
    public bool? Suspend { get; set; }
    public int? TtlSecondsAfterFinished { get; set; }
    public PodTemplate? Template { get; set; }
}

public sealed class JobStatus
{
    public int? Active { get; set; }
    public int? Succeeded { get; set; }
    public int? Failed { get; set; }
    public DateTimeOffset? StartTime { get; set; }
    public DateTimeOffset? CompletionTime { get; set; }
    public List<Condition>? Conditions { get; set; }
}
