using Fleet.Control.Grains;
using Fleet.Control.Ownership;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Control.Tests.Ownership;

public sealed class OwnedServiceTests : IDisposable
{
    private readonly Directory directory = new();
    private readonly Life life = new();
    private readonly List<Work> made = [];
    private readonly OwnedService<Work> service;

    public OwnedServiceTests() => service = new(
        GrainId.OfSingleton("one"),
        ownership =>
        {
            made.Add(new(ownership));
            return made[^1];
        },
        directory, life, NullLogger<OwnedService<Work>>.Instance);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_runs_where_its_grain_is_owned_and_anew_with_each_epoch()
    {
        await service.StartAsync(Ct);
        Assert.Empty(made);
        directory.Give(7);
        Assert.Equal(7, Assert.Single(made).Ownership.Epoch);
        Assert.True(made[0].IsRunning);
        // Something else was gained: it goes on.
        directory.Give(7);
        Assert.Single(made);
        directory.Take();
        await service.LetGoAsync(_ => true, TimeSpan.FromMinutes(1));
        Assert.False(made[0].IsRunning);
        directory.Give(9);
        await UntilAsync(() => made.Count == 2 && made[1] is { IsRunning: true });
        Assert.Equal([7, 9], made.Select(work => work.Ownership.Epoch));
        Assert.True(made[1].IsRunning);
        await service.StopAsync(Ct);
        Assert.False(made[1].IsRunning);
        directory.Give(11);
        Assert.Equal(2, made.Count);
    }

    [Fact]
    public async Task What_is_let_go_of_others_does_not_end_it()
    {
        directory.Give(7);
        await service.StartAsync(Ct);
        await service.LetGoAsync(grain => grain != GrainId.OfSingleton("one"), TimeSpan.Zero);
        Assert.True(Assert.Single(made).IsRunning);
    }

    [Fact]
    public async Task An_epoch_that_has_gone_by_unnoticed_ends_the_old_one_first()
    {
        directory.Give(7);
        await service.StartAsync(Ct);
        directory.Give(8);
        // The end of the old one goes on in another thread, and the new one is made a moment before it runs.
        await UntilAsync(() => made.Count == 2 && made[1] is { IsRunning: true });
        Assert.Equal([false, true], made.Select(work => work.IsRunning));
    }

    [Fact]
    public async Task One_that_fails_ends_the_program()
    {
        directory.Give(7);
        await service.StartAsync(Ct);
        made[0].Fail();
        await life.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct);
    }

    public void Dispose() => service.Dispose();

    private static async Task UntilAsync(Func<bool> there)
    {
        while (!there())
            await Task.Yield();
    }

    private sealed class Work(GrainOwnership ownership) : BackgroundService
    {
        private readonly TaskCompletionSource failure = new();

        public GrainOwnership Ownership { get; } = ownership;

        public bool IsRunning { get; private set; }

        public void Fail() => failure.SetException(new InvalidOperationException("on purpose"));

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            IsRunning = true;
            try
            {
                await failure.Task.WaitAsync(stoppingToken);
            }
            finally
            {
                IsRunning = false;
            }
        }

        // Runs in the caller's thread up to its first wait, so that nothing here has to be waited for.
        public override Task StartAsync(CancellationToken cancellationToken)
        {
            stopping = new();
            execute = ExecuteAsync(stopping.Token);
            return Task.CompletedTask;
        }

        public override Task? ExecuteTask => execute;

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await stopping!.CancelAsync();
            await execute!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private CancellationTokenSource? stopping;
        private Task? execute;
    }

    private sealed class Directory : IGrainDirectory
    {
        private long? epoch;

        public event Action? Gained;

        public void Give(long next)
        {
            epoch = next;
            Gained?.Invoke();
        }

        public void Take() => epoch = null;

        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => ValueTask.FromResult(epoch);

        public bool IsCurrent(GrainId grain, long epoch) => epoch == this.epoch;

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;
    }

    private sealed class Life : IHostApplicationLifetime
    {
        public TaskCompletionSource Stopped { get; } = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopped.TrySetResult();
    }
}
