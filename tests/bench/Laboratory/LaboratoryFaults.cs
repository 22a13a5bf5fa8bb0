using System.Globalization;
using Fleet.Bench.Runner;
using Fleet.Reliability.Tests.Laboratory;

namespace Fleet.Bench.Laboratory;

/// <summary>
/// The laboratory of <c>tests/Reliability.Tests</c> for longer than tests can take: three replicas, and as many faults as FLEET_BENCH_FAULTS says (1,000), by the seed FLEET_LAB_SEED
/// or a random one. Nothing runs beside it: the target is that no rule is violated.
/// </summary>
internal sealed class LaboratoryFaults : IBenchmark
{
    private const int FaultsByDefault = 1_000;

    public string Name => "laboratory";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var seed = Number("FLEET_LAB_SEED") ?? Random.Shared.Next(1, 1_000_000);
        await Console.Error.WriteLineAsync($"laboratory: FLEET_LAB_SEED={seed}");
        await using var laboratory = await FaultLaboratory.StartAsync(seed, ct);
        if (laboratory.Missing is { } missing)
            await Console.Error.WriteLineAsync($"laboratory: partitions, loss, delay and full disks are left out: {missing}");
        var report = await laboratory.RunAsync(faults => faults.Take(Number("FLEET_BENCH_FAULTS") ?? FaultsByDefault), ct);
        await Console.Error.WriteLineAsync($"{report}");
        return
        [
            Row($"violations (seed {seed}, {report.Faults.Count} faults)", report.Violations.Count, "", "0", report.Violations.Count == 0),
            .. report.Writes().SelectMany(w => (BenchResult[])[Row($"{w.Store}: writes taken", w.Done, ""), Row($"{w.Store}: writes refused", w.Refused, ""), Row($"{w.Store}: writes of unknown end", w.Open, "")]),
            .. report.Pauses().Select(p => Row($"{p.Kind} (n={p.Faults}), longest without a write", p.Longest.TotalSeconds, "s")),
            Row("last fault to all as wanted", report.Settled.TotalSeconds, "s", $"<= {FaultLaboratory.MostUntilSettled.TotalSeconds} s"),
        ];
    }

    private static BenchResult Row(string what, double value, string unit, string target = "-", bool isMet = true) => new($"laboratory/{what}", value, unit, null, null, target, isMet);

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
