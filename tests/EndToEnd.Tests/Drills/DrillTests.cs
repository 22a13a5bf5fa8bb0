using System.Diagnostics;
using System.Globalization;
using Fleet.ControlPlane.Machinery;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests.Drills;

/// <summary>
/// The management cluster is destroyed with its etcd while twenty clusters are upgraded, and a new one takes them over from a backup in a real S3 server.
/// Nobody makes a machine or a release again; what was upgraded stays so, what was not is upgraded to its end.
/// </summary>
public sealed class DrillTests
{
    private const int Count = 20;

    /// <summary>Moments of a restore at which it is killed.</summary>
    private static readonly (string Name, Func<ClusterChange, System.Text.Json.Nodes.JsonObject?, bool> Is)[] Steps =
    [
        ("Secrets are restored", (change, _) => change is { Type: WatchEventType.Added, Kind.Kind: "Secret" }),
        ("ClusterDeployments are restored", (change, _) => change is { Type: WatchEventType.Added, Kind.Kind: "ClusterDeployment" }),
        ("Machines are restored", (change, _) => change is { Type: WatchEventType.Added, Kind.Kind: "Machine" }),
        ("a Cluster is let go", (change, item) => change is { Type: WatchEventType.Modified, Kind: { Kind: "Cluster", Group: "cluster.x-k8s.io" } } && (bool?)item?["spec"]?["paused"] != true),
    ];

    private static readonly string[] Names = [.. Enumerable.Range(1, Count).Select(i => $"c{i:00}")];

    /// <summary>These get another version of Kubernetes, so their machines are replaced; the others keep theirs.</summary>
    private static readonly string[] Rolled = Names[..3];

    /// <summary>Upgrades of their service take a while, so that they are under way when the end comes.</summary>
    private static readonly string[] Slow = Names[^6..];

    [Theory]
    [InlineData("embedded")]
    [InlineData("real")]
    public async Task A_management_cluster_destroyed_in_the_middle_of_upgrades_is_replaced_from_a_backup(string server)
    {
        await using var stage = await DrillStage.StartAsync();
        await stage.StartBucketAsync();
        string[] kept;
        Dictionary<string, string> machines;
        Dictionary<string, IReadOnlyList<(int, string)>> releases, services;
        Dictionary<string, string> standing;
        DateTimeOffset between;
        int wave;
        await using (var lost = await ManagementPlane.StartAsync(server, stage.Clouds))
        {
            await stage.FillAsync(lost);
            await lost.StartManagersAsync();
            await DrillStage.ApplyAsync(lost, [.. Names.Select(DrillStage.Cluster)]);
            await DrillStage.UntilReadyAsync(lost, Count, 480);
            await BackUpAsync(stage, lost, "quiet");
            between = TimeProvider.System.GetUtcNow();
            kept = [.. Names.Except(Rolled)];
            machines = await OfEachAsync(kept, name => DrillStage.MachinesAsync(lost, name));
            releases = await OfEachAsync(kept, name => DrillStage.ReleaseAsync(lost, name));
            standing = kept.ToDictionary(name => name, stage.Standing);

            foreach (var name in Rolled)
                await DrillStage.ChangeAsync(lost, name, """{"spec":{"template":"aws-34"}}""");
            // Where the backup takes longer than the upgrades, they are upgraded once more, and more slowly.
            for (wave = 2; ; wave++)
            {
                Assert.True(wave < 5, "the upgrades were never in the middle when the backup was done");
                foreach (var name in Names)
                    await DrillStage.ChangeAsync(lost, name, $$"""{"spec":{"serviceSpec":{"services":[{"name":"web","namespace":"apps","template":"{{Template(wave)}}","values":"{{(Slow.Contains(name) ? $"migration: {10 * Math.Pow(3, wave - 2)}s" : "")}}"}]} } }""");
                // A change that no ServiceSet has yet is made again after a restore, and what had been upgraded by it goes back and forth once (docs/guides/backup.md).
                await FaultFleet.UntilAsync(
                    async () => (await lost.ListAsync("k0rdent.mirantis.com", "ServiceSet")).All(set => (string?)set.At("spec", "services")?[0]?["template"] == Template(wave)), "all ServiceSets have the change", 120);
                await FaultFleet.UntilAsync(() => Names.Any(name => IsUpgraded(stage.Service(name), wave)), "the first is upgraded", 120);
                await BackUpAsync(stage, lost, $"wave-{wave}");
                if (!Names.All(name => IsUpgraded(stage.Service(name), wave)))
                    break;
            }
        }

        // What was going on when it was destroyed, helm among it, is over.
        services = Names.ToDictionary(name => name, stage.Service);
        var done = Names.Where(name => IsUpgraded(services[name], wave)).ToList();
        Assert.InRange(done.Count, 1, Count - 1);

        await using var found = await ManagementPlane.StartAsync(server, stage.Clouds);
        var asOf = between.ToString("o", CultureInfo.InvariantCulture);
        Assert.Contains("quiet of", (await stage.FleetAsync(found, "restore", "--from", stage.Bucket, "--key-file", stage.Key, "--dry-run", "--as-of", asOf)).MustSucceed().Out, StringComparison.Ordinal);
        var started = Stopwatch.GetTimestamp();
        if (server == "embedded")
            await KillRestoresAsync(stage, found);
        var report = (await stage.FleetAsync(found, "restore", "--from", stage.Bucket, "--key-file", stage.Key)).MustSucceed();
        Assert.Contains($"wave-{wave}", report.Out, StringComparison.Ordinal);
        var restored = Stopwatch.GetElapsedTime(started);
        await found.StartManagersAsync();
        await DrillStage.UntilReadyAsync(found, Count, 480);
        TestLogs.NoteUsed($"drill, {server}: {Count} clusters, {done.Count} of them upgraded when etcd was destroyed; restored in {restored.TotalSeconds:0.0} s, all Ready {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s after the restore began");

        Assert.Equal(machines, await OfEachAsync(kept, name => DrillStage.MachinesAsync(found, name)));
        Assert.Equal(standing, kept.ToDictionary(name => name, stage.Standing));
        foreach (var name in kept)
            Assert.Equal(releases[name], await DrillStage.ReleaseAsync(found, name));
        foreach (var name in done)
            Assert.Equal(services[name], stage.Service(name));
        foreach (var name in Names.Except(done))
        {
            // One that was cut off in the middle takes one revision more; nothing is installed anew.
            var records = stage.Service(name);
            Assert.True(records[^1].State == "deployed" && records[^1].Revision >= wave && records[^1].Revision <= wave + 1, $"{name}: {string.Join(", ", records)}");
            Assert.Equal(Version(wave), stage.RunningVersion(name));
        }

        foreach (var name in Rolled)
            await FaultFleet.UntilAsync(async () => await RolledAsync(found, name), $"the machines of {name} are replaced", 120);
    }

    private static string Version(int wave) => wave % 2 == 0 ? "2.0.0" : "1.0.0";

    private static string Template(int wave) => $"web-{Version(wave).Replace('.', '-')}";

    private static bool IsUpgraded(IReadOnlyList<(int Revision, string State)> records, int wave) => records is [.., (var revision, "deployed")] && revision == wave;

    private static async Task<bool> RolledAsync(ManagementPlane plane, string cluster)
    {
        var versions = (await plane.ListAsync("cluster.x-k8s.io", "Machine", $"cluster.x-k8s.io/cluster-name={cluster}")).Select(machine => (string?)machine.At("spec", "version")).ToList();
        return versions.Count == 2 && versions.All(version => version == "v1.34.0");
    }

    private static async Task BackUpAsync(DrillStage stage, ManagementPlane plane, string name)
    {
        var written = (await stage.FleetAsync(plane, "backup", "create", name, "--to", stage.Bucket, "--key-file", stage.Key)).MustSucceed();
        Assert.Contains("written and verified", written.Out, StringComparison.Ordinal);
    }

    /// <summary>kill -9 at every step; the next one goes on.</summary>
    private static async Task KillRestoresAsync(DrillStage stage, ManagementPlane plane)
    {
        var killed = 0;
        foreach (var (name, happens) in Steps)
        {
            await using var sighting = new Sighting(plane.Api, happens);
            await using var run = await stage.StartFleetAsync(plane, "restore", "--from", stage.Bucket, "--key-file", stage.Key);
            // A step that the run before came to before its end was seen does not come again.
            await FaultFleet.UntilAsync(() => sighting.Reached.IsCompleted || run.HasExited, name);
            killed += sighting.Reached.IsCompleted ? 1 : 0;
            await run.KillAsync();
        }

        Assert.True(killed > 1, $"only {killed} were killed on their way");
    }

    private static async Task<Dictionary<string, T>> OfEachAsync<T>(IEnumerable<string> names, Func<string, Task<T>> ask)
    {
        var answers = new Dictionary<string, T>();
        foreach (var name in names)
            answers[name] = await ask(name);
        return answers;
    }
}
