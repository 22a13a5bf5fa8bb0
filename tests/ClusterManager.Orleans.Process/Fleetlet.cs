using System.Diagnostics;
using System.Globalization;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.Hosting;

namespace Fleet.ClusterManager.OrleansProcess;

/// <summary>A silo in this process, which asks, and others in processes of their own.</summary>
internal sealed class Fleetlet(string database, IHost here) : IDisposable
{
    private readonly List<SiloProcess> others = [];

    public IGrainHost Grains { get; } = here.Grains();

    public static async Task<Fleetlet> StartAsync(string database) => new(database, await Silo.StartAsync(database, SiloProcess.FreePort(), new WhereAmI()));

    public async Task<SiloProcess> AddAsync()
    {
        var silo = await SiloProcess.StartAsync(database);
        others.Add(silo);
        return silo;
    }

    public async Task<(int Process, long Epoch)> AskAsync(GrainId grain, CancellationToken ct) =>
        WhereAmI.Answer(await Grains.CallAsync(grain, new GrainCall("where", grain.Key, "id"), ct));

    /// <summary>A grain that lives in that process; new ones are made until one does.</summary>
    public async Task<(GrainId Grain, long Epoch)> OneInAsync(SiloProcess silo, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var grain = GrainId.OfCluster(new ObjectKey("team-a", Guid.NewGuid().ToString("N")));
            var (process, epoch) = await AskAsync(grain, ct);
            if (process == silo.Id)
                return (grain, epoch);
        }
    }

    /// <summary>Asks as controllers do, again after each failure, until the grain works in another process than that one.</summary>
    public async Task<(long Epoch, TimeSpan After)> AskUntilElsewhereAsync(GrainId grain, int gone, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var (process, epoch) = await AskAsync(grain, ct);
                if (process != gone)
                    return (epoch, Stopwatch.GetElapsedTime(since));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
            }
        }
    }

    public void Dispose()
    {
        foreach (var silo in others)
            silo.Dispose();
        here.Dispose();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{others.Count(silo => silo.IsRunning) + 1} others");
}
