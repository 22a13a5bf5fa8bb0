using Fleet.ControlPlane.ClusterApi.Faults;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class MachineSlotsTests
{
    private static readonly ObjectKey Cluster = new("default", "sim");

    [Fact]
    public void The_last_place_goes_to_one_machine_and_comes_back_when_it_is_gone()
    {
        var slots = new MachineSlots();
        Assert.Equal((true, 2), slots.Take(Cluster, "b", 2, Set("a"), Set("a", "b", "c")));
        Assert.Equal((false, 2), slots.Take(Cluster, "c", 2, Set("a"), Set("a", "b", "c")));
        Assert.Equal((true, 2), slots.Take(Cluster, "b", 2, Set("a"), Set("a", "b", "c")));
        Assert.Equal((true, 2), slots.Take(Cluster, "c", 2, Set("a"), Set("a", "c")));
    }

    [Fact]
    public async Task Machines_that_ask_at_once_never_get_more_than_there_are()
    {
        var slots = new MachineSlots();
        var all = Enumerable.Range(0, 64).Select(i => $"m{i}").ToHashSet();
        var granted = await Task.WhenAll(all.Select(m => Task.Run(() => slots.Take(Cluster, m, 5, Set(), all).Granted)));
        Assert.Equal(5, granted.Count(g => g));
    }

    private static HashSet<string> Set(params string[] uids) => [.. uids];
}
