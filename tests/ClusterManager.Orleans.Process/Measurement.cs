using System.Diagnostics;
using System.Globalization;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.ClusterManager.OrleansProcess;

/// <summary>The two hosts beside each other in one run, and how long a grain is away when its silo is killed or hangs.</summary>
internal static class Measurement
{
    private const int Grains = 1000;
    private const int Callers = 32;
    private static readonly TimeSpan For = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string database, int kills)
    {
        using var fleet = await Fleetlet.StartAsync(database);
        await using (var local = new LocalGrainHost(new LocalGrainDirectory(), new WhereAmI(), TimeProvider.System, NullLogger<LocalGrainHost>.Instance))
        {
            Console.WriteLine($"{"host",-34} {"first call of a grain/s",24} {"calls/s",12}");
            await RateAsync("LocalGrainHost", local);
            await RateAsync("Orleans, 1 silo", fleet.Grains);
            await fleet.AddAsync();
            await fleet.AddAsync();
            await RateAsync("Orleans, 3 silos, asked from one", fleet.Grains);
        }
        await AwayAsync(fleet, "killed", kills, static silo =>
        {
            silo.Kill();
            return Task.CompletedTask;
        });
        await AwayAsync(fleet, "hangs", (kills + 1) / 2, static silo => silo.HangAsync());
    }

    private static async Task RateAsync(string name, IGrainHost host)
    {
        var grains = Enumerable.Range(0, Grains).Select(_ => GrainId.OfCluster(new ObjectKey("bench", Guid.NewGuid().ToString("N")))).ToList();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(grains, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (grain, ct) => await CallAsync(host, grain, ct));
        var first = Grains / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var calls = 0L;
        began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var i = caller; Stopwatch.GetElapsedTime(began) < For; i += Callers)
            {
                await CallAsync(host, grains[i % Grains], CancellationToken.None);
                Interlocked.Increment(ref calls);
            }
        }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {first,24:0} {calls / Stopwatch.GetElapsedTime(began).TotalSeconds,12:0}"));
    }

    private static async Task AwayAsync(Fleetlet fleet, string how, int times, Func<SiloProcess, Task> harm)
    {
        var away = new List<double>();
        for (var i = 0; i < times; i++)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            using var silo = await fleet.AddAsync();
            var (grain, epoch) = await fleet.OneInAsync(silo, limit.Token);
            await harm(silo);
            var (later, after) = await fleet.AskUntilElsewhereAsync(grain, silo.Id, limit.Token);
            if (later <= epoch)
                throw new InvalidOperationException($"the epoch went from {epoch} to {later}");
            away.Add(after.TotalSeconds);
        }
        away.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"silo {how}, {fleet} are left: grain works elsewhere after {At(away, 0.5):0.0} s (P50), {At(away, 0.99):0.0} s (P99), {away[0]:0.0} to {away[^1]:0.0} s of {times}"));
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];

    private static Task<Outcome> CallAsync(IGrainHost host, GrainId grain, CancellationToken ct) => host.CallAsync(grain, new GrainCall("where", grain.Key, "id"), ct);
}
