using System.Diagnostics;
using System.Globalization;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>Helm that fails half-way: the state is Failed with helm's own words, the other services go on, and a repair is enough.</summary>
public sealed class HelmFaultTests(FaultFleet fleet) : IClassFixture<FaultFleet>
{
    private const string Settings = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: {{ .Release.Name }} }
        data: { text: {{ .Values.text | quote }} }
        """;

    /// <summary>The first object is made before the API refuses the second one.</summary>
    private const string Refused = Settings + """

        ---
        apiVersion: v1
        kind: Service
        metadata: { name: {{ .Release.Name }} }
        spec: { ports: [{ port: {{ .Values.port }} }] }
        """;

    private const string Pods = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{ .Release.Name }} }
        spec:
          replicas: 1
          selector: { matchLabels: { app: {{ .Release.Name }} } }
          template:
            metadata:
              labels: { app: {{ .Release.Name }} }
              annotations: { simulation.fleet.dev/fail: {{ .Values.fail | quote }} }
            spec: { containers: [{ name: main, image: "nginx:1.27" }] }
        """;

    /// <summary>A hook that runs for minutes: helm is under way for as long as the test needs.</summary>
    private const string Slow = Settings + """

        ---
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-{{ .Release.Revision }}
          annotations: { helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-delete-policy: before-hook-creation }
        spec:
          template:
            metadata: { annotations: { simulation.fleet.dev/run-for: {{ .Values.runFor | quote }} } }
            spec: { restartPolicy: Never, containers: [{ name: main, image: "busybox:1" }] }
        """;

    [Fact]
    public async Task A_manifest_that_the_api_refuses_fails_with_helms_words_and_a_new_value_repairs_it()
    {
        await fleet.PublishAsync("refused", "1.0.0", Refused, "text: a\nport: 0");
        await fleet.PublishAsync("good", "1.0.0", Settings, "text: a");
        await fleet.ApplyAsync(FaultFleet.Team("refused") + fleet.RepositoryObject("refused") + FaultFleet.ServiceTemplate("refused", "refused", "1.0.0")
            + FaultFleet.ServiceTemplate("refused", "good", "1.0.0")
            + FaultFleet.Cluster("refused", "{ name: bad, template: refused-1-0-0 }, { name: good, template: good-1-0-0 }"));

        var seen = await fleet.UntilAsync("ClusterDeployment", "refused", "one", o => o.State("bad") == "Failed" && o.State("good") == "Deployed");
        Assert.Contains("spec.ports[0].port", seen.Failure("bad"), StringComparison.Ordinal);
        Assert.True(seen.Tells("ServicesInReadyState", "1/2"), seen.Root.ToJsonString());

        // Retried by itself, with helm's count of revisions as the witness.
        var managed = await fleet.Fleet.KubeconfigOfAsync("one", "refused");
        await FaultFleet.UntilAsync(async () => await RevisionAsync(managed, "bad") >= 3, "helm was tried again twice");

        await fleet.ApplyAsync(FaultFleet.Cluster("refused", "{ name: bad, template: refused-1-0-0, values: \"port: 80\" }, { name: good, template: good-1-0-0 }"));
        var repaired = await fleet.UntilAsync("ClusterDeployment", "refused", "one", o => o.State("bad") == "Deployed");
        Assert.Equal("", repaired.Failure("bad"));
        Assert.Equal(1, await RevisionAsync(managed, "good"));
    }

    [Fact]
    public async Task Pods_that_never_become_ready_fail_in_time_and_a_new_template_repairs_it()
    {
        await fleet.PublishAsync("pods", "1.0.0", Pods, "fail: NeverReady");
        await fleet.PublishAsync("pods", "1.0.1", Pods, "fail: \"\"");
        await fleet.PublishAsync("beside", "1.0.0", Settings, "text: a");
        const string Options = "helmOptions: { wait: true, timeout: 5s }";
        await fleet.ApplyAsync(FaultFleet.Team("pods") + fleet.RepositoryObject("pods") + FaultFleet.ServiceTemplate("pods", "pods", "1.0.0")
            + FaultFleet.ServiceTemplate("pods", "pods", "1.0.1") + FaultFleet.ServiceTemplate("pods", "beside", "1.0.0")
            + FaultFleet.Cluster("pods", $"{{ name: pods, template: pods-1-0-0, {Options} }}, {{ name: beside, template: beside-1-0-0 }}"));

        await fleet.UntilAsync("ClusterDeployment", "pods", "one", o => o.State("beside") == "Deployed");
        var seen = await fleet.UntilAsync("ClusterDeployment", "pods", "one", o => o.State("pods") == "Failed");
        Assert.Matches("timed out|deadline exceeded|not ready", seen.Failure("pods"));

        await fleet.ApplyAsync(FaultFleet.Cluster("pods", $"{{ name: pods, template: pods-1-0-1, {Options} }}, {{ name: beside, template: beside-1-0-0 }}"));
        await fleet.UntilAsync("ClusterDeployment", "pods", "one", o => o.State("pods") == "Deployed");
    }

    [Fact]
    public async Task Helm_that_is_killed_in_the_middle_is_said_so_and_tried_again()
    {
        await fleet.PublishAsync("slow", "1.0.0", Slow, "text: a\nrunFor: 5m");
        await fleet.ApplyAsync(FaultFleet.Team("killed") + fleet.RepositoryObject("killed") + FaultFleet.ServiceTemplate("killed", "slow", "1.0.0")
            + FaultFleet.Cluster("killed", "{ name: slow-of-this-test, template: slow-1-0-0 }"));
        var helm = 0;
        await FaultFleet.UntilAsync(() => (helm = Helm("slow-of-this-test", fleet.Fleet.ProcessId)) != 0, "helm runs for the service");
        // Pending in the cluster, so that what is tried again has something to clean up.
        var managed = await fleet.Fleet.KubeconfigOfAsync("one", "killed");
        await FaultFleet.UntilAsync(async () => await RevisionAsync(managed, "slow-of-this-test") == 1, "the release is recorded as pending");
        using (var process = Process.GetProcessById(helm))
            process.Kill();

        await fleet.UntilAsync("ClusterDeployment", "killed", "one", o =>
            o.State("slow-of-this-test") == "Failed" && o.Failure("slow-of-this-test").Contains("137", StringComparison.Ordinal));
        await fleet.ApplyAsync(FaultFleet.Cluster("killed", "{ name: slow-of-this-test, template: slow-1-0-0, values: \"runFor: 100ms\" }"));
        await fleet.UntilAsync("ClusterDeployment", "killed", "one", o => o.State("slow-of-this-test") == "Deployed");
    }

    [Fact]
    public async Task A_cluster_chart_that_refuses_its_values_says_which()
    {
        var wrong = FaultFleet.Cluster("values").Replace("credential:", "config: { workersNumber: many }, credential:", StringComparison.Ordinal);
        await fleet.ApplyAsync(FaultFleet.Team("values"));
        // Only a template that was read has a schema to refuse by.
        await fleet.UntilAsync("ClusterTemplate", "kcm-system", "simulated-standalone-cp-0-1-0", o => (bool?)o.At("status", "valid") == true);
        var refused = await fleet.TryApplyAsync(wrong);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("spec.config.workersNumber: must be integer, but is string", refused.Error, StringComparison.Ordinal);

        // The schema is not known yet when the cluster comes before its template: then a condition tells.
        await fleet.ApplyAsync(wrong.Replace("simulated-standalone-cp-0-1-0", "comes-later", StringComparison.Ordinal));
        await fleet.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: { name: comes-later, namespace: values }
            spec: { helm: { chartSpec: { chart: simulated-standalone-cp, version: 0.1.0, sourceRef: { kind: HelmRepository, name: kcm-templates } } } }
            """);
        await fleet.UntilAsync("ClusterDeployment", "values", "one", o => o.Tells("HelmChartReady", "workersNumber"));
        await fleet.ApplyAsync(wrong.Replace("many", "1", StringComparison.Ordinal).Replace("simulated-standalone-cp-0-1-0", "comes-later", StringComparison.Ordinal));
        await fleet.ReadyAsync("values");
    }

    /// <summary>The process id of the helm that a fleetd runs for a release; 0 when there is none.</summary>
    private static int Helm(string release, int fleetd)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
                var parent = File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ')[1];
                if (words.Contains(release) && words.Contains("upgrade") && parent == fleetd.ToString(CultureInfo.InvariantCulture))
                    return id;
            }
            catch (IOException)
            {
                // Ended between the two looks.
                continue;
            }
        }
        return 0;
    }

    private async Task<int> RevisionAsync(string kubeconfig, string release)
    {
        var list = System.Text.Json.Nodes.JsonNode.Parse((await fleet.Fleet.HelmAsync(kubeconfig, "list", "-A", "-a", "-o", "json")).MustSucceed().Out)!.AsArray();
        var found = list.FirstOrDefault(r => (string?)r!["name"] == release);
        return found is null ? 0 : int.Parse((string)found["revision"]!, CultureInfo.InvariantCulture);
    }
}
