using Fleet.Control.Queueing;

namespace Fleet.ClusterManager.Connections;

/// <summary>How often an API server is asked for its version.</summary>
/// <param name="Interval">While it answers.</param>
/// <param name="Timeout">A healthy one answers in milliseconds, also from another continent.</param>
internal sealed record LinkPace(TimeSpan Interval, TimeSpan Timeout)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>One that has been dead for a minute does not come back within seconds.</summary>
    private static readonly TimeSpan AfterManyFailures = TimeSpan.FromSeconds(15);

    private const int Many = 12;

    /// <summary>Up to a fifth less by chance, so that a thousand clusters do not ask together.</summary>
    public TimeSpan After(int failures, IJitterSource jitter)
    {
        var longest = failures == 0 ? Interval : failures < Many ? AfterFailure : AfterManyFailures;
        return (longest < Interval ? longest : Interval) * (0.8 + jitter.Next() / 5);
    }
}
