using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests;

/// <summary>The management plane is lost and comes back from a backup: the clusters do not notice.</summary>
public sealed class RestoreDrillTests
{
    [Fact]
    public async Task A_lost_management_plane_comes_back_and_no_cluster_is_touched()
    {
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.ApplySamplesAsync();
        var before = await SeenAsync(fleet);
        Assert.NotEmpty(before.Nodes);
        Assert.NotEmpty(before.Machines);

        var key = fleet.Write("backup.key", new string('7', 64));
        var backups = Path.Combine(fleet.Data, "..", "backups");
        var created = (await fleet.FleetAsync("backup", "create", "drill", "--to", backups, "--key-file", key)).MustSucceed();
        Assert.Contains("written and verified", created.Out, StringComparison.Ordinal);
        Assert.Contains("of database", created.Out, StringComparison.Ordinal);
        Assert.Contains("drill", (await fleet.FleetAsync("backup", "list", "--at", backups)).MustSucceed().Out, StringComparison.Ordinal);
        Assert.Contains("objects/k0rdent.mirantis.com/clusterdeployments", (await fleet.FleetAsync("backup", "inspect", "drill", "--at", backups, "--key-file", key)).MustSucceed().Out, StringComparison.Ordinal);

        // Everything that the management API knew is gone; the clusters themselves live elsewhere, and so do their files.
        await fleet.KillAsync(tree: true);
        foreach (var file in Directory.GetFileSystemEntries(Path.Combine(fleet.Data, "control-plane"), "objects*"))
        {
            if (Directory.Exists(file))
                Directory.Delete(file, recursive: true);
            else
                File.Delete(file);
        }

        (await fleet.FleetAsync("up")).MustSucceed();
        Assert.Equal("", (await fleet.KubectlAsync(fleet.Kubeconfig, "get", "cld", "-A", "-o", "name")).MustSucceed().Out.Trim());

        var wrong = await fleet.FleetAsync("restore", "--from", backups, "--key-file", fleet.Write("other.key", new string('8', 64)));
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("another one", wrong.Error, StringComparison.Ordinal);

        var started = Stopwatch.GetTimestamp();
        var restored = (await fleet.FleetAsync("restore", "--from", backups, "--key-file", key)).MustSucceed();
        await fleet.WaitReadyAsync();
        TestLogs.NoteUsed($"restore drill: Ready {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s after the restore began");
        Assert.DoesNotContain("Failed", restored.Out, StringComparison.Ordinal);

        var after = await SeenAsync(fleet);
        Assert.Equal(before.Nodes, after.Nodes);
        Assert.Equal(before.Machines, after.Machines);
        Assert.Equal(before.Releases, after.Releases);
        Assert.Equal(before.ClusterReleases, after.ClusterReleases);

        // Managed as before: a change arrives.
        (await fleet.KubectlAsync(fleet.Kubeconfig, "patch", "cld/mon-cluster-web", "-n", "mon-organisation", "--type=merge", "-p", """{"spec":{"config":{"workersNumber":3}}}""")).MustSucceed();
        (await fleet.KubectlAsync(fleet.Kubeconfig, "wait", "--for=jsonpath={.status.replicas}=3", "machinedeployments.cluster.x-k8s.io", "--all", "-n", "mon-organisation", "--timeout=90s")).MustSucceed();
    }

    /// <summary>Nodes by uid, machines by what they are, and the revision of every release, in the cluster and of the cluster.</summary>
    private static async Task<(string[] Nodes, string[] Machines, string Releases, string ClusterReleases)> SeenAsync(Installation fleet)
    {
        var kubeconfig = await fleet.KubeconfigOfAsync("mon-cluster-web");
        return (
            await ListAsync(fleet, kubeconfig, "nodes", node => $"{node["metadata"]!["name"]} {node["metadata"]!["uid"]} {node["spec"]!["providerID"]}"),
            await ListAsync(fleet, fleet.Kubeconfig, "machines.cluster.x-k8s.io", machine => $"{machine["metadata"]!["name"]} {machine["spec"]!["providerID"]} {machine["status"]?["nodeRef"]?["name"]}"),
            (await fleet.HelmAsync(kubeconfig, "list", "-A", "-o", "json")).MustSucceed().Out,
            (await fleet.HelmAsync(fleet.Kubeconfig, "list", "-n", "mon-organisation", "-o", "json")).MustSucceed().Out);
    }

    private static async Task<string[]> ListAsync(Installation fleet, string kubeconfig, string kind, Func<JsonNode, string> describe)
    {
        var list = JsonNode.Parse((await fleet.KubectlAsync(kubeconfig, "get", kind, "-A", "-o", "json")).MustSucceed().Out)!;
        return [.. list["items"]!.AsArray().Select(item => describe(item!)).Order(StringComparer.Ordinal)];
    }
}
