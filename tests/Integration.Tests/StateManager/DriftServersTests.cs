using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Corrections on both API servers, of releases that helm 3 has made by patches and helm 4 by server-side apply.</summary>
public abstract class DriftServersTests(DriftEnvironment environment)
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ResourceKind Services = new("", "v1", "Service", "services", true);
    private static readonly ResourceKind Roles = new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Servers))]
    public async Task Helm_goes_on_owning_what_was_corrected(string server)
    {
        var name = $"drift-{Guid.NewGuid():N}"[..14];
        var cluster = await environment.AddServerAsync(name, await ApiServers.SharedAsync(server));
        await environment.ApplyAsync(DriftEnvironment.SetOfServer(name, ""));
        await environment.ServiceAsync(name, "web", "Deployed");
        var key = new ObjectKey(name, "web");
        var before = (await cluster.Dynamic(ConfigMaps).GetAsync(key, Ct))!;

        await EditAsync(cluster, ConfigMaps, key, """{"data":{"color":"green"}}""");
        var map = await environment.BackAsync(cluster, ConfigMaps, key, o => (string?)o?.At("data", "color") == "red", "color");
        // Nothing but Helm's own entry is left, as it was.
        Assert.Equal(Owners(before), Owners(map!));

        await EditAsync(cluster, Services, key, """{"spec":{"selector":{"app":"other"}}}""");
        await environment.BackAsync(cluster, Services, key, o => (string?)o?.At("spec", "selector", "app") == "web", "selector");
        var role = ObjectKey.Cluster($"{name}-web");
        await EditAsync(cluster, Roles, role, """{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""");
        await environment.BackAsync(cluster, Roles, role, o => o?.At("rules")?[0]?["verbs"]?.ToJsonString() == "[\"get\"]", "rules");

        await cluster.Dynamic(Services).DeleteAsync(key, DeleteOptions.Background, Ct);
        await environment.BackAsync(cluster, Services, key, o => o is not null && !o.Metadata.IsBeingDeleted, "service");
        await environment.NotDriftedAsync(name);
        Assert.EndsWith("@1", (string?)(await environment.ServiceAsync(name, "web", "Deployed"))["lastDeployedHash"], StringComparison.Ordinal);

        // Helm's next upgrade meets no conflict with what was corrected or made again.
        await environment.ApplyAsync(DriftEnvironment.SetOfServer(name, "color: blue"));
        await environment.BackAsync(cluster, ConfigMaps, key, o => (string?)o?.At("data", "color") == "blue", "upgraded");
        Assert.EndsWith("@2", (string?)(await environment.ServiceAsync(name, "web", "Deployed"))["lastDeployedHash"], StringComparison.Ordinal);

        // An excluded field stays as it is while another of the object is corrected.
        await EditAsync(
            cluster, Deployments, key,
            """{"spec":{"revisionHistoryLimit":3,"template":{"spec":{"nodeSelector":{"a":"b"},"hostNetwork":true,"containers":[{"name":"web","image":"nginx:pinned"},{"name":"side","image":"side:1"}]}}}}""",
            strategic: true);
        var deployment = await environment.BackAsync(
            cluster, Deployments, key, o => (bool?)o?.At("spec", "template", "spec", "hostNetwork") is null or false, "hostNetwork");
        Assert.Equal(("nginx:pinned", "side:1"), (DriftEnvironment.Image(deployment, "web"), DriftEnvironment.Image(deployment, "side")));
        Assert.Equal((3, "b"), ((int?)deployment!.At("spec", "revisionHistoryLimit"), (string?)deployment.At("spec", "template", "spec", "nodeSelector", "a")));
        await environment.NotDriftedAsync(name);
        await environment.DeleteSetAsync(name);
        Assert.Null(await cluster.Dynamic(Services).GetAsync(key, Ct));
    }

    private static Task<DynamicObject> EditAsync(IKubernetesClient cluster, ResourceKind kind, ObjectKey key, string patch, bool strategic = false)
    {
        var body = (JsonObject)JsonNode.Parse(patch)!;
        return cluster.Dynamic(kind).PatchAsync(key, strategic ? Patch.Strategic(body) : Patch.Merge(body), new PatchOptions { FieldManager = "test-editor" }, Ct);
    }

    private static string Owners(DynamicObject o) => string.Join('\n', (o.At("metadata", "managedFields") as JsonArray)!
        .Select(m => $"{m!["manager"]} {m["operation"]} {m["fieldsV1"]!.ToJsonString()}").Order(StringComparer.Ordinal));
}

public sealed class DriftHelm3ServersTests(DriftEnvironment environment) : DriftServersTests(environment), IClassFixture<DriftEnvironment>;

public sealed class DriftHelm4ServersTests(DriftHelm4Environment environment) : DriftServersTests(environment), IClassFixture<DriftHelm4Environment>;

/// <summary>With helm 4.</summary>
public sealed class DriftHelm4Environment : DriftEnvironment
{
    public override string Helm => Fleet.Testing.RealParts.Helm4.Path;
}
