using System.Text.Json.Nodes;

namespace Fleet.EndToEnd.Tests;

/// <summary>What the README shows, from nothing to a release in a cluster, and back.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task The_two_samples_become_a_cluster_with_a_release_and_go_again()
    {
        await using var fleet = new Installation();
        var up = (await fleet.FleetAsync("up")).MustSucceed();
        Assert.Contains("kubeconfig", up.Out, StringComparison.Ordinal);

        await fleet.ApplySamplesAsync();

        var cluster = await fleet.KubeconfigOfAsync("mon-cluster-web");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cluster));
        var releases = JsonNode.Parse((await fleet.HelmAsync(cluster, "list", "-A", "-o", "json")).MustSucceed().Out)!.AsArray();
        var release = Assert.Single(releases)!;
        Assert.Equal(("nginx-web", "applications-web", "deployed"), ((string)release["name"]!, (string)release["namespace"]!, (string)release["status"]!));

        var phases = (await fleet.KubectlAsync(cluster, "get", "pods", "-n", "applications-web", "-o", "jsonpath={.items[*].status.phase}")).MustSucceed().Out;
        Assert.NotEmpty(phases);
        Assert.All(phases.Split(' '), phase => Assert.Equal("Running", phase));

        var clusters = (await fleet.FleetAsync("get", "clusters")).MustSucceed().Out;
        Assert.Matches(@"mon-organisation\s+mon-cluster-web\s+True\s+1/1\s+aws-standalone-cp-0-1-0", clusters);
        var services = (await fleet.FleetAsync("get", "services")).MustSucceed().Out;
        Assert.Matches(@"nginx-web\s+Deployed\s+1\.0\.0", services);
        var described = (await fleet.FleetAsync("describe", "cluster", "mon-cluster-web")).MustSucceed().Out;
        Assert.Contains("Machines:", described, StringComparison.Ordinal);
        Assert.Contains("nginx-web", described, StringComparison.Ordinal);

        // The kubeconfig has a certificate and no token: tokens for telemetry are made all the same, and shown once.
        var token = (await fleet.FleetAsync("telemetry", "tokens", "create", "mon-organisation/mon-cluster-web")).MustSucceed().Out.Trim().Split('_');
        Assert.Equal(("flt", 64), (token[0], token[2].Length));
        var tokens = (await fleet.FleetAsync("telemetry", "tokens", "list", "mon-organisation/mon-cluster-web")).MustSucceed().Out;
        Assert.Contains(token[1], tokens, StringComparison.Ordinal);
        Assert.DoesNotContain(token[2], tokens, StringComparison.Ordinal);

        // The samples have no config, and Fleet must not write one into them.
        var spec = (await fleet.KubectlAsync(fleet.Kubeconfig, "get", "cld", "mon-cluster-web", "-n", "mon-organisation", "-o", "jsonpath={.spec.config}")).MustSucceed().Out;
        Assert.Equal("", spec);

        var deleted = (await fleet.FleetAsync("delete", "cluster", "mon-cluster-web", "--timeout", "120")).MustSucceed().Out;
        Assert.Contains("is gone", deleted, StringComparison.Ordinal);
        var left = (await fleet.KubectlAsync(fleet.Kubeconfig, "get", "clusters.cluster.x-k8s.io,machines,awsclusters,awsmachines,servicesets,cld", "-A", "-o", "name")).MustSucceed().Out;
        Assert.Equal("", left.Trim());
        Assert.NotEqual(0, (await fleet.KubectlAsync(cluster, "get", "ns")).ExitCode);
    }

    [Fact]
    public async Task A_service_for_many_clusters_is_explained_kept_and_taken_back()
    {
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        await fleet.ApplySamplesAsync();
        var cluster = await fleet.KubeconfigOfAsync("mon-cluster-web");
        (await fleet.KubectlAsync(fleet.Kubeconfig, "label", "cld", "mon-cluster-web", "-n", "mon-organisation", "env=prod")).MustSucceed();
        string[] replicas = ["get", "deployment", "status-page-simple-nginx", "-n", "status", "-o", "jsonpath={.spec.replicas}"];
        var sample = Path.Combine(Testing.TestLogs.RepositoryRoot, "deploy", "samples", "multiclusterservice.yaml");
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", sample)).MustSucceed();
        await DeployedAsync("1");

        var values = (await fleet.FleetAsync("explain", "values", "mon-cluster-web", "status-page")).MustSucceed().Out;
        Assert.Matches(@"content\s+\(secret\)\s+Secret status-page \(values\.yaml\)\s+chart", values);

        (await fleet.KubectlAsync(cluster, "patch", "deployment", "status-page-simple-nginx", "-n", "status", "--type", "merge", "-p", """{"spec":{"replicas":5}}""")).MustSucceed();
        await Faults.FaultFleet.UntilAsync(async () => (await fleet.KubectlAsync(cluster, replicas)).Out == "1", "the replicas are back");
        await Faults.FaultFleet.UntilAsync(
            async () => System.Text.RegularExpressions.Regex.IsMatch(
                (await fleet.FleetAsync("drift", "service", "status-page")).Out, @"Deployment status/status-page-simple-nginx\s+spec\.replicas\s+kubectl-patch\s+Corrected"),
            "the history tells of the drift");

        (await fleet.KubectlAsync(fleet.Kubeconfig, "patch", "mcs", "status-page", "--type", "json", "-p",
            """[{"op":"replace","path":"/spec/serviceSpec/services/0/values","value":"replicaCount: 3"}]""")).MustSucceed();
        await DeployedAsync("3");
        var held = (await fleet.FleetAsync("rollback", "service", "status-page", "--to", "1")).MustSucceed().Out;
        Assert.Contains("held at revision 1", held, StringComparison.Ordinal);
        await Faults.FaultFleet.UntilAsync(async () => (await fleet.KubectlAsync(cluster, replicas)).Out == "1", "the revision before is back");
        (await fleet.FleetAsync("resume", "service", "status-page")).MustSucceed();
        await DeployedAsync("3");

        Task DeployedAsync(string number) => Faults.FaultFleet.UntilAsync(
            async () => (await fleet.KubectlAsync(cluster, replicas)).Out == number
                && System.Text.RegularExpressions.Regex.IsMatch((await fleet.FleetAsync("get", "services", "--cluster", "mon-cluster-web")).Out, @"status-page\s+Deployed"),
            $"status-page is deployed with {number}");
    }

    [Fact]
    public async Task The_demo_runs_by_itself_and_says_what_to_type_next()
    {
        await using var fleet = new Installation();
        var demo = (await fleet.FleetAsync("demo")).MustSucceed().Out;
        Assert.Contains("mon-cluster-web", demo, StringComparison.Ordinal);
        Assert.Contains("Look further", demo, StringComparison.Ordinal);

        // A second one finds everything there and ends at once.
        (await fleet.FleetAsync("demo")).MustSucceed();
        (await fleet.FleetAsync("down", "--purge")).MustSucceed();
        Assert.False(Directory.Exists(fleet.Data));
    }
}
