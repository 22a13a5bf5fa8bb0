using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;
using Fleet.ClusterManager.Admission.Schemas;
using Fleet.ClusterManager.Admission.Uses;
using Fleet.ClusterManager.Watching;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Tests.Admission;

/// <summary>Refusals that lie in other objects.</summary>
public class UseRulesTests
{
    private static readonly FleetFacts Fleet = new()
    {
        Clusters =
        [
            Cluster("team-a/web", "aws-1", "aws", "simple-nginx|ingress"),
            Cluster("team-b/api", "aws-1", "west", ""),
            Cluster("team-a/old", "own", null, "", authentication: "dex", audit: "policy", data: "pg"),
        ],
        ClusterTemplates =
        [
            new(new("kcm-system", "aws-1"), ["infrastructure-aws"]), new(new("team-b", "aws-1"), ["infrastructure-aws", "bootstrap-kubeadm"]), new(new("team-a", "own"), []),
        ],
        ServiceTemplates = [new("kcm-system", "simple-nginx"), new("kcm-system", "kyverno")],
        MultiClusterServices =
        [
            new(FleetKinds.MultiClusterServices.Kind, ObjectKey.Cluster("first"), false, [], ["kyverno"], []),
            new(FleetKinds.MultiClusterServices.Kind, ObjectKey.Cluster("second"), false, ["first"], [], ["kyverno"]),
            new(FleetKinds.MultiClusterServices.Kind, ObjectKey.Cluster("going"), true, ["first", "second"], ["kyverno"], []),
            new(FleetKinds.NamespacedMultiClusterServices.Kind, new("team-a", "mine"), false, ["first"], ["simple-nginx"], []),
        ],
        Credentials = [new(new("team-a", "aws"), null), new(new("team-b", "west"), "eu-west")],
        ClusterTemplateChains = [new(new("kcm-system", "chain"), false, [new("aws-1", ["aws-2"])]), new(new("team-b", "copy"), true, [new("aws-1", ["aws-3"])])],
        ServiceTemplateChains = [new(new("team-a", "ingress"), false, [])],
        Managements = [new("kcm", false, "kcm-1", ["custom"]) { Installed = "kcm-before" }],
        Releases = [new("kcm-1", ["kcm-tpl", "capi-tpl"], new Dictionary<string, string> { ["aws"] = "aws-tpl" }), new("kcm-0", ["custom"], new Dictionary<string, string>())],
        Regions = [new("eu-west", new("team-a", "old"), ["west-tpl"])],
        ProviderTemplates = [new("aws-tpl", ["infrastructure-aws"])],
        ClusterDataSources = [new(new("team-a", "old"), "pg")],
    };

    [Theory]
    [InlineData("ClusterTemplate", "kcm-system/aws-1", "template deletion is forbidden: used by ClusterDeployment team-a/web")]
    [InlineData("ClusterTemplate", "team-b/aws-1", "template deletion is forbidden: used by ClusterDeployment team-b/api")]
    [InlineData("ServiceTemplate", "kcm-system/simple-nginx", "template deletion is forbidden: used by ClusterDeployment team-a/web; NamespacedMultiClusterService team-a/mine")]
    [InlineData("ServiceTemplate", "kcm-system/kyverno", "template deletion is forbidden: used by MultiClusterService first")]
    [InlineData("ServiceTemplateChain", "kcm-system/kyverno", "template chain deletion is forbidden: used by MultiClusterService second")]
    [InlineData("MultiClusterService", "/first", "cannot delete MultiClusterService first: MultiClusterService second depends on it")]
    [InlineData("ServiceTemplateChain", "team-a/ingress", "template chain deletion is forbidden: used by ClusterDeployment team-a/web")]
    [InlineData("ClusterTemplateChain", "team-b/copy", "template chain deletion is forbidden: used by ClusterDeployment team-b/api")]
    [InlineData("Credential", "team-a/aws", "cannot delete Credential team-a/aws: it is still referenced by ClusterDeployment team-a/web")]
    [InlineData("ClusterAuthentication", "team-a/dex", "cannot delete ClusterAuthentication team-a/dex: it is still referenced by ClusterDeployment team-a/old")]
    [InlineData("ClusterAuditPolicy", "team-a/policy", "cannot delete ClusterAuditPolicy team-a/policy: it is still referenced by ClusterDeployment team-a/old")]
    [InlineData("DataSource", "team-a/pg", "cannot delete DataSource team-a/pg: it is still referenced by ClusterDeployment team-a/old; ClusterDataSource team-a/old")]
    [InlineData("Release", "/kcm-1", "release kcm-1 is still in use by Management kcm")]
    [InlineData("Release", "/kcm-before", "release kcm-before is still in use by Management kcm")]
    [InlineData("Release", "/kcm-0", "release kcm-0 is still in use: Management kcm uses its ProviderTemplates custom")]
    [InlineData("ProviderTemplate", "/aws-tpl", "template deletion is forbidden: part of Release kcm-1")]
    [InlineData("ProviderTemplate", "/west-tpl", "template deletion is forbidden: used by Region eu-west")]
    [InlineData("Region", "/eu-west", "region deletion is forbidden: used by ClusterDeployment team-b/api")]
    [InlineData("Management", "/kcm", "management deletion is forbidden: there is still Region eu-west; management deletion is forbidden: there are still ClusterDeployments team-a/old, team-a/web, team-b/api")]
    [InlineData("AccessManagement", "/kcm", "AccessManagement deletion is forbidden while Management kcm is there")]
    [InlineData("ClusterDeployment", "team-a/old", "ClusterDeployment cannot be deleted: referenced by Region \"eu-west\"")]
    public async Task What_is_used_stays_and_the_users_are_named(string kind, string key, string refusal) => Assert.Equal(refusal, (await DeleteAsync(kind, key)).Refusal);

    [Theory]
    [InlineData("ClusterTemplate", "team-a/aws-1")]
    [InlineData("ClusterTemplateChain", "kcm-system/chain")]
    [InlineData("Credential", "team-b/aws")]
    [InlineData("Region", "/us")]
    [InlineData("ClusterDeployment", "team-a/web")]
    [InlineData("ServiceSet", "team-a/web")]
    public async Task What_nobody_uses_may_go(string kind, string key) => Assert.True((await DeleteAsync(kind, key)).IsAllowed);

    [Fact]
    public async Task A_template_of_a_chain_stays_with_the_chain()
    {
        const string Owned = "metadata: { ownerReferences: [{ kind: ClusterTemplateChain, name: copy }] }";
        var verdict = await DeleteAsync("ClusterTemplate", "team-b/aws-9", Owned);
        Assert.Equal("template deletion is forbidden: it belongs to ClusterTemplateChain team-b/copy", verdict.Refusal);
        Assert.Equal(["The ClusterTemplate object can't be removed if it is managed by ClusterTemplateChain: copy"], verdict.Warnings);
        Assert.True((await DeleteAsync("ClusterTemplate", "team-a/aws-9", Owned)).IsAllowed);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task A_credential_may_go_with_its_users_when_it_stays_until_they_have_gone(bool areGoing, bool hasFinalizer, bool isAllowed)
    {
        var fleet = Fleet with { Clusters = [.. Fleet.Clusters.Select(cluster => cluster with { IsBeingDeleted = areGoing })] };
        var verdict = await Gate(fleet).JudgeAsync(
            Deletion("Credential", "team-a/aws", hasFinalizer ? $"metadata: {{ finalizers: [{FleetFinalizers.Credential}] }}" : "{}"), CancellationToken.None);
        Assert.Equal(isAllowed, verdict.IsAllowed);
    }

    [Fact]
    public async Task A_user_that_has_just_gone_holds_nothing()
    {
        var verdict = await Gate(Fleet, exists: false).JudgeAsync(Deletion("Credential", "team-a/aws", "{}"), CancellationToken.None);
        Assert.True(verdict.IsAllowed);
    }

    [Fact]
    public async Task Nothing_is_deleted_while_its_users_are_not_known()
    {
        var unknown = new FleetFacts { Clusters = Enumerable.Range(0, 1).Select<int, ClusterUse>(_ => throw new InformerNotSyncedException("ClusterDeployment", null)) };
        var verdict = await Gate(unknown).JudgeAsync(Deletion("Credential", "team-a/aws", "{}"), CancellationToken.None);
        Assert.Equal((false, null, "whether Credential team-a/aws is still used could not be found out yet; try again in a moment"), (verdict.IsAllowed, verdict.Refusal, verdict.NotYet));
    }

    [Theory]
    [InlineData("Always", "", "remove the annotation first")]
    [InlineData("Cascading", "spec: { serviceSpec: { services: [{ name: nginx }] } }", "while it has services: nginx; remove them or the annotation first")]
    [InlineData("Cascading", "status: { services: [{ name: ingress }] }", "while it has services: ingress")]
    public async Task A_protected_object_stays(string word, string rest, string says) =>
        Assert.Contains(says, (await DeleteAsync("ClusterDeployment", "team-a/web", $"metadata: {{ annotations: {{ {FleetAnnotations.DeletionProtection}: {word} }} }}\n{rest}")).Refusal, StringComparison.Ordinal);

    [Fact]
    public async Task Cascading_lets_a_cluster_without_services_go() =>
        Assert.True((await DeleteAsync("ClusterDeployment", "team-a/web", $"metadata: {{ annotations: {{ {FleetAnnotations.DeletionProtection}: Cascading }} }}")).IsAllowed);

    [Theory]
    [InlineData("team-a/web", "aws-2", true)]
    [InlineData("team-a/web", "aws-3", false)]
    [InlineData("team-b/api", "aws-3", true)]
    [InlineData("team-a/old", "anything", true)]
    public async Task Clusters_go_from_template_to_template_as_chains_allow(string key, string to, bool isAllowed)
    {
        var from = Fleet.Clusters.Single(cluster => cluster.Key == Key(key)).Template;
        var verdict = await Gate(Fleet).JudgeAsync(Update("ClusterDeployment", key, $"spec: {{ template: {from} }}", $"spec: {{ template: {to} }}"), CancellationToken.None);
        Assert.Equal(isAllowed, verdict.IsAllowed);
        if (isAllowed)
            return;
        Assert.Equal(("spec.template", "cluster upgrade is forbidden: no ClusterTemplateChain lets aws-3 follow aws-1; what may: aws-2"), (verdict.Problems[0].Field, verdict.Problems[0].Message));
        Assert.Equal(["Cluster can't be upgraded from aws-1 to aws-3. This upgrade sequence is not allowed"], verdict.Warnings);
    }

    [Fact]
    public async Task An_upgrade_can_be_taken_back_and_the_rule_can_be_switched_off()
    {
        var back = Update("ClusterDeployment", "team-a/web", "{ spec: { template: aws-1 }, status: { effectiveTemplate: kcm-system/aws-0 } }", "spec: { template: aws-0 }");
        Assert.True((await Gate(Fleet).JudgeAsync(back, CancellationToken.None)).IsAllowed);
        var other = Update("ClusterDeployment", "team-a/web", "spec: { template: aws-1 }", "spec: { template: x }");
        Assert.True((await Gate(Fleet, validateUpgradePath: false).JudgeAsync(other, CancellationToken.None)).IsAllowed);
    }

    [Fact]
    public async Task A_provider_that_clusters_need_stays()
    {
        var verdict = await Gate(Fleet).JudgeAsync(
            Update("Management", "/kcm", "spec: { release: kcm-1, providers: [{ name: aws }, { name: docker }] }", "spec: { release: kcm-1, providers: [{ name: docker }] }"), CancellationToken.None);
        Assert.Equal(
            ("spec.providers", "provider infrastructure-aws is required by at least one ClusterDeployment and cannot be removed from the Management kcm: ClusterDeployment team-a/web"),
            (verdict.Problems.Single().Field, verdict.Problems.Single().Message));
        Assert.Equal(["Some of the providers cannot be removed"], verdict.Warnings);
        var unused = Update("Management", "/kcm", "spec: { release: kcm-1, providers: [{ name: aws }, { name: docker }] }", "spec: { release: kcm-1, providers: [{ name: aws }] }");
        Assert.True((await Gate(Fleet).JudgeAsync(unused, CancellationToken.None)).IsAllowed);
    }

    [Fact]
    public async Task What_exists_once_for_the_cluster_is_not_distributed()
    {
        var facts = Fleet with { ClusterScopedKinds = new HashSet<string> { "Node" } };
        var verdict = await Gate(facts).JudgeAsync(Creation("AccessManagement", "/kcm", "spec: { accessRules: [{ resources: [{ kind: Credential }, { kind: Node }] }] }"), CancellationToken.None);
        Assert.Equal(
            ("spec.accessRules[0].resources[1].kind", "Node is cluster-scoped and cannot be distributed into target namespaces by AccessManagement"),
            (verdict.Problems.Single().Field, verdict.Problems.Single().Message));
    }

    [Fact]
    public async Task Values_are_held_against_the_schema_of_a_valid_template()
    {
        const string Schema = """
            {"required":["region","clusterIdentity"],"properties":{"workers":{"type":"integer","minimum":1},"clusterIdentity":{"required":["name"]}}}
            """;
        var facts = Fleet with { Values = new(new("kcm-system", "aws-1"), JsonNode.Parse("""{"workers":1,"clusterIdentity":{}}""")!.AsObject(), ValuesSchema.Parse(Schema)!) };
        var wrong = await Gate(facts).JudgeAsync(Creation("ClusterDeployment", "team-a/web", "spec: { template: aws-1, config: { workers: 0 } }"), CancellationToken.None);
        Assert.Equal(
            ["spec.config.region: is required (rule required of ClusterTemplate kcm-system/aws-1)", "spec.config.workers: must be at least 1, but is 0 (rule minimum of ClusterTemplate kcm-system/aws-1)"],
            wrong.Problems.Select(problem => $"{problem.Field}: {problem.Message}"));
        var dry = await Gate(facts).JudgeAsync(Creation("ClusterDeployment", "team-a/web", "spec: { template: aws-1, dryRun: true, config: { region: x, workers: 0 } }"), CancellationToken.None);
        Assert.True(dry.IsAllowed);
        Assert.Equal(["spec.config.workers: must be at least 1, but is 0 (rule minimum of ClusterTemplate kcm-system/aws-1)"], dry.Warnings);
        Assert.True((await Gate(facts).JudgeAsync(Creation("ClusterDeployment", "team-a/web", "spec: { template: aws-1, config: { region: x } }"), CancellationToken.None)).IsAllowed);
    }

    private static Task<ManifestVerdict> DeleteAsync(string kind, string key, string manifest = "{}") => Gate(Fleet).JudgeAsync(Deletion(kind, key, manifest), CancellationToken.None);

    private static ManifestGate Gate(FleetFacts facts, bool exists = true, bool validateUpgradePath = true) =>
        new(new Known(facts, exists), new() { Management = new(""), ValidateUpgradePath = validateUpgradePath });

    private static ManifestChange Deletion(string kind, string key, string manifest) => new(ManifestOperation.Delete, FleetApi.Group, kind, Key(key), null, Manifest(manifest, key));

    private static ManifestChange Creation(string kind, string key, string manifest) => new(ManifestOperation.Create, FleetApi.Group, kind, Key(key), Manifest(manifest, key), null);

    private static ManifestChange Update(string kind, string key, string old, string wanted) =>
        new(ManifestOperation.Update, FleetApi.Group, kind, Key(key), Manifest(wanted, key), Manifest(old, key));

    private static JsonObject Manifest(string yaml, string key)
    {
        var manifest = KubernetesYaml.ReadAll(yaml).FirstOrDefault() ?? [];
        var metadata = manifest["metadata"] as JsonObject ?? [];
        metadata["name"] = Key(key).Name;
        if (metadata.Parent is null)
            manifest["metadata"] = metadata;
        return manifest;
    }

    private static ObjectKey Key(string text) => new(text.Split('/')[0], text.Split('/')[1]);

    private static ClusterUse Cluster(string key, string template, string? credential, string services, string? authentication = null, string? audit = null, string? data = null) =>
        new(Key(key), template, credential, new ClusterReferences(authentication, audit, data, services));

    private sealed class Known(FleetFacts facts, bool exists) : IFleetFactsReader
    {
        public Task<FleetFacts> ReadAsync(ManifestChange change, CancellationToken ct) => Task.FromResult(facts);

        public Task<bool> ExistsAsync(User user, CancellationToken ct) => Task.FromResult(exists);
    }
}
