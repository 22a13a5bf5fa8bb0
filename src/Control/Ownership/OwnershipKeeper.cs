using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.Control.Grains;
using Fleet.Control.Health;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Ownership;

/// <summary>
/// One replica among several: renews its Lease, follows the table of owners, and plans it anew when replicas come, go or differ in load. Every replica plans; there is no leader
/// whose death would have to be noticed first. Registered before all loops, so that it stops after them.
/// </summary>
internal sealed partial class OwnershipKeeper : BackgroundService, IHostedLifecycleService, IReadinessCheck
{
    /// <summary>The first replica by name writes at once, each further one waits so much longer: usually one writes and the others see it.</summary>
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly OwnershipOptions options;
    private readonly LeasedGrainDirectory directory;
    private readonly SlotMeter meter;
    private readonly TimeProvider clock;
    private readonly ILogger<OwnershipKeeper> log;
    private readonly OwnLease lease;
    private readonly IResourceClient<Lease> leases;
    private readonly OwnershipTable table;
    private readonly OwnershipWatches watches;
    private readonly WantedPins pins;
    private readonly HeldSlots held;
    private readonly Presence presence;
    private readonly ConcurrentQueue<string> died = new();
    private readonly ITimer expiry;
    private readonly NewestTable newest = new();
    private Beacon? beacon;
    private long renewedAt;
    private long publishedApplied = -1;
    private long? unlikeSince;
    private string? trouble = "has no Lease yet";

    public OwnershipKeeper(
        IKubernetesClient client, OwnershipOptions options, LeasedGrainDirectory directory, IEnumerable<IGrainDrain> drains, SlotMeter meter, TimeProvider clock, ILogger<OwnershipKeeper> log)
    {
        (this.options, this.directory, this.meter, this.clock, this.log) = (options, directory, meter, clock, log);
        leases = client.Resource(CoreTypes.Leases);
        lease = new(leases, options, clock);
        table = new(client.Resource(CoreTypes.ConfigMaps), options);
        watches = new(client, options, clock);
        pins = new(client, options, clock, log);
        held = new(directory, [.. drains], options, Wake);
        presence = new(clock, holder =>
        {
            died.Enqueue(holder);
            Wake();
        });
        expiry = clock.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Identity of this run, as Leases and the table have it.</summary>
    public string Identity => lease.Identity;

    public string? Missing => trouble is { } what ? $"ownership: {what}" : null;

    /// <summary>What the sweep looks at; null until everything has been seen.</summary>
    internal (Assignment Table, IReadOnlyList<ReplicaRow> Replicas)? Seen => watches.HasSynced ? (Current()?.Table ?? Assignment.Empty, watches.Replicas) : null;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        beacon = options.Address is { } address ? Beacon.Open(address) : null;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        watches.Start(Wake);
        pins.Start(Wake);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Retry;
            try
            {
                pause = await RoundAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException or OperationCanceledException)
            {
                Say("the management API does not answer", e);
            }
            await PauseAsync(pause, stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await expiry.DisposeAsync();
        await GiveUpAsync(cancellationToken);
        beacon?.Dispose();
        await presence.DisposeAsync();
        await watches.DisposeAsync();
        await pins.DisposeAsync();
    }

    /// <summary>How long nothing needs to be done, unless something changes.</summary>
    private async Task<TimeSpan> RoundAsync(CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(options.RenewEvery, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        if (isLeaving)
            drain ??= held.LeaveAsync(options.Grace);
        if (IsRenewalDue && !await RenewAsync(either.Token) || isLeaving)
            return Retry;
        if (!watches.HasSynced)
            return Retry;
        await BuryAsync(either.Token);
        var current = Current();
        if (current is { Trouble: { } unreadable })
        {
            Say(unreadable, null);
            return Retry;
        }
        if (!directory.IsValid)
            return Retry;
        Follow(current?.Table ?? Assignment.Empty);
        trouble = null;
        if (IsRenewalDue)
            return TimeSpan.Zero;
        return await PlanAsync(current, either.Token) ?? options.RenewEvery - clock.GetElapsedTime(renewedAt);
    }

    private bool IsRenewalDue =>
        lease.Version is null || held.Applied != publishedApplied || IsTaken || clock.GetElapsedTime(renewedAt) >= options.RenewEvery;

    /// <summary>Somebody else has our Lease, or has deleted it: the next renewal says so, and is not put off. A watch that has not seen our own last write is no sign.</summary>
    private bool IsTaken => watches.HasSynced && clock.GetElapsedTime(renewedAt) >= Retry
        && watches.Replicas.FirstOrDefault(row => row.Lease == options.LeaseName)?.Facts.Name != lease.Identity;

    private async Task<bool> RenewAsync(CancellationToken ct)
    {
        var (sent, applied) = (clock.GetTimestamp(), held.Applied);
        var wasValid = directory.IsValid;
        var outcome = await lease.RenewAsync(notes => Note(notes, applied), ct);
        if (outcome != LeaseOutcome.Held)
        {
            Say(outcome == LeaseOutcome.NameTaken ? $"another replica is called {options.Replica}, too" : "the Lease was taken away: it was not renewed in time", null);
            publishedApplied = -1;
            await held.LoseAsync();
            return false;
        }
        (renewedAt, publishedApplied) = (sent, applied);
        directory.Renewed(sent, options.Validity);
        expiry.Change(options.Validity, Timeout.InfiniteTimeSpan);
        if (!wasValid && directory.Holding.Count > 0)
            Tell();
        return true;
    }

    private void Note(Dictionary<string, string> notes, long applied)
    {
        notes[OwnershipNames.Applied] = $"{applied}";
        notes[OwnershipNames.Holds] = directory.Holding.Digest();
        // The Lease may be that of another replica of our name, which ended.
        notes.Remove(OwnershipNames.Pool);
        if (options.Pool is { } pool)
            notes[OwnershipNames.Pool] = pool;
        if (beacon is not null)
            notes[OwnershipNames.Address] = beacon.Address;
        if (meter.Costs(directory.Holding) is { Count: > 0 } costs)
            notes[OwnershipNames.Costs] = SlotCosts.Write(costs);
    }

    /// <summary>Deletes Leases that have expired, or whose holder has died. One that was renewed after all has another version, and stays.</summary>
    private async Task BuryAsync(CancellationToken ct)
    {
        var others = watches.Replicas.Where(row => row.Lease != options.LeaseName).ToList();
        presence.Follow(others.Where(row => row.Address is not null && row.Facts.Name.Length > 0).Select(row => (row.Facts.Name, row.Address!)));
        foreach (var (name, version) in watches.Expired().Where(expired => expired.Lease != options.LeaseName))
            await TakeAsync(name, version, ct);
        while (died.TryDequeue(out var holder))
            if (others.Find(row => row.Facts.Name == holder) is { } dead)
                await TakeAsync(dead.Lease, dead.Version, ct);
    }

    private async Task TakeAsync(string name, string version, CancellationToken ct)
    {
        try
        {
            if (await leases.DeleteAsync(new(options.Namespace, name), new() { ResourceVersion = version }, ct))
                LogDead(name);
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsNotFound)
        {
            // It lives, or somebody else was first.
        }
    }

    private void Follow(Assignment current)
    {
        if (!held.Follow(current, lease.Identity))
            return;
        LogHolding(directory.Holding.Count, current.Slots.Count, current.Generation);
        Tell();
    }

    /// <summary>When to plan again, or null when there is nothing to do.</summary>
    private async Task<TimeSpan?> PlanAsync(TableRow? current, CancellationToken ct)
    {
        var now = current?.Table ?? Assignment.Empty;
        var others = watches.Replicas.Where(row => row.Lease != options.LeaseName && row.Facts.Name.Length > 0).Select(row => row.Facts);
        ReplicaFacts[] replicas = [.. others.Append(new(lease.Identity, held.Applied, meter.Costs(directory.Holding)) { Pool = options.Pool ?? "" }).DistinctBy(r => r.Name)];
        var before = replicas.Count(r => string.CompareOrdinal(r.Name, lease.Identity) < 0);
        // Watches differ for a moment: two replicas with different wishes would undo each other's.
        var next = AssignmentPlanner.Plan(now, replicas, clock.GetUtcNow().ToUnixTimeMilliseconds(), before == 0 ? pins.Find() : null);
        // A table that was deleted, or put back from an old backup, is written anew from what is known here.
        var isBehind = (watches.Table?.Table.Generation ?? 0) < now.Generation;
        if (ReferenceEquals(next, now) && !isBehind)
        {
            unlikeSince = null;
            return null;
        }
        var waited = clock.GetElapsedTime(unlikeSince ??= clock.GetTimestamp());
        // What was just written here also looks behind, until the watch has brought it.
        var turn = ReferenceEquals(next, now) ? Retry : Stagger * before;
        if (waited < turn)
            return turn - waited;
        unlikeSince = waited >= Retry ? null : unlikeSince;
        var version = isBehind && waited >= Retry ? watches.Table?.Version : current?.Version;
        if (await table.TryWriteAsync(next with { Generation = Math.Max(next.Generation, now.Generation + 1) }, version, ct) is not { } row)
            return Retry;
        newest.Among(row);
        unlikeSince = null;
        LogPlanned(row.Table.Generation, replicas.Length);
        return TimeSpan.Zero;
    }

    private TableRow? Current() => newest.Among(watches.Table);

    private void Expire()
    {
        if (directory.IsValid)
            return;
        Say("the Lease could not be renewed in time: nothing is done until it is", null);
        _ = held.InterruptAsync();
    }

    private void Tell() => ThreadPool.UnsafeQueueUserWorkItem(static d => d.Tell(), directory, preferLocal: false);

    private void Wake() => wake.Writer.TryWrite(true);

    private async Task PauseAsync(TimeSpan longest, CancellationToken ct)
    {
        if (longest <= TimeSpan.Zero)
            return;
        using var limit = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The pause is over.
        }
    }

    private void Say(string what, Exception? why)
    {
        if (trouble == what)
            return;
        trouble = what;
        LogTrouble(what, why);
    }
}
