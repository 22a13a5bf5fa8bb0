namespace Fleet.Control.Clusters;

/// <summary>The cluster cannot be worked with now; thrown at once, never after waiting for long. The message is for users and names no secret.</summary>
public sealed class ClusterNotConnectedException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
