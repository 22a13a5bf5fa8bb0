using System.Collections.Concurrent;
using Fleet.Control.Reconciling;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Grains;

/// <summary>Grains on the thread pool of this process: a mailbox each, activated by the first call, deactivated after <see cref="IdleAfter"/>.</summary>
internal sealed class LocalGrainHost : IGrainHost, IGrainDrain, IAsyncDisposable
{
    /// <summary>Longer than the longest back-off (5 min, stretched by a fifth), so that a failing cluster keeps its connection state.</summary>
    internal static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<GrainId, GrainMailbox> mailboxes = new();
    private readonly IGrainDirectory directory;
    private readonly IGrainBehavior behavior;
    private readonly TimeProvider clock;
    private readonly ILogger<LocalGrainHost> logger;
    private readonly ITimer sweep;

    public LocalGrainHost(IGrainDirectory directory, IGrainBehavior behavior, TimeProvider clock, ILogger<LocalGrainHost> logger)
    {
        this.directory = directory;
        this.behavior = behavior;
        this.clock = clock;
        this.logger = logger;
        sweep = clock.CreateTimer(_ => Sweep(), null, IdleAfter / 2, IdleAfter / 2);
    }

    /// <summary>Mailboxes that exist now.</summary>
    internal int Count => mailboxes.Count;

    public Task<Outcome> CallAsync(GrainId grain, GrainCall call, CancellationToken ct)
    {
        while (true)
        {
            var mailbox = mailboxes.GetOrAdd(grain, static (id, host) => new(id, host.directory, host.behavior, host.clock, host.logger), this);
            if (mailbox.TryCall(call, ct, out var outcome))
                return outcome;
            mailboxes.TryRemove(new KeyValuePair<GrainId, GrainMailbox>(grain, mailbox));
        }
    }

    public Task DeactivateAsync(GrainId grain) =>
        mailboxes.TryGetValue(grain, out var mailbox) && mailbox.TryDeactivate(out var done) ? done : Task.CompletedTask;

    public Task LetGoAsync(Func<GrainId, bool> which, TimeSpan grace) =>
        Task.WhenAll(mailboxes.Where(entry => which(entry.Key)).Select(entry => entry.Value.LetGoAsync(grace)));

    public async ValueTask DisposeAsync()
    {
        await sweep.DisposeAsync();
        await Task.WhenAll(mailboxes.Keys.Select(DeactivateAsync));
    }

    private void Sweep()
    {
        foreach (var (id, mailbox) in mailboxes)
            if (mailbox.TryClose(IdleAfter))
                mailboxes.TryRemove(new KeyValuePair<GrainId, GrainMailbox>(id, mailbox));
    }
}
