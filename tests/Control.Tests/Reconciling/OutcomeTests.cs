using Fleet.Control.Reconciling;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Tests.Reconciling;

public sealed class OutcomeTests
{
    private static readonly Outcome Failed = Outcome.Failed(new InvalidOperationException("broken"));

    [Theory]
    [InlineData(OutcomeKind.Done, Requeue.No, LogLevel.Debug, "done")]
    [InlineData(OutcomeKind.After, Requeue.AfterDelay, LogLevel.Debug, "after")]
    [InlineData(OutcomeKind.Waiting, Requeue.AfterDelay, LogLevel.Information, "waiting")]
    [InlineData(OutcomeKind.Stalled, Requeue.No, LogLevel.Warning, "stalled")]
    [InlineData(OutcomeKind.Failed, Requeue.WithBackoff, LogLevel.Error, "failed")]
    internal void Each_kind_has_one_handling(OutcomeKind kind, Requeue requeue, LogLevel level, string metric) =>
        Assert.Equal(new OutcomeHandling(requeue, level, metric), OutcomeHandling.For(kind));

    [Fact]
    public void Every_kind_is_in_the_table_and_has_a_series() =>
        Assert.Equal(OutcomeHandling.Metrics, Enum.GetValues<OutcomeKind>().Select(k => OutcomeHandling.For(k).Metric));

    [Fact]
    public void Combine_prefers_failure_then_the_shortest_delay_then_stalled()
    {
        var soon = Outcome.After(TimeSpan.FromSeconds(1));
        var later = Outcome.Waiting("NotYet", TimeSpan.FromSeconds(9));
        var stalled = Outcome.Stalled("Bad", "no such template");
        Assert.Equal(Failed, Outcome.Combine([soon, Failed, stalled]));
        Assert.Equal(soon, Outcome.Combine([later, soon, stalled, Outcome.Done]));
        Assert.Equal(stalled, Outcome.Combine([Outcome.Done, stalled]));
        Assert.Equal(Outcome.Done, Outcome.Combine([]));
    }
}
