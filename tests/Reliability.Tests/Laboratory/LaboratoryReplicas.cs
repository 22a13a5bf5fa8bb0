using System.Diagnostics;
using System.Globalization;
using Fleet.Reliability.Tests.Laboratory.Network;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>Replicas as processes, each in namespaces of its own where there is a network.</summary>
internal sealed class LaboratoryReplicas(
    LaboratoryServers servers, TemporaryFolder folder, LaboratoryNetwork? network, IReadOnlyDictionary<string, string>? pools = null) : IAsyncDisposable
{
    private const double LeaseSeconds = 4;

    private readonly Dictionary<string, ServerProcess> running = [];
    private readonly (string Management, string Clusters, string Rows) access = servers.WriteAccess(folder, name => network?.AddressOf(name) ?? "127.0.0.1");

    /// <param name="name">The replica; one that has ended comes back under its name.</param>
    /// <param name="crash">Where it dies by itself; null when it does not.</param>
    /// <param name="heldBack">While this file exists it sees nothing new; null when it always does.</param>
    public async Task StartAsync(string name, string? crash = null, string? heldBack = null)
    {
        Directory.CreateDirectory(DiskOf(folder, name));
        string[] command =
        [
            .. network?.NamespaceOf(name).Enter ?? [], "dotnet", Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "ReplicaProcess", "release", "Fleet.ReplicaProcess.dll"),
            access.Management, servers.Namespace, name, HistoryOf(name), LeaseSeconds.ToString(CultureInfo.InvariantCulture), "announce",
        ];
        var environment = new Dictionary<string, string?>
        {
            ["FLEET_REPLICA_POOL"] = pools?.GetValueOrDefault(name),
            ["FLEET_REPLICA_ADDRESS"] = network?.AddressOf(name),
            ["FLEET_REPLICA_ROWS"] = access.Rows,
            ["FLEET_REPLICA_CLUSTERS"] = access.Clusters,
            ["FLEET_REPLICA_NOTES"] = DiskOf(folder, name),
            ["FLEET_REPLICA_CLOCK"] = ClockOf(name),
            ["FLEET_REPLICA_CRASH"] = crash,
            ["FLEET_REPLICA_HELD_BACK"] = heldBack,
        };
        running[name] = await ServerProcess.StartAsync($"laboratory-{name}", command[0], command[1..], environment);
    }

    public static string DiskOf(TemporaryFolder folder, string name) => folder.File($"disk-{name}");

    public bool HasEnded(string name) => running[name].HasExited;

    /// <summary>By SIGSTOP.</summary>
    public bool IsFrozen(string name) => File.ReadAllText($"/proc/{running[name].Id}/stat").Split(')')[^1].TrimStart().StartsWith('T');

    public Task KillAsync(string name) => running[name].KillAsync();

    /// <summary>STOP or CONT. A replica that has ended meanwhile stays so.</summary>
    public async Task SignalAsync(string name, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{running[name].Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The replica's wall clock is off by this from now on.</summary>
    public void ShiftClock(string name, double seconds)
    {
        var fresh = ClockOf(name) + ".new";
        File.WriteAllText(fresh, seconds.ToString(CultureInfo.InvariantCulture));
        File.Move(fresh, ClockOf(name), overwrite: true);
    }

    public IReadOnlyList<WriteRecord> History() => [.. running.Keys.SelectMany(name => WriteRecord.Read(HistoryOf(name)))];

    /// <summary>At once, so that what is on its way stays so.</summary>
    public async Task EndAsync()
    {
        foreach (var process in running.Values)
            await process.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
            await process.DisposeAsync();
    }

    private string HistoryOf(string name) => folder.File($"history-{name}");

    private string ClockOf(string name) => folder.File($"clock-{name}");
}
