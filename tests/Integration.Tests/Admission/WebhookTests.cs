using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.Admission;

/// <summary>What is particular to the webhook of a real API server: registration, certificates, and that it is in nobody's way.</summary>
public class WebhookTests
{
    private static readonly ResourceKind Configurations =
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", Namespaced: false);

    private static readonly ObjectKey Name = ObjectKey.Cluster("fleet-cluster-manager");

    private static readonly string Wrong = $"{{apiVersion: {FleetApi.ApiVersion}, kind: Management, metadata: {{name: other}}, spec: {{release: r}}}}";

    [Fact]
    public async Task Registration_heals_itself_and_goes_with_the_process()
    {
        var cluster = await GuardedCluster.StartAsync("kube-apiserver", new() { LookAgain = TimeSpan.FromMilliseconds(500) });
        var seen = await ConfigurationAsync(cluster);
        var webhook = seen!.Root["webhooks"]![0]!;
        Assert.Equal("Ignore", (string?)webhook["failurePolicy"]);
        Assert.StartsWith("https://127.0.0.1:", (string?)webhook["clientConfig"]!["url"], StringComparison.Ordinal);
        Assert.DoesNotContain("servicesets", webhook["rules"]![0]!["resources"]!.AsArray().Select(resource => (string?)resource));

        // Somebody takes it away, or writes another authority over it.
        await cluster.Client.Dynamic(Configurations).DeleteAsync(Name, DeleteOptions.Background, CancellationToken.None);
        // The server goes on refusing for a while by what it has read before: the refusal alone does not tell that it is back.
        await ManagementCluster.UntilAsync(() => ConfigurationAsync(cluster), found => found is not null, _ => "it is not registered again");
        await ManagementCluster.UntilAsync(() => cluster.RefusalAsync(Wrong, dryRun: true), refusal => refusal is not null, _ => "nothing is refused");
        await cluster.Client.Dynamic(Configurations).PatchAsync(
            Name, Patch.Json(new JsonArray(new JsonObject { ["op"] = "remove", ["path"] = "/webhooks/0/clientConfig/caBundle" })), PatchOptions.Default, CancellationToken.None);
        await ManagementCluster.UntilAsync(
            () => ConfigurationAsync(cluster), found => found?.Root["webhooks"]?[0]?["clientConfig"]?["caBundle"] is not null, _ => "the authority is not back");
        await ManagementCluster.UntilAsync(() => cluster.RefusalAsync(Wrong, dryRun: true), refusal => refusal is not null, _ => "nothing is refused");

        // Certificates that nobody can read are made anew.
        await cluster.Client.Dynamic(CoreKinds.Secrets).PatchAsync(
            new(FleetApi.SystemNamespace, "fleet-webhook-certificates"), Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["tls.key"] = "bm8=" } }), PatchOptions.Default, CancellationToken.None);
        await ManagementCluster.UntilAsync(
            () => cluster.Client.Dynamic(CoreKinds.Secrets).GetAsync(new(FleetApi.SystemNamespace, "fleet-webhook-certificates"), CancellationToken.None),
            secret => (string?)secret?.At("data", "tls.key") != "bm8=", _ => "the key is still broken");
        await ManagementCluster.UntilAsync(() => cluster.RefusalAsync(Wrong, dryRun: true), refusal => refusal is not null, _ => "nothing is refused");

        await cluster.StopManagerAsync();
        Assert.Null(await ConfigurationAsync(cluster));
        Assert.Null(await cluster.RefusalAsync(Wrong, dryRun: true));
    }

    [Fact]
    public async Task A_manager_that_is_dead_blocks_nobody()
    {
        var cluster = await GuardedCluster.StartAsync("kube-apiserver");
        var registered = await ConfigurationAsync(cluster);
        await cluster.StopManagerAsync();
        // As after kill -9: registered, and nobody there.
        var left = new JsonObject
        {
            ["apiVersion"] = Configurations.ApiVersion, ["kind"] = Configurations.Kind, ["metadata"] = new JsonObject { ["name"] = Name.Name }, ["webhooks"] = registered!.Root["webhooks"]!.DeepClone(),
        };
        await cluster.Client.Dynamic(Configurations).CreateAsync(new(left), CancellationToken.None);
        Assert.Null(await cluster.RefusalAsync(Wrong));
    }

    [Fact]
    public async Task An_object_or_a_namespace_can_be_left_out()
    {
        var cluster = await GuardedCluster.SharedAsync("kube-apiserver");
        var left = await cluster.NamespaceAsync("{k0rdent.mirantis.com/admission: skip}");
        string Policy(string @namespace, string labels) =>
            $"{{apiVersion: {FleetApi.ApiVersion}, kind: ClusterAuditPolicy, metadata: {{name: none, namespace: {@namespace}, labels: {labels}}}, spec: {{policy: {{rules: []}}}}}}";
        Assert.Null(await cluster.RefusalAsync(Policy(left, "{}")));
        var team = await cluster.NamespaceAsync();
        Assert.NotNull(await cluster.RefusalAsync(Policy(team, "{}")));
        Assert.Null(await cluster.RefusalAsync(Policy(team, "{k0rdent.mirantis.com/admission: skip}")));
    }

    private static Task<DynamicObject?> ConfigurationAsync(GuardedCluster cluster) => cluster.Client.Dynamic(Configurations).GetAsync(Name, CancellationToken.None);
}
