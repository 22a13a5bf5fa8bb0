using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>What others change in a cluster, with real helm on simulated clusters.</summary>
public sealed class DriftTests(DriftEnvironment environment) : IClassFixture<DriftEnvironment>
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ResourceKind SecretKind = new("", "v1", "Secret", "secrets", true);
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);
    private static readonly ObjectKey Web = new("apps", "web");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Edited_and_deleted_objects_are_back_without_a_new_revision_and_told()
    {
        var cluster = await StartAsync("kept", "ContinuousWithDriftDetection");
        var uid = (await cluster.Dynamic(Deployments).GetAsync(Web, Ct))!.Metadata.Uid;

        await EditAsync(cluster, ConfigMaps, """{"data":{"color":"green","more":"mine"}}""");
        var map = await environment.BackAsync(cluster, ConfigMaps, Web, o => (string?)o?.At("data", "color") == "red", "color");
        // What the manifest does not state is nobody's business; what it states is Helm's again.
        Assert.Equal("mine", (string?)map!.At("data", "more"));
        Assert.Equal("helm", DriftEnvironment.OwnerOf(map, "f:data", "f:color"));

        await EditAsync(cluster, SecretKind, """{"data":{"password":"c3RvbGVu"}}""");
        await environment.BackAsync(cluster, SecretKind, Web, o => (string?)o?.At("data", "password") == "c2VzYW1lLW9wZW4=", "password");
        await EditAsync(cluster, Deployments, """{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:evil"},{"name":"side","image":"side:1"}]}}}}""", strategic: true);
        var deployment = await environment.BackAsync(cluster, Deployments, Web, o => DriftEnvironment.Image(o, "web") == "nginx:1", "image");
        Assert.Equal("side:1", DriftEnvironment.Image(deployment, "side"));

        await cluster.Dynamic(Deployments).DeleteAsync(Web, DeleteOptions.Background, Ct);
        deployment = await environment.BackAsync(cluster, Deployments, Web, o => o is not null && o.Metadata.Uid != uid, "deployment made again");
        Assert.Equal("Helm", deployment!.Metadata.Labels!["app.kubernetes.io/managed-by"]);
        Assert.Equal("web", deployment.Metadata.Annotations!["meta.helm.sh/release-name"]);

        // A label by which Helm and the watch know it.
        await EditAsync(cluster, ConfigMaps, """{"metadata":{"labels":{"app.kubernetes.io/managed-by":null}}}""");
        await environment.BackAsync(cluster, ConfigMaps, Web, o => o?.Metadata.Labels?.GetValueOrDefault("app.kubernetes.io/managed-by") == "Helm", "label");

        var service = await environment.ServiceAsync("kept", "web", "Deployed");
        Assert.EndsWith("@1", (string?)service["lastDeployedHash"], StringComparison.Ordinal);
        await environment.NotDriftedAsync("kept");
        // Each is written some time after its correction.
        var events = await environment.EventsAsync("kept", "DriftCorrected", "apps/web: ConfigMap apps/web: data.color (by test-editor)", "Deployment apps/web is missing");
        Assert.DoesNotContain(events, e => e.Contains("c3RvbGVu", StringComparison.Ordinal) || e.Contains("stolen", StringComparison.Ordinal) || e.Contains("sesame", StringComparison.Ordinal));

        // Helm goes on as if nothing had been: its next upgrade changes what it declares and nothing else.
        await environment.ApplyAsync(DriftEnvironment.Set("kept", "ContinuousWithDriftDetection", "color: blue"));
        await environment.BackAsync(cluster, ConfigMaps, Web, o => (string?)o?.At("data", "color") == "blue", "upgraded");
        await environment.ServiceAsync("kept", "web", "Deployed");
        Assert.Contains("fleet_service_drift_total{action=\"Corrected\"}", await environment.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_Continuous_drift_is_shown_until_it_is_gone_and_never_corrected()
    {
        var cluster = await StartAsync("shown", "Continuous");
        await EditAsync(cluster, ConfigMaps, """{"data":{"color":"green"}}""");
        await EditAsync(cluster, SecretKind, """{"data":{"password":"c3RvbGVu"}}""");

        var drifted = await environment.DriftedAsync("shown", m => m.Contains("ConfigMap", StringComparison.Ordinal) && m.Contains("Secret", StringComparison.Ordinal));
        Assert.Equal("DriftDetected", (string?)drifted["reason"]);
        Assert.Equal("ConfigMap apps/web: data.color (by test-editor); Secret apps/web: data.password (by test-editor)", (string?)drifted["message"]);
        await environment.ServiceAsync("shown", "web", "Deployed");

        await EditAsync(cluster, ConfigMaps, """{"data":{"color":"red"}}""");
        drifted = await environment.DriftedAsync("shown", m => !m.Contains("ConfigMap", StringComparison.Ordinal));
        Assert.Equal("Secret apps/web: data.password (by test-editor)", (string?)drifted["message"]);
        Assert.Equal("c3RvbGVu", (string?)(await cluster.Dynamic(SecretKind).GetAsync(Web, Ct))!.At("data", "password"));

        // Asked to correct from now on, it does.
        await environment.ApplyAsync(DriftEnvironment.Set("shown", "ContinuousWithDriftDetection"));
        await environment.BackAsync(cluster, SecretKind, Web, o => (string?)o?.At("data", "password") == "c2VzYW1lLW9wZW4=", "password");
        await environment.NotDriftedAsync("shown");
    }

    [Fact]
    public async Task With_OneTime_neither_the_spec_nor_drift_changes_what_was_installed()
    {
        var cluster = await StartAsync("once", "OneTime");
        await EditAsync(cluster, ConfigMaps, """{"data":{"color":"green"}}""");
        await environment.ApplyAsync(DriftEnvironment.Set("once", "OneTime", "color: blue"));
        // The new generation has been looked at: nothing came of it.
        await environment.ServiceAsync("once", "web", "Deployed");
        Assert.Equal("green", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(Web, Ct))!.At("data", "color"));
        Assert.DoesNotContain("blue", (await environment.ValuesAsync("once", "web")).ToJsonString(), StringComparison.Ordinal);

        await environment.HelmOnAsync("once", "uninstall", "web", "-n", "apps");
        await environment.StatusAsync(
            "once", s => (string?)s?["services"]?[0]?["failureMessage"] is { } message && message.Contains("not installed again", StringComparison.Ordinal), "gone");
    }

    [Fact]
    public async Task Exclusions_and_ignored_objects_are_left_and_the_rest_is_corrected()
    {
        var cluster = await StartAsync("excluded", "ContinuousWithDriftDetection", """
            "driftIgnore":[{"kind":"Secret"}],
            "driftExclusions":[{"paths":["/spec/replicas","/spec/template/spec/containers/0/image"],"target":{"kind":"Deployment","group":"apps","name":"w.b"}}]
            """, "annotations: {projectsveltos.io/driftDetectionIgnore: ok}");
        await EditAsync(cluster, SecretKind, """{"data":{"password":"c3RvbGVu"}}""");
        await EditAsync(cluster, ConfigMaps, """{"data":{"color":"green"}}""");
        await EditAsync(cluster, Deployments, """
            {"spec":{"replicas":2,"minReadySeconds":5,"template":{"spec":{"containers":[{"name":"web","image":"nginx:pinned","env":[{"name":"MODE","value":"wild"}]}]}}}}
            """, strategic: true);

        var deployment = await environment.BackAsync(
            cluster, Deployments, Web, o => o!.Root.ToJsonString().Contains("\"value\":\"calm\"", StringComparison.Ordinal), "env");
        Assert.Equal(2, (int?)deployment!.At("spec", "replicas"));
        Assert.Equal("nginx:pinned", DriftEnvironment.Image(deployment, "web"));
        Assert.Equal("c3RvbGVu", (string?)(await cluster.Dynamic(SecretKind).GetAsync(Web, Ct))!.At("data", "password"));
        Assert.Equal("green", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(Web, Ct))!.At("data", "color"));
        await environment.NotDriftedAsync("excluded");
    }

    [Fact]
    public async Task What_is_scaled_through_the_subresource_is_not_fought_and_what_is_edited_is()
    {
        var cluster = await StartAsync("scaled", "ContinuousWithDriftDetection");
        var scale = Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"replicas":2}}""")!);
        await cluster.Dynamic(Deployments).PatchAsync(Web, scale, new PatchOptions { Subresource = "scale", FieldManager = "autoscaler" }, Ct);
        // A later change of another field comes back, so the object was looked at; the scale stays.
        await EditAsync(cluster, Deployments, """{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:evil"}]}}}}""", strategic: true);
        var deployment = await environment.BackAsync(cluster, Deployments, Web, o => DriftEnvironment.Image(o, "web") == "nginx:1", "image");
        Assert.Equal(2, (int?)deployment!.At("spec", "replicas"));
        await environment.NotDriftedAsync("scaled");

        await EditAsync(cluster, Deployments, """{"spec":{"replicas":3}}""");
        await environment.BackAsync(cluster, Deployments, Web, o => (int?)o?.At("spec", "replicas") == 0, "edited replicas");
    }

    [Fact]
    public async Task A_fight_is_said_and_the_corrections_become_rarer()
    {
        var cluster = await StartAsync("fight", "ContinuousWithDriftDetection");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var edits = 0;
        var fighting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await EditAsync(cluster, ConfigMaps, """{"data":{"color":"green"}}""");
                edits++;
                await environment.BackAsync(cluster, ConfigMaps, Web, o => stop.IsCancellationRequested || (string?)o?.At("data", "color") == "red", "corrected");
            }
        }, CancellationToken.None);

        var drifted = await environment.DriftedAsync("fight", m => m.Contains("keeps changing", StringComparison.Ordinal));
        Assert.Equal("KeepsDrifting", (string?)drifted["reason"]);
        Assert.Contains("ConfigMap apps/web: data.color (by test-editor)", (string?)drifted["message"], StringComparison.Ordinal);
        // Two are answered at once, the third makes it a fight: the fourth edit had to wait.
        Assert.True(edits >= 3, $"{edits} edits");
        await stop.CancelAsync();
        await fighting;
        // It never gives up.
        await environment.BackAsync(cluster, ConfigMaps, Web, o => (string?)o?.At("data", "color") == "red", "corrected at last");
        await environment.NotDriftedAsync("fight");
    }

    [Fact]
    public async Task What_drifted_while_nobody_looked_is_corrected_at_the_start()
    {
        var cluster = await StartAsync("asleep", "ContinuousWithDriftDetection");
        await environment.StopServiceAsync();
        await EditAsync(cluster, ConfigMaps, """{"data":{"color":"green"}}""");
        await cluster.Dynamic(SecretKind).DeleteAsync(Web, DeleteOptions.Background, Ct);
        await environment.StartServiceAsync();
        await environment.BackAsync(cluster, ConfigMaps, Web, o => (string?)o?.At("data", "color") == "red", "color");
        await environment.BackAsync(cluster, SecretKind, Web, o => o is not null, "secret");
        Assert.Contains("fleet_service_helm_runs_total{operation=\"upgrade\",outcome=\"ok\"} 0\n", await environment.MetricsAsync(), StringComparison.Ordinal);
    }

    private async Task<IKubernetesClient> StartAsync(string name, string mode, string more = "", string values = "")
    {
        var cluster = await environment.AddClusterAsync(name);
        await environment.ApplyAsync(DriftEnvironment.Set(name, mode, values, more));
        await environment.ServiceAsync(name, "web", "Deployed");
        return cluster;
    }

    private static Task<DynamicObject> EditAsync(IKubernetesClient cluster, ResourceKind kind, string patch, bool strategic = false)
    {
        var body = (JsonObject)JsonNode.Parse(patch)!;
        return cluster.Dynamic(kind).PatchAsync(Web, strategic ? Patch.Strategic(body) : Patch.Merge(body), new PatchOptions { FieldManager = "test-editor" }, Ct);
    }
}
