using Fleet.Control.Ownership;
using Fleet.Control.Tests.Scripted;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Time;

namespace Fleet.Control.Tests.Ownership;

public sealed class OwnLeaseTests
{
    private static readonly OwnershipOptions Options = new() { Service = "counter", Replica = "a", Namespace = "system" };

    private readonly ManualTimeProvider clock = new();
    private readonly OwnLease lease;
    private Lease? stored;
    private int version;
    private bool losesAnswers;

    public OwnLeaseTests() => lease = new(new ScriptedResource<Lease> { OnGet = _ => Copy(stored), OnCreate = Store, OnUpdate = Update }, Options, clock);

    [Fact]
    public async Task A_renewal_whose_answer_was_lost_is_made_once_more_so_that_it_counts_from_now()
    {
        Assert.Equal(LeaseOutcome.Held, await RenewAsync());
        losesAnswers = true;
        await Assert.ThrowsAsync<TimeoutException>(RenewAsync);
        losesAnswers = false;
        var before = stored!.Metadata.ResourceVersion;
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(LeaseOutcome.Held, await RenewAsync());
        Assert.NotEqual(before, stored.Metadata.ResourceVersion);
        Assert.Equal(clock.GetUtcNow(), stored.Spec.RenewTime);
    }

    [Fact]
    public async Task One_that_was_taken_is_lost_and_comes_back_under_another_identity()
    {
        await RenewAsync();
        var first = lease.Identity;
        stored = null;
        Assert.Equal(LeaseOutcome.Lost, await RenewAsync());
        Assert.Null(lease.Version);
        Assert.Equal(LeaseOutcome.Held, await RenewAsync());
        Assert.NotEqual(first, stored!.Spec.HolderIdentity);
    }

    [Fact]
    public async Task At_the_start_the_one_before_of_our_name_is_replaced_and_later_another_of_our_name_is_not()
    {
        Store(new() { Spec = new() { HolderIdentity = "a_before" } });
        Assert.Equal(LeaseOutcome.Held, await RenewAsync());
        stored!.Spec.HolderIdentity = "a_other";
        stored.Metadata.ResourceVersion = "other";
        Assert.Equal(LeaseOutcome.Lost, await RenewAsync());
        Assert.Equal(LeaseOutcome.NameTaken, await RenewAsync());
        Assert.Equal("a_other", stored.Spec.HolderIdentity);
    }

    private Task<LeaseOutcome> RenewAsync() => lease.RenewAsync(_ => { }, TestContext.Current.CancellationToken);

    private Lease Update(Lease body)
    {
        if (stored is null)
            throw new KubeApiException(404, "NotFound", "gone");
        if (stored.Metadata.ResourceVersion != body.Metadata.ResourceVersion)
            throw new KubeApiException(409, "Conflict", "changed");
        var written = Store(body);
        return losesAnswers ? throw new TimeoutException("no answer") : written;
    }

    private Lease Store(Lease body)
    {
        stored = Copy(body)!;
        stored.Metadata.ResourceVersion = $"{++version}";
        return Copy(stored)!;
    }

    private static Lease? Copy(Lease? of) => of is null ? null : new()
    {
        Metadata = new()
        {
            Name = of.Metadata.Name, Namespace = of.Metadata.Namespace, ResourceVersion = of.Metadata.ResourceVersion, Labels = of.Metadata.Labels, Annotations = of.Metadata.Annotations,
        },
        Spec = new()
        {
            HolderIdentity = of.Spec.HolderIdentity, RenewTime = of.Spec.RenewTime, AcquireTime = of.Spec.AcquireTime, LeaseDurationSeconds = of.Spec.LeaseDurationSeconds,
            LeaseTransitions = of.Spec.LeaseTransitions,
        },
    };
}
