using Fleet.Helm.Errors;
using Fleet.Helm.Owners;
using Fleet.Kubernetes.Objects;

namespace Fleet.Helm.Tests.Owners;

public sealed class OwnerVerdictsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RunningOperation Upgrade = new("upgrade", Now.AddMinutes(1), 3);

    [Fact]
    public void Nobodys_and_ones_own_release_is_taken_and_a_later_owners_is_not()
    {
        Assert.Equal(OwnerVerdict.Take, OwnerVerdicts.Of(null, null, 5, Now));
        Assert.Equal(OwnerVerdict.Take, OwnerVerdicts.Of(new(4, "a", null), null, 5, Now));
        Assert.Equal(OwnerVerdict.Refuse, OwnerVerdicts.Of(new(6, "b", null), null, 5, Now));
        Assert.Equal(OwnerVerdict.Refuse, OwnerVerdicts.Of(new(6, "b", Upgrade with { Until = Now }), new(4, "deployed"), 5, Now));
        // What we could not take back of our own record: grains do one thing after the other.
        Assert.Equal(OwnerVerdict.Take, OwnerVerdicts.Of(new(5, "a", Upgrade), new(3, "deployed"), 5, Now));
    }

    /// <summary>Newest revision and its status while upgrade after revision 3 is recorded of an older owner; whether a new owner has to wait.</summary>
    [Theory]
    [InlineData(3, "deployed", true)] // it may not have begun
    [InlineData(4, "pending-upgrade", true)]
    [InlineData(3, "uninstalling", true)]
    [InlineData(4, "deployed", false)]
    [InlineData(4, "failed", false)]
    [InlineData(3, "uninstalled", false)]
    [InlineData(0, "", false)] // the release is gone
    public void A_helm_of_an_older_owner_is_waited_for_until_its_revision_shows_that_it_has_ended(int revision, string status, bool waits)
    {
        var newest = revision == 0 ? (NewestRevision?)null : new NewestRevision(revision, status);
        Assert.Equal(waits ? OwnerVerdict.Wait : OwnerVerdict.Take, OwnerVerdicts.Of(new(4, "a", Upgrade), newest, 5, Now));
        // Never for longer than its helm may run.
        Assert.Equal(OwnerVerdict.Take, OwnerVerdicts.Of(new(4, "a", Upgrade with { Until = Now }), newest, 5, Now));
        // One that makes several revisions is not over with the first.
        Assert.Equal(OwnerVerdict.Wait, OwnerVerdicts.Of(new(4, "a", Upgrade with { After = null }), newest, 5, Now));
    }

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        OwnerRecord[] records = [new(7, "replica-a", null), new(7, "replica-a", Upgrade), new(7, "replica-a", Upgrade with { After = null })];
        foreach (var record in records)
            Assert.Equal(record, OwnerRecord.Read(new DynamicObject(record.Manifest(new("apps", "web"), null))));
        Assert.Equal(HelmErrorKind.ReleaseFailed, Assert.Throws<HelmException>(() => OwnerRecord.Read(new([]))).Kind);
    }
}
