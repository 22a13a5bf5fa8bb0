using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>provider.config.reloader: pods get what is mounted now, and neither helm nor the correction of drift has anything to do with it.</summary>
public abstract class ReloadCases(DriftEnvironment environment)
{
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_workload_is_rolled_when_what_it_mounts_changes_and_once_when_helm_exchanges_its_pods_anyway(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"reload-{server[..4]}-{Guid.NewGuid():N}"[..18]);
        await stage.ApplyAsync(Manifests("one", "nginx:1"));
        await stage.ServeAsync("{resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}");
        await stage.ApplyAsync(stage.Set().Replace("provider: {}", "provider: {config: {reloader: true, syncMode: ContinuousWithDriftDetection}}", StringComparison.Ordinal));
        await stage.UntilAsync(Deployments, "web", o => Mark(o) is not null, "noted");
        Assert.Null(Rolled(await stage.GetAsync(Deployments, "web")));

        // A Secret that nobody has deployed with the service, coming.
        var mark = Mark(await stage.GetAsync(Deployments, "web"));
        await SecretAsync(stage, "b25l");
        await stage.UntilAsync(Deployments, "web", o => Rolled(o) is not null, "rolled because the Secret came");
        Assert.NotEqual(mark, Mark(await stage.GetAsync(Deployments, "web")));
        var first = Rolled(await stage.GetAsync(Deployments, "web"));
        await SecretAsync(stage, "dHdv");
        await stage.UntilAsync(Deployments, "web", o => Rolled(o) != first, "rolled because the Secret changed");
        var second = Rolled(await stage.GetAsync(Deployments, "web"));
        // Neither a new revision nor drift.
        var state = await stage.ServiceAsync("Deployed");
        Assert.EndsWith("@1", (string?)state["lastDeployedHash"], StringComparison.Ordinal);
        await environment.NotDriftedAsync(stage.Name);

        // The service's own ConfigMap by its next revision, which leaves the pods alone.
        await stage.ApplyAsync(Manifests("two", "nginx:1"));
        await stage.UntilDataAsync("files", "mode", "two");
        await stage.UntilAsync(Deployments, "web", o => Rolled(o) != second, "rolled because the ConfigMap changed");
        var third = Rolled(await stage.GetAsync(Deployments, "web"));
        var before = Mark(await stage.GetAsync(Deployments, "web"));

        // Helm exchanges the pods itself: they are not exchanged a second time.
        await stage.ApplyAsync(Manifests("three", "nginx:2"));
        await stage.UntilDataAsync("files", "mode", "three");
        await stage.UntilAsync(Deployments, "web", o => Mark(o) != before, "noted again");
        var web = await stage.GetAsync(Deployments, "web");
        Assert.Equal((third, "nginx:2"), (Rolled(web), DriftEnvironment.Image(web, "web")));
        await environment.NotDriftedAsync(stage.Name);
        await stage.RemoveAsync();
    }

    private static Task SecretAsync(ManifestStage stage, string value) => stage.Managed.Dynamic(ManifestStage.Secrets).ApplyAsync(
        (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse($$$"""
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"keys","namespace":"{{{stage.Name}}}"},"data":{"key":"{{{value}}}"} }
            """)!, new ApplyOptions("test") { Force = true }, default);

    private static string Manifests(string mode, string image) => $$$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: NAME}
        data:
          a.yaml: |
            {apiVersion: v1, kind: ConfigMap, metadata: {name: files}, data: {mode: {{{mode}}} } }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 0
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers: [{name: web, image: "{{{image}}}", envFrom: [{secretRef: {name: keys, optional: true}}], volumeMounts: [{name: files, mountPath: /files}]}]
                  volumes: [{name: files, configMap: {name: files}}]
        """;

    private static string? Mark(DynamicObject? web) => (string?)web?.At("metadata", "annotations", "k0rdent.mirantis.com/mounted");

    private static string? Rolled(DynamicObject? web) => (string?)web?.At("spec", "template", "metadata", "annotations", "k0rdent.mirantis.com/reloaded");
}

public sealed class ReloadHelm3Tests(DriftEnvironment environment) : ReloadCases(environment), IClassFixture<DriftEnvironment>;

public sealed class ReloadHelm4Tests(DriftHelm4Environment environment) : ReloadCases(environment), IClassFixture<DriftHelm4Environment>;
