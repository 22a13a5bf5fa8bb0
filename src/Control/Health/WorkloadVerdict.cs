namespace Fleet.Control.Health;

/// <summary>How a workload is, the worse the later.</summary>
public enum WorkloadVerdict
{
    Healthy,
    Progressing,
    Failed,
}
