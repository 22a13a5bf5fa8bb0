using System.Diagnostics;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.Bench.Processes;

/// <summary>What a script would do: one <c>helm upgrade --install</c> after the other.</summary>
internal static class BareHelm
{
    /// <summary>CPU of helm and time of one of them, in seconds.</summary>
    public static async Task<(double Cpu, double Seconds)> EachAsync(string kubeconfig, string chart, int releases, CancellationToken ct)
    {
        var before = ProcessUse.Of(Environment.ProcessId).Children;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < releases; i++)
            (await ProcessOutput.RunAsync(
                RealParts.Helm3.Path, ["upgrade", "--install", $"bare-{i}", chart, "-n", "bare", "--create-namespace", "--kubeconfig", kubeconfig], ct: ct)).MustSucceed();
        return ((ProcessUse.Of(Environment.ProcessId).Children - before) / releases, Stopwatch.GetElapsedTime(began).TotalSeconds / releases);
    }
}
