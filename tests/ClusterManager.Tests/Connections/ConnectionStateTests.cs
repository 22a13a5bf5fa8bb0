using Fleet.ClusterManager.Connections;
using Fleet.Testing.Time;

namespace Fleet.ClusterManager.Tests.Connections;

public class ConnectionStateTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider clock = new();
    private readonly ScriptedProbe probe = new();

    private Task<ProbeResult> Probe(ConnectionState state, string kubeconfig = "a") => state.ProbeAsync(probe, kubeconfig, Interval, CancellationToken.None);

    [Fact]
    public async Task One_lost_probe_is_no_outage_and_two_are()
    {
        var state = new ConnectionState(clock);
        Assert.True((await Probe(state)).Answered);
        probe.Next = new(null, "lost");
        clock.Advance(Interval);
        Assert.True((await Probe(state)).Answered);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False((await Probe(state)).Answered);
    }

    [Fact]
    public async Task Within_the_interval_nothing_is_asked()
    {
        var state = new ConnectionState(clock);
        await Probe(state);
        await Probe(state);
        Assert.Equal(1, probe.Calls);
    }

    [Fact]
    public async Task A_new_kubeconfig_is_tried_and_believed_at_once()
    {
        var state = new ConnectionState(clock);
        await Probe(state);
        probe.Next = new(null, "wrong CA");
        Assert.False((await Probe(state, "b")).Answered);
    }

    private sealed class ScriptedProbe : IClusterProbe
    {
        public ProbeResult Next { get; set; } = new("v1.33.1", null);

        public int Calls { get; private set; }

        public Task<ProbeResult> ProbeAsync(string kubeconfig, CancellationToken ct)
        {
            Calls++;
            return Task.FromResult(Next);
        }
    }
}
