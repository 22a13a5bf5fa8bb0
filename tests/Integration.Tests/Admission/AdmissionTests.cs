using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Admission;

/// <summary>What is refused is the same whether a real API server calls the webhook or the embedded one asks in process.</summary>
public class AdmissionTests
{
    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_wrong_manifest_is_refused_with_its_fields(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        var refusal = await cluster.RefusalAsync(
            $$"""
            apiVersion: {{FleetApi.ApiVersion}}
            kind: ClusterAuditPolicy
            metadata: { name: wrong, namespace: {{await cluster.NamespaceAsync()}} }
            spec: { policy: { omitStages: [Never], rules: [{ level: metadata }] } }
            """);
        Assert.Equal(422, refusal?.Code);
        Assert.Equal(["spec.policy.omitStages[0]", "spec.policy.rules[0].level"], refusal!.Details!.Causes.Select(cause => cause.Field));
        Assert.Contains("must be None, Metadata, Request or RequestResponse, not \"metadata\"", refusal.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_may_not_change_does_not_whether_the_server_knows_rules_or_not(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        var team = await cluster.NamespaceAsync();
        string Chain(string template) => $"{{apiVersion: {FleetApi.ApiVersion}, kind: ClusterTemplateChain, metadata: {{name: chain, namespace: {team}}}, spec: {{supportedTemplates: [{{name: {template}}}]}}}}";
        await cluster.ApplyAsync(Chain("a"));
        var refusal = await cluster.RefusalAsync(Chain("b"));
        Assert.Equal(422, refusal?.Code);
        Assert.Contains("Spec is immutable", refusal!.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Whoever_applies_sees_warnings(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        var file = Path.Combine(Directory.CreateTempSubdirectory("fleet-warning-").FullName, "cluster.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            apiVersion: {{FleetApi.ApiVersion}}
            kind: ClusterTemplate
            metadata: { name: with-values, namespace: {{await cluster.NamespaceAsync()}} }
            spec: { helm: { chartSpec: { chart: c, version: 1.0.0, suspend: true } } }
            """);
        var output = (await cluster.KubectlAsync("apply", "-f", file)).MustSucceed();
        Assert.Contains("Warning: spec.helm.chartSpec.suspend is accepted but not acted on", output.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_a_cluster_uses_stays_until_the_cluster_has_gone(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        var team = await cluster.NamespaceAsync();
        await cluster.ApplyAsync(
            $$"""
            apiVersion: {{FleetApi.ApiVersion}}
            kind: ClusterTemplate
            metadata: { name: own, namespace: {{team}} }
            spec: { helm: { chartSpec: { chart: none, version: 1.0.0 } } }
            ---
            apiVersion: {{FleetApi.ApiVersion}}
            kind: ClusterAuditPolicy
            metadata: { name: policy, namespace: {{team}} }
            spec: { policy: { rules: [{ level: None }] } }
            ---
            apiVersion: {{FleetApi.ApiVersion}}
            kind: ClusterDeployment
            metadata: { name: web, namespace: {{team}} }
            spec: { template: own, auditPolicy: policy, dryRun: true }
            """);
        await RefusedAsync(cluster, FleetKinds.ClusterTemplates.Kind, new(team, "own"), $"template deletion is forbidden: used by ClusterDeployment {team}/web");
        await RefusedAsync(
            cluster, FleetKinds.ClusterAuditPolicies.Kind, new(team, "policy"), $"cannot delete ClusterAuditPolicy {team}/policy: it is still referenced by ClusterDeployment {team}/web");

        Assert.Null(await cluster.RefusalAsync(FleetKinds.ClusterDeployments.Kind, new(team, "web")));
        await ManagementCluster.UntilAsync(
            () => cluster.Client.Resource(FleetKinds.ClusterDeployments).GetAsync(new(team, "web"), CancellationToken.None), seen => seen is null, _ => "the cluster is still there");
        // At once: what a watch still shows is asked for again before it counts.
        Assert.Null(await cluster.RefusalAsync(FleetKinds.ClusterTemplates.Kind, new(team, "own")));
        Assert.Null(await cluster.RefusalAsync(FleetKinds.ClusterAuditPolicies.Kind, new(team, "policy")));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_protected_object_stays_until_its_annotation_goes(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        var team = await cluster.NamespaceAsync();
        string Template(string annotations) =>
            $"{{apiVersion: {FleetApi.ApiVersion}, kind: ServiceTemplate, metadata: {{name: kept, namespace: {team}, annotations: {annotations}}}, spec: {{helm: {{chartSpec: {{chart: c, version: 1.0.0}}}}}}}}";
        await cluster.ApplyAsync(Template($"{{{FleetAnnotations.DeletionProtection}: Always}}"));
        var refusal = await cluster.RefusalAsync(FleetKinds.ServiceTemplates.Kind, new(team, "kept"));
        Assert.Equal(403, refusal?.Code);
        Assert.Contains($"ServiceTemplate {team}/kept is protected from deletion", refusal!.Message, StringComparison.Ordinal);
        await cluster.ApplyAsync(Template("{}"));
        Assert.Null(await cluster.RefusalAsync(FleetKinds.ServiceTemplates.Kind, new(team, "kept")));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Clusters_follow_chains(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        var team = await cluster.NamespaceAsync();
        string Cluster(string template) => $"{{apiVersion: {FleetApi.ApiVersion}, kind: ClusterDeployment, metadata: {{name: web, namespace: {team}}}, spec: {{template: {template}, dryRun: true}}}}";
        await cluster.ApplyAsync(
            $"{{apiVersion: {FleetApi.ApiVersion}, kind: ClusterTemplateChain, metadata: {{name: chain, namespace: {team}}}, "
            + "spec: {supportedTemplates: [{name: a, availableUpgrades: [{name: b}]}, {name: b}, {name: c}]}}");
        await cluster.ApplyAsync(Cluster("a"));
        var refusal = await ManagementCluster.UntilAsync(() => cluster.RefusalAsync(Cluster("c"), dryRun: true), seen => seen is not null, _ => "the upgrade is let through");
        Assert.Equal((422, "spec.template"), (refusal!.Code, refusal.Details!.Causes.Single().Field));
        Assert.Contains("cluster upgrade is forbidden: no ClusterTemplateChain lets c follow a; what may: b", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await cluster.RefusalAsync(Cluster("b")));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Values_fit_the_schema_of_a_template_that_is_valid(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        var team = await cluster.NamespaceAsync();
        string Cluster(string config) =>
            $"{{apiVersion: {FleetApi.ApiVersion}, kind: ClusterDeployment, metadata: {{name: web, namespace: {team}}}, spec: {{template: simulated-standalone-cp-0-1-0, config: {config}}}}}";
        // The template becomes valid when its chart has been pulled.
        var refusal = await ManagementCluster.UntilAsync(
            () => cluster.RefusalAsync(Cluster("{workersNumber: many}"), dryRun: true), seen => seen is not null, _ => "wrong values are let through");
        Assert.Equal((422, "spec.config.workersNumber"), (refusal!.Code, refusal.Details!.Causes.Single().Field));
        Assert.Contains("must be integer, but is string (rule type of ClusterTemplate kcm-system/simulated-standalone-cp-0-1-0)", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await cluster.RefusalAsync(Cluster("{workersNumber: 2}"), dryRun: true));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_management_cluster_keeps_what_is_in_use(string server)
    {
        var cluster = await GuardedCluster.SharedAsync(server);
        await cluster.ApplyAsync(
            $$"""
            apiVersion: {{FleetApi.ApiVersion}}
            kind: Release
            metadata: { name: kcm-1 }
            spec: { version: 1.0.0, kcm: { template: kcm-1 }, capi: { template: capi-1 } }
            ---
            apiVersion: {{FleetApi.ApiVersion}}
            kind: ProviderTemplate
            metadata: { name: capi-1 }
            spec: { helm: { chartSpec: { chart: c, version: 1.0.0 } } }
            ---
            apiVersion: {{FleetApi.ApiVersion}}
            kind: Management
            metadata: { name: kcm }
            spec: { release: kcm-1 }
            """);
        await RefusedAsync(cluster, FleetKinds.Releases.Kind, ObjectKey.Cluster("kcm-1"), "release kcm-1 is still in use by Management kcm");
        await RefusedAsync(cluster, FleetKinds.ProviderTemplates.Kind, ObjectKey.Cluster("capi-1"), "template deletion is forbidden: part of Release kcm-1");
        var second = await cluster.RefusalAsync($"{{apiVersion: {FleetApi.ApiVersion}, kind: Management, metadata: {{name: second}}, spec: {{release: kcm-1}}}}");
        Assert.Contains("there is one Management, and its name is kcm", second?.Message, StringComparison.Ordinal);
        var nodes = await cluster.RefusalAsync($"{{apiVersion: {FleetApi.ApiVersion}, kind: AccessManagement, metadata: {{name: kcm}}, spec: {{accessRules: [{{resources: [{{kind: Node}}]}}]}}}}", dryRun: true);
        Assert.Contains("Node is cluster-scoped and cannot be distributed", nodes?.Message, StringComparison.Ordinal);
    }

    // Watches show what was just made some milliseconds later; a dry run deletes nothing when it is not refused yet.
    private static async Task RefusedAsync(GuardedCluster cluster, ResourceKind kind, ObjectKey key, string message)
    {
        await ManagementCluster.UntilAsync(
            () => cluster.KubectlAsync(["delete", $"{kind.Plural}.{kind.Group}", key.Name, "--dry-run=server", .. key.Namespace.Length == 0 ? [] : (string[])["-n", key.Namespace]]),
            output => output.ExitCode != 0,
            output => output.Out);
        var refusal = await cluster.RefusalAsync(kind, key);
        Assert.Equal(403, refusal?.Code);
        Assert.Contains(message, refusal!.Message, StringComparison.Ordinal);
    }
}
