using Fleet.Control.Grains;
using Fleet.Observability.Alerts;
using Fleet.Observability.Alerts.Delivery;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Alerts.Storage;
using Fleet.Observability.History;
using Fleet.Observability.Ledger;
using Fleet.Rest.Databases;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>The outbox on a real PostgreSQL, with a clock of its own.</summary>
public sealed class AlertOutboxTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
    private static readonly AlertOptions Options = new() { MostWaiting = 3, MostDeliveries = 2 };

    private PrivatePostgres postgres = null!;
    private ServiceProvider services = null!;
    private LedgerConnections connections = null!;
    private AlertOutbox outbox = null!;
    private AlertQueries queries = null!;

    private static GrainOwnership Owner { get; } = KnownOwner.OfSingleton("alerts");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.StartAsync();
        services = new ServiceCollection().AddDbContextFactory<HistoryContext>(db => db.UseNpgsql(postgres.ConnectionString)).AddSingleton<MigratedContexts<HistoryContext>>().BuildServiceProvider();
        connections = new(services.GetRequiredService<MigratedContexts<HistoryContext>>());
        (outbox, queries) = (new(connections, Options), new(connections));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task What_was_taken_by_a_process_that_died_is_free_again_and_what_was_told_is_gone()
    {
        await WriteAsync(("one", "mail", "g"));
        var taken = Assert.Single(await outbox.TakeAsync(Owner, 10, Start, Cancel));
        Assert.Equal(("one", 1), (taken.Notification.Id, taken.Attempt));
        // While one tells it nobody else does.
        Assert.Empty(await outbox.TakeAsync(Owner, 10, Start.AddSeconds(29), Cancel));
        // It died.
        var again = Assert.Single(await outbox.TakeAsync(Owner, 10, Start.AddSeconds(31), Cancel));
        Assert.Equal(("one", 2), (again.Notification.Id, again.Attempt));
        await SettleAsync(again, DeliveryOutcome.Delivered(200), null, Start.AddSeconds(31));
        Assert.Empty(await outbox.TakeAsync(Owner, 10, Start.AddDays(1), Cancel));
        var record = (await queries.ReceiversAsync(Start, Cancel))[new("team-a", "mail")];
        Assert.Equal((Start.AddSeconds(31), 0, 0), (record.LastDelivery, record.Failed, record.Dead));
    }

    [Fact]
    public async Task Of_a_group_the_earlier_goes_first_and_one_receiver_does_not_hold_up_another()
    {
        await WriteAsync(("a1", "slow", "a"), ("a2", "slow", "a"), ("b1", "slow", "b"), ("c1", "slow", "c"), ("m1", "mail", "a"));
        var first = await outbox.TakeAsync(Owner, 10, Start, Cancel);
        // Two at a time of one receiver, never two of a group.
        Assert.Equal(["a1", "b1", "m1"], first.Select(item => item.Notification.Id).Order());
        Assert.Empty(await outbox.TakeAsync(Owner, 10, Start, Cancel));
        // a1 is to be tried again: a2 waits for it.
        await SettleAsync(first.Single(item => item.Notification.Id == "a1"), DeliveryOutcome.Failed("no"), Start.AddMinutes(1), Start);
        var third = Assert.Single(await outbox.TakeAsync(Owner, 10, Start.AddSeconds(1), Cancel));
        Assert.Equal("c1", third.Notification.Id);
        foreach (var told in first.Where(item => item.Notification.Id != "a1").Append(third))
            await SettleAsync(told, DeliveryOutcome.Delivered(200), null, Start.AddSeconds(2));
        // a1 is given up: a2 is not.
        var again = (await outbox.TakeAsync(Owner, 10, Start.AddMinutes(1).AddSeconds(1), Cancel)).Single(item => item.Notification.Id == "a1");
        await SettleAsync(again, DeliveryOutcome.Refused("never"), null, Start.AddMinutes(1));
        Assert.Contains("a2", (await outbox.TakeAsync(Owner, 10, Start.AddMinutes(1).AddSeconds(1), Cancel)).Select(item => item.Notification.Id));
        var record = (await queries.ReceiversAsync(Start, Cancel))[new("team-a", "slow")];
        Assert.Equal((1, "never"), (record.Dead, record.LastError));
    }

    [Fact]
    public async Task Too_many_that_wait_and_what_is_old_go()
    {
        await WriteAsync([.. Enumerable.Range(0, 5).Select(n => ($"n{n}", "mail", $"g{n}"))]);
        Assert.Equal(2, await outbox.TrimAsync(Start.AddMinutes(1), Cancel));
        Assert.Equal(2, (await queries.ReceiversAsync(Start, Cancel))[new("team-a", "mail")].Dead);
        Assert.DoesNotContain(await outbox.TakeAsync(Owner, 10, Start.AddMinutes(1), Cancel), item => item.Notification.Id is "n0" or "n1");
        for (var attempt = 0; attempt < 4; attempt++)
            await outbox.NoteAsync(Row($"n{attempt}", "failed", Start), Cancel);
        await outbox.TrimAsync(Start.AddMinutes(2), Cancel);
        Assert.Equal(["n3", "n2"], (await queries.DeliveriesAsync(null, null, 10, Cancel)).Select(row => row.Notification));
        await outbox.TrimAsync(Start.AddDays(8), Cancel);
        Assert.Empty(await queries.DeliveriesAsync(null, null, 10, Cancel));
    }

    [Fact]
    public async Task What_one_process_wrote_the_next_one_reads_and_the_one_before_writes_no_more()
    {
        var alert = new AlertInstance
        {
            Id = "1", Rule = new("kcm-system", "usual", "A"), Labels = AlertLabels.Of([new("alertname", "A"), new("cluster", "web"), new("é", "\"ü\"")]),
            Annotations = AlertLabels.None, Phase = AlertPhase.Firing, ActiveSince = Start, FiredAt = Start, Value = 1.5, Incident = "i",
        };
        var group = new GroupState
        {
            Key = "g", Route = "r", Namespace = "team-a", Receiver = "mail", Labels = alert.Labels, NextFlush = Start.AddMinutes(5), Members = ["1"], NotifiedAt = Start, NotifiedFiring = ["1"], Sequence = 3,
        };
        await using var first = await AlertSession.OpenAsync(connections, Owner, Cancel);
        await first.SaveAsync(new([alert], [], new([group], [], [Notification("n", "mail", "g")])), Cancel);
        // A commit whose answer was lost is written again: the notification is one.
        await first.SaveAsync(new([alert with { Value = 2 }], [], new([group], [], [Notification("n", "mail", "g")])), Cancel);
        await using var second = await AlertSession.OpenAsync(connections, KnownOwner.OfSingleton("alerts", 2), Cancel);
        var (alerts, groups) = await second.LoadAsync(Cancel);
        // The first was frozen and knows nothing of the second.
        await Assert.ThrowsAsync<GrainElsewhereException>(() => first.SaveAsync(new([alert with { Value = 3 }], ["1"], new([], ["g"], [Notification("late", "mail", "g")])), Cancel));
        await Assert.ThrowsAsync<GrainElsewhereException>(() => first.ProveAsync(Cancel));
        await Assert.ThrowsAsync<GrainElsewhereException>(() => AlertSession.OpenAsync(connections, Owner, Cancel));
        await Assert.ThrowsAsync<GrainElsewhereException>(() => outbox.TakeAsync(Owner, 10, Start, Cancel));
        Assert.Equal(alert with { Value = 2 }, Assert.Single(alerts));
        var read = Assert.Single(groups);
        Assert.Equal((group.Key, group.NextFlush, group.Sequence, group.NotifiedAt), (read.Key, read.NextFlush, read.Sequence, read.NotifiedAt));
        Assert.Equal(group.Labels, read.Labels);
        Assert.Single(await outbox.TakeAsync(KnownOwner.OfSingleton("alerts", 2), 10, Start, Cancel));
        Assert.Empty(await queries.FindAsync(null, ["team-b"], null, 10, Cancel));
        Assert.Single(await queries.FindAsync(AlertPhase.Firing, ["kcm-system"], "web", 10, Cancel));
    }

    [Theory]
    [InlineData(1, null, 0, 2.5)]
    [InlineData(1, null, 1, 5)]
    [InlineData(3, null, 1, 20)]
    [InlineData(30, null, 1, 900)]
    [InlineData(1, 60, 1, 60)]
    [InlineData(1, 86400, 1, 3600)]
    public void Is_tried_again_ever_more_rarely_and_not_before_it_is_asked(int attempt, int? retryAfter, double chance, double seconds)
    {
        var item = new OutboxItem(1, new("a", "b"), Notification("n", "mail", "g"), Start, attempt);
        var outcome = DeliveryOutcome.Failed("no", 429, retryAfter is { } asked ? TimeSpan.FromSeconds(asked) : null);
        Assert.Equal(Start.AddSeconds(seconds), RetryPlan.Next(item, outcome, new(), chance, Start));
    }

    [Fact]
    public void Is_given_up_after_a_day_and_at_once_when_the_same_can_not_succeed()
    {
        var item = new OutboxItem(1, new("a", "b"), Notification("n", "mail", "g"), Start, 50);
        Assert.NotNull(RetryPlan.Next(item, DeliveryOutcome.Failed("no"), new(), 1, Start.AddHours(23)));
        Assert.Null(RetryPlan.Next(item, DeliveryOutcome.Failed("no"), new(), 1, Start.AddHours(23.9)));
        Assert.Null(RetryPlan.Next(item with { Attempt = 1 }, DeliveryOutcome.Refused("wrong", 400), new(), 1, Start));
    }

    private async Task WriteAsync(params (string Id, string Receiver, string Group)[] notifications)
    {
        await using var session = await AlertSession.OpenAsync(connections, Owner, Cancel);
        await session.SaveAsync(new([], [], new([], [], [.. notifications.Select(one => Notification(one.Id, one.Receiver, one.Group))])), Cancel);
    }

    private Task SettleAsync(OutboxItem item, DeliveryOutcome outcome, DateTimeOffset? next, DateTimeOffset at) =>
        outbox.SettleAsync(item, outcome, next, Row(item.Notification.Id, outcome.Verdict == DeliveryVerdict.Delivered ? "delivered" : "failed", at) with { Receiver = item.Receiver.Name }, Cancel);

    private static DeliveryRow Row(string id, string outcome, DateTimeOffset at) => new()
    {
        Namespace = "team-a", Receiver = "mail", Notification = id, Title = "t", Alerts = 1, At = at, Outcome = outcome, Attempt = 1, Milliseconds = 1, Message = "",
    };

    private static Notification Notification(string id, string receiver, string group) => new()
    {
        Id = id, GroupKey = group, Namespace = "team-a", Receiver = receiver, GroupLabels = new Dictionary<string, string>(), At = Start,
        Alerts = [new("1", "kcm-system", "usual", new Dictionary<string, string> { ["alertname"] = "A" }, new Dictionary<string, string>(), Start, null, 1, "i")],
    };
}
