using Fleet.Control.Grains;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Ownership;

/// <summary>
/// A singleton of the service: runs where its grain is owned and nowhere else, each time a new one under the epoch of then. Singletons move as clusters do: before another process
/// may begin, this one has ended it.
/// </summary>
internal sealed partial class OwnedService<T>(
    GrainId grain, Func<GrainOwnership, T> make, IGrainDirectory directory, IHostApplicationLifetime life, ILogger<OwnedService<T>> log) : IHostedService, IGrainDrain, IDisposable
    where T : class, IHostedService
{
    private readonly SemaphoreSlim turn = new(1);
    private (T Service, GrainOwnership Ownership)? running;
    private bool isWanted;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        isWanted = true;
        directory.Gained += Begin;
        return FollowAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        isWanted = false;
        directory.Gained -= Begin;
        await EndInTurnAsync();
    }

    public Task LetGoAsync(Func<GrainId, bool> which, TimeSpan grace) => which(grain) ? EndInTurnAsync() : Task.CompletedTask;

    public void Dispose() => turn.Dispose();

    private void Begin() => _ = FollowAsync(CancellationToken.None);

    private async Task FollowAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (running is { Ownership.IsCurrent: false })
                await EndAsync();
            if (!isWanted || running is not null || await directory.TryOwnAsync(grain, ct) is not { } epoch)
                return;
            var ownership = new GrainOwnership(grain, epoch, directory);
            var made = make(ownership);
            running = (made, ownership);
            await made.StartAsync(ct);
            LogBegun(grain.Key.Name, epoch);
            if (made is BackgroundService { ExecuteTask: { } work })
                _ = WatchAsync(work);
        }
#pragma warning disable CA1031 // Nobody waits for this one after the start of the program.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(grain.Key.Name, e);
            life.StopApplication();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task EndInTurnAsync()
    {
        await turn.WaitAsync();
        try
        {
            await EndAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task EndAsync()
    {
        if (running is not { } ending)
            return;
        running = null;
        // However long it takes: another process may begin once this returns.
        await ending.Service.StopAsync(CancellationToken.None);
        (ending.Service as IDisposable)?.Dispose();
        await directory.ReleaseAsync(grain, ending.Ownership.Epoch);
        LogEnded(grain.Key.Name, ending.Ownership.Epoch);
    }

    /// <summary>As the host does with a service that fails: the program ends, and is started anew by whoever runs it.</summary>
    private async Task WatchAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
#pragma warning disable CA1031 // It is told, and ends the program.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(grain.Key.Name, e);
            life.StopApplication();
        }
    }

    [LoggerMessage(1040, LogLevel.Information, "{Singleton} runs here, under epoch {Epoch}")]
    private partial void LogBegun(string singleton, long epoch);

    [LoggerMessage(1041, LogLevel.Information, "{Singleton} has ended here, under epoch {Epoch}")]
    private partial void LogEnded(string singleton, long epoch);

    [LoggerMessage(1042, LogLevel.Critical, "{Singleton} failed: the program ends")]
    private partial void LogFailed(string singleton, Exception exception);
}
