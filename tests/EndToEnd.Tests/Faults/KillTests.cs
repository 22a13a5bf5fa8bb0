using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>
/// kill -9 at ten random points, in the middle of installs and of deletions. A point is a number of writes to the management API, not a time, so that
/// slow machines meet the same ones. <c>FLEET_KILL_SEED</c> repeats a run, <c>FLEET_KILL_ROUNDS</c> makes a longer one (two points each).
/// </summary>
public sealed class KillTests
{
    private const string Team = "mon-organisation";
    private const string Name = "mon-cluster-web";
    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    /// <summary>About what an install and a deletion of the sample write; a point past the end kills a fleet at rest, which must hold as well.</summary>
    private const int WritesOfInstall = 130;
    private const int WritesOfDeletion = 60;

    [Fact]
    public async Task Ten_kills_leave_exactly_what_is_declared()
    {
        var seed = Number("FLEET_KILL_SEED", Environment.TickCount);
        var rounds = Number("FLEET_KILL_ROUNDS", 5);
        TestContext.Current.TestOutputHelper!.WriteLine($"FLEET_KILL_SEED={seed}");
        var random = new Random(seed);
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        await ApplyAsync(fleet, "credential.yaml");
        await ApplyAsync(fleet, "servicetemplate.yaml");
        var before = await NamesAsync(fleet);
        for (var round = 1; round <= rounds; round++)
        {
            var installed = random.Next(1, WritesOfInstall);
            var deleted = random.Next(1, WritesOfDeletion);
            try
            {
                await KillAfterAsync(fleet, installed, tree: random.Next(2) == 0, () => ApplyAsync(fleet, "clusterdeployment.yaml"));
                await fleet.WaitReadyAsync();
                await ExactlyTheClusterAsync(fleet);

                await KillAfterAsync(fleet, deleted, tree: random.Next(2) == 0, async () =>
                    (await fleet.KubectlAsync(fleet.Kubeconfig, "delete", "cld", Name, "-n", Team, "--wait=false")).MustSucceed());
                await FaultFleet.UntilAsync(async () => (await fleet.KubectlAsync(fleet.Kubeconfig, "get", "cld", Name, "-n", Team)).Error.Contains("NotFound", StringComparison.Ordinal), "the cluster is gone", 90);
                await FaultFleet.UntilAsync(async () => await NamesAsync(fleet) == before, "nothing of it is left", 60);
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException)
            {
                throw new InvalidOperationException($"round {round}, killed after {installed} writes of the install and {deleted} of the deletion, FLEET_KILL_SEED={seed}: {e.Message}\nleft: {await NamesAsync(fleet)}", e);
            }
        }
    }

    private static async Task KillAfterAsync(Installation fleet, int writes, bool tree, Func<Task> begin)
    {
        using (var client = FaultFleet.Connect(fleet.Kubeconfig))
        {
            var until = await RevisionAsync(client) + writes;
            await begin();
            var (last, since) = (0L, TimeProvider.System.GetTimestamp());
            while (await RevisionAsync(client) is var now && now < until)
            {
                // At rest before the point is reached: this is the point then.
                if (now != last)
                    (last, since) = (now, TimeProvider.System.GetTimestamp());
                if (TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(3))
                    break;
            }
        }
        await fleet.KillAsync(tree);
        (await fleet.FleetAsync("up")).MustSucceed();
    }

    private static async Task ExactlyTheClusterAsync(Installation fleet)
    {
        var managed = await fleet.KubeconfigOfAsync(Name);
        var release = Assert.Single(JsonNode.Parse((await fleet.HelmAsync(managed, "list", "-A", "-a", "-o", "json")).MustSucceed().Out)!.AsArray())!;
        Assert.Equal(("nginx-web", "deployed"), ((string)release["name"]!, (string)release["status"]!));
        var own = Assert.Single(JsonNode.Parse((await fleet.HelmAsync(fleet.Kubeconfig, "list", "-A", "-a", "-o", "json")).MustSucceed().Out)!.AsArray())!;
        Assert.Equal((Name, "deployed"), ((string)own["name"]!, (string)own["status"]!));
        Assert.Single(await WordsAsync(fleet, "clusters.cluster.x-k8s.io,awsclusters,kubeadmcontrolplanes,machinedeployments"), word => word.StartsWith("cluster.", StringComparison.Ordinal));
        var wanted = await fleet.KubectlAsync(fleet.Kubeconfig, "get", "machinedeployments,kubeadmcontrolplanes", "-n", Team, "-o", "jsonpath={.items[*].spec.replicas}");
        var machines = wanted.MustSucceed().Out.Split(' ').Sum(n => int.Parse(n, CultureInfo.InvariantCulture));
        await FaultFleet.UntilAsync(async () => (await WordsAsync(fleet, "machines")).Count == machines && (await WordsAsync(fleet, "awsmachines")).Count == machines, $"there are {machines} machines");
        // What users find by Fleet's labels must be there whenever the kill came.
        var labelled = await fleet.KubectlAsync(fleet.Kubeconfig, "get", "clusters.cluster.x-k8s.io", "-n", Team, "-l", $"helm.toolkit.fluxcd.io/name={Name}", "-o", "name");
        Assert.NotEqual("", labelled.MustSucceed().Out);
    }

    private static async Task<IReadOnlyList<string>> WordsAsync(Installation fleet, string kinds) =>
        (await fleet.KubectlAsync(fleet.Kubeconfig, "get", kinds, "-n", Team, "-o", "name")).MustSucceed().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> NamesAsync(Installation fleet)
    {
        const string Kinds = "cld,servicesets,secrets,configmaps,clusters.cluster.x-k8s.io,machines,machinesets,machinedeployments,kubeadmcontrolplanes,awsclusters,awsmachines,awsmachinetemplates";
        return (await fleet.KubectlAsync(fleet.Kubeconfig, "get", Kinds, "-n", Team, "-o", "name")).MustSucceed().Out;
    }

    private static async Task ApplyAsync(Installation fleet, string file) =>
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", Path.Combine(fleet.Samples, file))).MustSucceed();

    private static async Task<long> RevisionAsync(IKubernetesClient client) =>
        long.Parse((await client.Dynamic(Namespaces).ListAsync(new() { FieldSelector = "metadata.name=default" }, TestContext.Current.CancellationToken)).ResourceVersion!, CultureInfo.InvariantCulture);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
