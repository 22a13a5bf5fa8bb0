using Fleet.ClusterManager.OrleansProcess;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Fleet.Control.Tests.Grains;
using Fleet.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans;
using Orleans.Runtime;

namespace Fleet.ClusterManager.Orleans.Tests;

/// <summary>The list of the default host, and what only silos have.</summary>
public sealed class OrleansGrainHostTests(TwoSilos silos) : GrainHostTests, IClassFixture<TwoSilos>
{
    internal override IGrainHost Host => silos.Host;

    internal override ScriptedBehavior Behavior => silos.Behavior;

    protected override ManualTimeProvider Clock => silos.Clock;

    [Fact]
    public async Task A_grain_lives_once_whichever_silo_asks()
    {
        var epochs = new List<long>();
        Behavior.Handle = (grain, _, _) =>
        {
            epochs.Add(grain.Ownership.Epoch);
            return Task.FromResult(Outcome.Done);
        };
        for (var i = 0; i < 20; i++)
        {
            var grain = NewGrain();
            epochs.Clear();
            await silos.First.Grains().CallAsync(grain, Call("x"), Ct);
            await silos.Second.Grains().CallAsync(grain, Call("x"), Ct);
            Assert.Equal([1, 1], epochs);
        }
    }

    [Fact]
    public async Task Outcomes_are_the_same_on_both_sides()
    {
        var wanted = new Dictionary<string, Outcome>
        {
            ["done"] = Outcome.Done,
            ["after"] = Outcome.After(TimeSpan.FromSeconds(7)),
            ["waiting"] = Outcome.Waiting("Provisioning", TimeSpan.FromMinutes(1)),
            ["stalled"] = Outcome.Stalled("NoTemplate", "there is none"),
        };
        Behavior.Handle = (_, call, _) => Task.FromResult(wanted.TryGetValue(call.Key.Name, out var outcome) ? outcome : Outcome.Failed(new TimeoutException("too slow")));
        // Enough grains that some are elsewhere.
        for (var i = 0; i < 10; i++)
        {
            var grain = NewGrain();
            foreach (var (name, outcome) in wanted)
                Assert.Equal(outcome, await Host.CallAsync(grain, Call(name), Ct));
            var failed = await Host.CallAsync(grain, Call("failed"), Ct);
            Assert.Equal(OutcomeKind.Failed, failed.Kind);
            Assert.Equal("too slow", Assert.IsType<TimeoutException>(failed.Exception).Message);
        }
    }

    [Fact]
    public async Task A_grain_of_a_silo_that_is_stopped_goes_on_elsewhere()
    {
        var third = await silos.StartAsync();
        GrainOwnership? ownership = null;
        Behavior.Handle = (grain, _, _) =>
        {
            ownership = grain.Ownership;
            return Task.FromResult(Outcome.Done);
        };
        var owned = new Dictionary<GrainId, GrainOwnership>();
        for (var i = 0; i < 60; i++)
        {
            var grain = NewGrain();
            await Host.CallAsync(grain, Call("x"), Ct);
            owned.Add(grain, ownership!);
        }
        await third.StopAsync(Ct);
        third.Dispose();
        var moved = 0;
        foreach (var (grain, before) in owned)
        {
            if (before.IsCurrent)
                continue;
            moved++;
            await Host.CallAsync(grain, Call("x"), Ct);
            Assert.True(ownership!.Epoch > before.Epoch);
            Assert.True(ownership.IsCurrent);
            Assert.False(before.IsCurrent);
        }
        Assert.InRange(moved, 1, 59);
    }

    [Fact]
    public async Task A_wake_up_is_kept_as_long_as_the_grain_has_something_to_do()
    {
        Behavior.Handle = (_, _, _) => Task.FromResult(Outcome.Done);
        await CallAsync("x");
        await CallAsync("x");
        await CallAsync("y");
        Assert.Equal(["thing/team-a/x", "thing/team-a/y"], await WakeUpsAsync());
        await Host.DeactivateAsync(Grain);
        Assert.Empty(await WakeUpsAsync());
    }

    [Fact]
    public async Task A_wake_up_that_finds_no_activation_runs_the_call_and_what_it_asks_for_later()
    {
        var ran = new List<GrainCall>();
        var again = new TaskCompletionSource();
        Behavior.Handle = (_, call, _) =>
        {
            ran.Add(call);
            if (ran.Count == 2)
                again.SetResult();
            return Task.FromResult(Outcome.Waiting("Provisioning", TimeSpan.FromSeconds(10)));
        };
        var grain = silos.First.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IRemindable>(global::Orleans.Runtime.GrainId.Create("fleet", $"cluster/{Grain.Key.Namespace}/{Grain.Key.Name}"));
        await grain.ReceiveReminder("thing/team-a/x", default);
        Assert.Equal(("thing", "x"), (Assert.Single(ran).Controller, ran[0].Key.Name));
        // The grain has it in hand now: the next one is nothing to do.
        await grain.ReceiveReminder("thing/team-a/x", default);
        Assert.Single(ran);
        Clock.Advance(TimeSpan.FromSeconds(10));
        await again.Task.WaitAsync(Ct);
        await Host.DeactivateAsync(Grain);
    }

    protected override async Task PassIdleTimeAsync(Func<bool> isDeactivated)
    {
        var management = silos.First.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        while (!isDeactivated())
        {
            await management.ForceActivationCollection(TimeSpan.Zero);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }

    // The caller hears of it only after the grain did.
    protected override Task GivenUpAsync(Task call) => Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

    private async Task<List<string>> WakeUpsAsync()
    {
        await using var connection = new NpgsqlConnection(silos.Database);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT remindername FROM orleans.reminder WHERE grainid LIKE $1 ORDER BY 1", connection)
        {
            Parameters = { new() { Value = $"%{Grain.Key.Name}" } },
        };
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var names = new List<string>();
        while (await reader.ReadAsync(Ct))
            names.Add(reader.GetString(0));
        return names;
    }
}
