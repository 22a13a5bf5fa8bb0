using System.Diagnostics;
using System.Globalization;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>PostgreSQL holds history only: without it Fleet goes on, and with it back, what happened meanwhile is in it.</summary>
public sealed class DatabaseFaultTests
{
    [Fact]
    public async Task A_database_that_is_killed_comes_back_and_history_has_no_hole()
    {
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.ApplySamplesAsync();
        await FaultFleet.UntilAsync(async () => await EventsAsync(fleet, "mon-cluster-web") > 0, "events are in the history");

        var pidFile = Path.Combine(fleet.Data, "postgres", "postmaster.pid");
        var before = Postmaster(pidFile);
        using (var server = Process.GetProcessById(before))
            server.Kill(entireProcessTree: true);

        // At once, without waiting for the database: a whole cluster, up and away again.
        (await fleet.FleetAsync("delete", "cluster", "mon-cluster-web", "--timeout", "120")).MustSucceed();
        await FaultFleet.UntilAsync(() => Postmaster(pidFile) is var now && now != 0 && now != before, "PostgreSQL runs again");
        await FaultFleet.UntilAsync(async () => await EventsAsync(fleet, "mon-cluster-web", "Deletion") > 0, "the deletion is in the history");
        await FaultFleet.UntilAsync(
            async () => (await File.ReadAllTextAsync(fleet.Log, TestContext.Current.CancellationToken)).Contains("has ended by itself", StringComparison.Ordinal), "the log tells of it");
    }

    private static int Postmaster(string file) => Lines(file) is [var first, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    /// <summary>None while there is no file: a server that starts takes away that of the one before.</summary>
    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private static async Task<int> EventsAsync(Installation fleet, string name, string reason = "")
    {
        var pidFile = Path.Combine(fleet.Data, "postgres", "postmaster.pid");
        // The fourth line is the port. No server, no answer yet.
        if (Lines(pidFile) is not [_, _, _, var port, ..])
            return 0;
        var password = (await File.ReadAllTextAsync(Path.Combine(fleet.Data, "postgres.password"))).Trim();
        var answer = await ProcessOutput.RunAsync(
            Path.Combine(RealParts.PostgresBin, "psql"),
            ["-h", "127.0.0.1", "-p", port.Trim(), "-U", "fleet", "-d", "fleet", "-tA", "-c", $"SELECT count(*) FROM events WHERE name = '{name}' AND reason LIKE '%{reason}%'"],
            new Dictionary<string, string?> { ["PGPASSWORD"] = password });
        return answer.ExitCode == 0 ? int.Parse(answer.Out.Trim(), CultureInfo.InvariantCulture) : 0;
    }
}
