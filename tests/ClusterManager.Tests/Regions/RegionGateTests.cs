using Fleet.ClusterManager.Regions;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Regions;

public class RegionGateTests
{
    private static ObjectKey Key(string name) => new("org", name);

    [Fact]
    public void Who_finds_no_place_is_called_in_turn_once_for_each_place_that_is_given_back()
    {
        var called = new List<string>();
        var gate = new RegionGate(2, key => called.Add(key.Name));
        var first = gate.TryEnter(Key("a"));
        var second = gate.TryEnter(Key("b"));
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(gate.TryEnter(Key("c")));
        Assert.Null(gate.TryEnter(Key("c")));
        Assert.Null(gate.TryEnter(Key("d")));

        first.Dispose();
        first.Dispose();
        Assert.Equal(["c"], called);
        using var third = gate.TryEnter(Key("c"));
        Assert.NotNull(third);
        Assert.Null(gate.TryEnter(Key("e")));
        second.Dispose();
        Assert.Equal(["c", "d"], called);
    }
}
