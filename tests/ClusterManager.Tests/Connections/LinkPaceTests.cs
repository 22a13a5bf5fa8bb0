using Fleet.ClusterManager.Connections;
using Fleet.Control.Queueing;

namespace Fleet.ClusterManager.Tests.Connections;

public class LinkPaceTests
{
    private static readonly LinkPace Pace = new(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));

    [Theory]
    [InlineData(0, 0.0, 48)]
    [InlineData(0, 0.999999, 60)]
    [InlineData(1, 0.999999, 5)]
    [InlineData(11, 0.0, 4)]
    [InlineData(12, 0.999999, 15)]
    public void Questions_are_spread_and_quick_after_a_failure(int failures, double chance, int seconds) =>
        Assert.Equal(seconds, Pace.After(failures, new Fixed(chance)).TotalSeconds, 0.01);

    private sealed class Fixed(double value) : IJitterSource
    {
        public double Next() => value;
    }
}
