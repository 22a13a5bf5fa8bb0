using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.ClusterManager;

public class DistributionTests
{
    private static readonly ResourceKind Chains = FleetKinds.ClusterTemplateChains.Kind;
    private static readonly ResourceKind Templates = FleetKinds.ClusterTemplates.Kind;
    private static readonly ResourceKind Access = FleetKinds.AccessManagements.Kind;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Chains_and_their_templates_come_to_namespaces_follow_their_sources_and_go_again(string server)
    {
        await using var environment = await TemplateEnvironment.StartAsync(server);
        await environment.ApplyAsync(Template("web-1-0-0", "1.0.0") + "---\n" + Template("web-1-1-0", "1.1.0") + "---\n" + Chain("[{name: web-1-0-0}]") + "---\n" + """
            apiVersion: v1
            kind: Secret
            metadata: {name: mine, namespace: team-b, labels: {k0rdent.mirantis.com/managed: "true"}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: AccessManagement
            metadata: {name: kcm}
            spec:
              accessRules:
                - targetNamespaces: {stringSelector: "team in (team-a, team-c)"}
                  resources: [{kind: ClusterTemplateChain, names: [web]}, {apiGroup: "", kind: Node}, {apiGroup: nobody.example.org, kind: Thing}]
            """);
        var template = await environment.UntilAsync(Templates, "team-a", "web-1-0-0", seen => seen is not null);
        Assert.Equal("kcm-system", (string?)template!.At("spec", "helm", "chartSpec", "sourceRef", "namespace"));
        Assert.Equal("ClusterTemplateChain", Assert.Single(template.Metadata.OwnerReferences!).Kind);
        await environment.UntilAsync(Chains, "team-a", "web", seen => (bool?)seen?.At("status", "valid") == true);
        var access = await environment.UntilAsync(Access, "", "kcm", seen => seen?.At("status", "observedGeneration") is not null);
        var error = (string?)access!.At("status", "error");
        Assert.Contains("Node is cluster-scoped and cannot be distributed", error, StringComparison.Ordinal);
        Assert.Contains("failed to resolve Thing", error, StringComparison.Ordinal);
        Assert.Null(await environment.GetAsync(Chains, "team-b", "web"));

        // A namespace that comes later has its copies at once, without anybody touching the rules.
        await environment.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: team-c, labels: {team: team-c}}}");
        await environment.UntilAsync(Templates, "team-c", "web-1-0-0", seen => seen is not null);

        // The chain is made anew with one template more: that comes too, and what was there stays the same object.
        var before = template.Metadata.Uid;
        await environment.DeleteAsync(Chains, "kcm-system", "web");
        await environment.ApplyAsync(Chain("[{name: web-1-0-0, availableUpgrades: [{name: web-1-1-0, version: 1.1.0}]}, {name: web-1-1-0}]"));
        await environment.UntilAsync(Templates, "team-a", "web-1-1-0", seen => seen is not null);
        await environment.UntilAsync(Templates, "team-c", "web-1-1-0", seen => seen is not null);
        Assert.NotNull(before);

        // A copy that somebody deletes comes back.
        await environment.DeleteAsync(Chains, "team-a", "web");
        await environment.UntilAsync(Chains, "team-a", "web", seen => seen is { Metadata.IsBeingDeleted: false } && (bool?)seen.At("status", "valid") == true);

        // The rule goes: our copies go with it, nothing else does.
        await environment.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: AccessManagement
            metadata: {name: kcm}
            spec: {accessRules: [{targetNamespaces: {list: [team-c]}, clusterTemplateChains: [web]}]}
            """);
        await environment.UntilAsync(Chains, "team-a", "web", seen => seen is null);
        await environment.UntilAsync(Templates, "team-a", "web-1-0-0", seen => seen is null);
        Assert.NotNull(await environment.GetAsync(Chains, "team-c", "web"));
        Assert.NotNull(await environment.GetAsync(CoreKinds.Secrets, "team-b", "mine"));
    }

    [Fact]
    public async Task A_template_that_is_used_is_kept_and_the_user_is_named()
    {
        await using var environment = await TemplateEnvironment.StartAsync("embedded");
        await environment.ApplyAsync(Template("web-1-0-0", "1.0.0") + "---\n" + Chain("[{name: web-1-0-0}]") + "---\n" + """
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: AccessManagement
            metadata: {name: kcm}
            spec: {accessRules: [{targetNamespaces: {list: [team-a]}, clusterTemplateChains: [web]}]}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: shop, namespace: team-a}
            spec: {template: web-1-0-0, credential: none}
            """);
        var copy = await environment.UntilAsync(Templates, "team-a", "web-1-0-0", seen => seen is not null);
        await environment.DeleteAsync(Templates, "kcm-system", "web-1-0-0");
        await environment.ApplyAsync(Template("web-1-0-0", "9.9.9"));
        await environment.UntilAsync(
            Chains, "team-a", "web", seen => ((string?)seen?.At("status", "validationError"))?.Contains("is used by ClusterDeployment shop", StringComparison.Ordinal) == true);
        Assert.Equal(copy!.Metadata.Uid, (await environment.GetAsync(Templates, "team-a", "web-1-0-0"))!.Metadata.Uid);
    }

    private static string Template(string name, string version) => $$$$$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: {name: {{{{{{name}}}}}}, namespace: kcm-system}
        spec: {helm: {chartSpec: {chart: demo, version: {{{{{{version}}}}}}, sourceRef: {kind: HelmRepository, name: charts}}}}

        """;

    private static string Chain(string templates) => $$$$$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplateChain
        metadata: {name: web, namespace: kcm-system}
        spec: {supportedTemplates: {{{{{{templates}}}}}} }

        """;
}
