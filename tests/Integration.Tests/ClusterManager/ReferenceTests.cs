using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Servers;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;
using static Fleet.Integration.Tests.ClusterManager.ReferencedFleet;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Authentication and audit of clusters, with helm and the catalog's charts, from before their objects exist until they are referred to no more.</summary>
public class ReferenceTests
{
    [Fact]
    public async Task Authentication_and_audit_reach_the_control_plane_in_any_order_and_their_changes_roll_it()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(Docker("web", "clusterAuth: dex, auditPolicy: all"));
        await management.ApplyAsync(Credential("docker", "none: needed"));
        var held = await management.UntilAsync("web", cluster => cluster.Find(HelmReleaseReady)?.Message.Contains("ClusterAuthentication", StringComparison.Ordinal) == true);
        Assert.Equal($"failed to get ClusterAuthentication {Namespace}/dex: it does not exist", held.Find(ClusterAuthenticationReady)!.Message);
        Assert.Equal($"failed to get ClusterAuditPolicy {Namespace}/all: it does not exist", held.Find(ClusterAuditPolicyReady)!.Message);
        Assert.Contains("ClusterAuthentication", held.Find(SharedConditions.Ready)!.Message, StringComparison.Ordinal);
        Assert.Null(await management.GetAsync(SimulatedFleet.Clusters, "web"));

        await management.ApplyAsync(Authentication("dex", "https://dex.example.org", caSecret: "dex-ca"));
        await management.UntilAsync("web", cluster => cluster.Find(ClusterAuthenticationReady)?.Message.Contains($"Secret {Namespace}/dex-ca does not exist", StringComparison.Ordinal) == true);
        await management.ApplyAsync(AuditPolicy("all"));
        var first = TestCertificates.ForLoopback().AuthorityPem;
        await management.ApplyAsync(Secret("dex-ca", "ca.crt", first));
        var ready = await management.ReadyAsync("web");
        Assert.Equal((ConditionStatus.True, ConditionStatus.True), (ready.Find(ClusterAuthenticationReady)!.Status, ready.Find(ClusterAuditPolicyReady)!.Status));

        // The files that machines are to have are in Secrets that exist, under the names that the arguments have.
        var secret = await management.SecretTextAsync("web-auth-config", "config");
        Assert.StartsWith("apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\n", secret, StringComparison.Ordinal);
        Assert.Contains(first.Split('\n')[1], secret, StringComparison.Ordinal);
        Assert.Equal(await management.SecretTextAsync("web-audit-policy", "policy"), (string?)(await management.GetAsync(CoreKinds.ConfigMaps, "web-audit-policy"))!.At("data", "policy"));
        var auth = await AuthFileAsync(management);
        Assert.Equal($"/etc/kubernetes/authentication/config-{ready.Status!.EffectiveConfig!["auth"]!["configSecret"]!["hash"]}.yaml", auth);
        Assert.Equal($"/etc/kubernetes/audit/policy-{ready.Status.EffectiveConfig["audit"]!["policyRef"]!["hash"]}.yaml", await management.ArgumentAsync("web", "audit-policy-file"));
        Assert.True((bool)ready.Status.EffectiveConfig["auth"]!["configWithAnon"]!);
        foreach (var file in ((JsonArray)(await management.GetAsync(ControlPlanes, "web-cp"))!.At("spec", "kubeadmConfigSpec", "files")!).Select(file => file!["contentFrom"]!["secret"]!))
            Assert.NotNull(await management.SecretTextAsync((string)file["name"]!, (string)file["key"]!));
        Assert.Equal("""{"controlPlaneNumber":1,"workersNumber":0}""", ready.Spec.Config!.ToJsonString());

        // What is installed is what a plan renders, so that it finds nothing to do.
        await management.ChangeAsync("web", """{"spec":{"dryRun":true}}""");
        Assert.Equal("no changes", (await management.UntilAsync("web", cluster => cluster?.Status?.DryRunSummary is not null))!.Status!.DryRunSummary);
        await management.ChangeAsync("web", """{"spec":{"dryRun":null}}""");

        var machine = await MachineAsync(management);
        await management.ApplyAsync(Secret("dex-ca", "ca.crt", TestCertificates.ForLoopback().AuthorityPem));
        await ManagementCluster.UntilAsync(() => AuthFileAsync(management), file => file is not null && file != auth, file => $"{file}");
        await ManagementCluster.UntilAsync(() => MachineAsync(management), names => names.Length > 0 && !names.Contains(machine, StringComparison.Ordinal), name => $"the machine is still {name}");
        await management.ReadyAsync("web");
    }

    [Fact]
    public async Task What_goes_away_tears_nothing_down_and_what_is_not_referred_to_goes()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(Credential("docker", "none: needed"));
        await management.ApplyAsync(Authentication("dex", "https://dex.example.org"));
        await management.ApplyAsync(AuditPolicy("all"));
        await management.ApplyAsync(Docker("web", "clusterAuth: dex, auditPolicy: all"));
        var ready = await management.ReadyAsync("web");
        var (file, revision) = (await AuthFileAsync(management), (await management.GetAsync(ControlPlanes, "web-cp"))!.Metadata.Generation);

        // Somebody deletes the object: the cluster says so and stays as it is, also when its own configuration changes.
        await management.Client.Resource(FleetKinds.ClusterAuthentications).DeleteAsync(new(Namespace, "dex"), DeleteOptions.Background, CancellationToken.None);
        await management.UntilAsync("web", cluster => cluster.Find(ClusterAuthenticationReady)?.Status == ConditionStatus.False);
        await management.ChangeAsync("web", """{"metadata":{"labels":{"tier":"front"}}}""");
        var held = await management.UntilAsync("web", cluster => cluster.Find(HelmReleaseReady)?.Message == $"waiting for ClusterAuthentication {Namespace}/dex");
        Assert.Equal((file, revision), (await AuthFileAsync(management), (await management.GetAsync(ControlPlanes, "web-cp"))!.Metadata.Generation));
        Assert.NotNull(await management.SecretTextAsync("web-auth-config", "config"));
        Assert.True(JsonNode.DeepEquals(ready.Status!.EffectiveConfig, held!.Status!.EffectiveConfig));

        // It comes back, and somebody has deleted what was made of it meanwhile.
        await management.StopManagerAsync();
        await management.Client.Dynamic(CoreKinds.Secrets).DeleteAsync(new(Namespace, "web-auth-config"), DeleteOptions.Background, CancellationToken.None);
        await management.ApplyAsync(Authentication("dex", "https://dex.example.org"));
        await management.StartManagerAsync();
        await management.UntilAsync("web", cluster => cluster.Find(HelmReleaseReady)?.Status == ConditionStatus.True && cluster.Find(SharedConditions.Ready)?.Status == ConditionStatus.True);
        Assert.NotNull(await management.SecretTextAsync("web-auth-config", "config"));
        Assert.Equal(file, await AuthFileAsync(management));

        await management.ChangeAsync("web", """{"spec":{"clusterAuth":null,"auditPolicy":""}}""");
        await management.GoneAsync(CoreKinds.Secrets, "web-auth-config");
        await management.GoneAsync(CoreKinds.Secrets, "web-audit-policy");
        await management.GoneAsync(CoreKinds.ConfigMaps, "web-audit-policy");
        // Not before the release was without them.
        Assert.Null(await AuthFileAsync(management));
        var without = await management.UntilAsync("web", cluster => cluster.Find(ClusterAuthenticationReady) is null && cluster.Find(ClusterAuditPolicyReady) is null);
        Assert.Equal("", (string?)without!.Status!.EffectiveConfig!["auth"]!["configSecret"]!["name"]);
    }

    [Fact]
    public async Task A_dry_run_makes_nothing_and_an_orphaned_cluster_keeps_what_it_was_given()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(Credential("docker", "none: needed"));
        await management.ApplyAsync(Authentication("dex", "https://dex.example.org"));
        await management.ApplyAsync(AuditPolicy("all"));
        await management.ApplyAsync(Docker("web", "clusterAuth: dex, auditPolicy: all, dryRun: true"));
        var planned = await management.UntilAsync("web", cluster => cluster?.Status?.DryRunSummary is not null);
        Assert.Matches("^[0-9a-f]{8}$", (string)planned!.Status!.EffectiveConfig!["auth"]!["configSecret"]!["hash"]!);
        Assert.Null(await management.GetAsync(CoreKinds.Secrets, "web-auth-config"));
        await management.ChangeAsync("web", """{"spec":{"dryRun":null}}""");
        await management.ReadyAsync("web");

        await management.AnnotateAsync("web", "deletion-policy", "Orphan");
        await management.DeleteAsync("web");
        await management.GoneAsync(FleetKinds.ClusterDeployments.Kind, "web");
        // Whatever deletes the objects of an owner that is gone has nothing to do with these.
        foreach (var (kind, name) in ((Kubernetes.Objects.ResourceKind, string)[])[(CoreKinds.Secrets, "web-auth-config"), (CoreKinds.Secrets, "web-audit-policy"), (CoreKinds.ConfigMaps, "web-audit-policy")])
            Assert.Empty((await management.GetAsync(kind, name))!.Metadata.OwnerReferences ?? []);
    }

    private static Task<string?> AuthFileAsync(ManagementCluster management) => management.ArgumentAsync("web", "authentication-config");

    private static async Task<string> MachineAsync(ManagementCluster management) => string.Join(' ',
        (await management.Client.Dynamic(new("cluster.x-k8s.io", "v1beta2", "Machine", "machines", true)).ListAsync(new() { Namespace = Namespace }, CancellationToken.None)).Items
            .Where(machine => !machine.Metadata.IsBeingDeleted).Select(machine => machine.Metadata.Name));
}
