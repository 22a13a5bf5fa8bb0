using Fleet.ClusterManager.Deletion;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Deletion;

public class DeletionAccountingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly BreakerOptions Options = new();

    [Fact]
    public void So_many_begin_as_may_and_each_leaves_an_entry()
    {
        var account = DeletionAccount.Empty;
        for (var number = 1; number <= 3; number++)
        {
            var (decision, next) = Ask(account, number);
            Assert.True(decision.MayBegin);
            account = next!;
            Assert.Equal(number, account.Begun.Count);
        }

        var (refused, noted) = Ask(account, 4);
        Assert.False(refused.MayBegin);
        Assert.Equal((3, "c4"), (noted!.Begun.Count, Assert.Single(noted.Refused).Value.Name));
        // What is there already is not written again.
        Assert.Null(Ask(noted, 4).Next);
        Assert.Equal((true, null), (Ask(noted, 2).Decision.MayBegin, Ask(noted, 2).Next));
    }

    [Fact]
    public void Entries_go_with_the_window_and_those_of_a_clock_that_is_ahead_count()
    {
        Assert.False(Ask(Account(3, Noon - Options.Window), 4).Decision.MayBegin);
        Assert.False(Ask(Account(3, Noon + TimeSpan.FromHours(1)), 4).Decision.MayBegin);
        var (decision, next) = Ask(Account(3, Noon - Options.Window - TimeSpan.FromSeconds(1)), 4);
        Assert.True(decision.MayBegin);
        Assert.Equal("u4", Assert.Single(next!.Begun).Key);
    }

    [Fact]
    public void One_that_was_refused_elsewhere_keeps_the_breaker_open_before_its_status_says_so()
    {
        var account = DeletionAccount.Empty with { Refused = new Dictionary<string, ObjectKey> { ["u9"] = new("team", "c9") } };
        Assert.False(Ask(account, 1).Decision.MayBegin);
        // It may go when its turn comes, and is no longer refused.
        var (decision, next) = Ask(account, 9);
        Assert.True(decision.MayBegin);
        Assert.Empty(next!.Refused);
    }

    [Fact]
    public void When_all_were_acknowledged_or_are_gone_the_account_begins_anew()
    {
        var account = Account(3, Noon) with { Refused = new Dictionary<string, ObjectKey> { ["u9"] = new("team", "c9") } };
        var (decision, next) = Ask(account, 4, isStillHeld: false);
        Assert.True(decision.MayBegin);
        Assert.Equal(("u4", 0), (Assert.Single(next!.Begun).Key, next.Refused.Count));
        // Not while another says that it is held.
        Assert.False(Ask(account, 4, isStillHeld: false, held: "c7").Decision.MayBegin);
        // Nor without one that was refused: then nobody has seen what went before.
        Assert.False(Ask(Account(3, Noon), 4, isStillHeld: false).Decision.MayBegin);
    }

    [Fact]
    public void Ten_refused_ones_are_enough()
    {
        var account = Account(3, Noon);
        for (var number = 10; number < 40; number++)
            account = Ask(account, number).Next ?? account;
        Assert.Equal(DeletionAccounting.MostRefused, account.Refused.Count);
    }

    [Fact]
    public void An_account_is_read_as_it_was_written_and_anything_else_is_none()
    {
        var account = Account(2, Noon) with { Refused = new Dictionary<string, ObjectKey> { ["u9"] = new("team", "c9") } };
        var read = DeletionAccount.From(new ConfigMap { Data = account.Data() });
        Assert.Equal(account.Begun, read.Begun);
        Assert.Equal(account.Refused, read.Refused);
        Assert.Equal("2026-11-22T12:00:00.000Z", account.Data()["begun.u1"]);
        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)[("begun.u1", "soon"), ("refused.u1", "c9"), ("begin.u1", "2026-11-22T12:00:00.000Z"), ("refused.u1", "a/b/c")])
        {
            var wrong = new ConfigMap { Data = new() { [key] = value } };
            Assert.Throws<FormatException>(() => DeletionAccount.From(wrong));
        }
    }

    private static DeletionAccount Account(int begun, DateTimeOffset at) =>
        DeletionAccount.Empty with { Begun = Enumerable.Range(1, begun).ToDictionary(number => $"u{number}", _ => at) };

    private static DeletionAccounting Ask(DeletionAccount account, int number, bool isStillHeld = true, string? held = null) => DeletionAccounting.Of(
        account, new(new("team", $"c{number}"), $"u{number}", 8, held is null ? new HashSet<ObjectKey>() : new HashSet<ObjectKey> { new("team", held) }, (_, _) => isStillHeld), Options, Noon);
}
