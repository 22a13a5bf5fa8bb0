using System.Globalization;
using Fleet.Reliability.Tests.Laboratory;
using Fleet.Testing;

namespace Fleet.Reliability.Tests;

/// <summary>
/// Replicas in networks of their own, and faults by seed: whatever happens, no rule is violated. FLEET_LAB_SECONDS sets for how long, FLEET_LAB_SEED which faults. Where namespaces
/// may not be made, the rest (kill, freeze, restarts, clock) still runs.
/// </summary>
public sealed class LaboratoryTests
{
    private const int SecondsByDefault = 120;

    [Fact]
    public async Task Faults_of_any_kind_violate_no_rule()
    {
        var seed = Number("FLEET_LAB_SEED") ?? Random.Shared.Next(1, 1_000_000);
        await RunAsync(seed, TimeSpan.FromSeconds(Number("FLEET_LAB_SECONDS") ?? SecondsByDefault));
    }

    private static async Task RunAsync(int seed, TimeSpan length)
    {
        // First of all, so that it is known also of a run that is ended from outside.
        TestLogs.NoteUsed($"laboratory with FLEET_LAB_SEED={seed} for {length.TotalSeconds} s");
        TestContext.Current.SendDiagnosticMessage($"FLEET_LAB_SEED={seed}");
        await using var laboratory = await FaultLaboratory.StartAsync(seed, TestContext.Current.CancellationToken);
        if (laboratory.Missing is { } missing)
            TestLogs.NoteUsed($"laboratory without partitions, loss, delay and full disks: {missing}");
        var report = await laboratory.RunAsync(faults => faults.TakeWhile(f => f.At < length).Where(f => f.End < length), TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{report}");
        Assert.True(report.Violations.Count == 0, $"FLEET_LAB_SEED={seed}\n{report}");
        Assert.All(report.Writes(), store => Assert.True(store.Done > 0, $"nothing was written to {store.Store}"));
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
