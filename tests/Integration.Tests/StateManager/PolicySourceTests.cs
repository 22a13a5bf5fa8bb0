using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Integration.Tests.Sources;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.Servers;
using static Fleet.Integration.Tests.StateManager.StateManagerEnvironment;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>policyRefs that name sources with revisions, with a real git server, a real registry and real helm. Each test has a cluster of its own.</summary>
public sealed class PolicySourceTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    [Fact]
    public async Task A_repository_is_followed_and_keeps_what_is_installed_while_it_is_away()
    {
        var cluster = await environment.AddClusterAsync("pgit");
        using var git = await GitFolder.CreateAsync();
        await using var https = await GitHttpServer.StartAsync(git.Root);
        await git.CommitAsync(("policies/a.yaml", Settings("git", "one")), ("policies/readme.md", "not read"), ("other/b.yaml", Settings("other", "x")));
        await ApplyAsync($$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: pgit-ca}
            stringData: {ca.crt: {{{JsonSerializer.Serialize(https.Authority)}}}}
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: pgit}
            spec: {url: "{{{https.Address}}}charts.git", interval: 1s, ref: {branch: main}, secretRef: {name: pgit-ca}}
            """);
        await environment.ApplyAsync(Set("pgit", "{kind: GitRepository, name: pgit, path: policies}"));
        await environment.ServiceAsync("pgit", "pgit-policies", "Deployed");
        await UntilAsync(cluster, "git", "one");
        Assert.Null(await cluster.Dynamic(ConfigMaps).GetAsync(new("default", "other"), default));

        // Nobody touches anything in the management cluster.
        await git.CommitAsync(("policies/a.yaml", Settings("git", "two")));
        await UntilAsync(cluster, "git", "two");

        https.FailWith = 503;
        await SaysAsync("pgit", message => message.StartsWith("policyRefs: GitRepository team-a/pgit: ", StringComparison.Ordinal));
        await UntilAsync(cluster, "git", "two");
        https.FailWith = null;
        await git.CommitAsync(("policies/a.yaml", Settings("git", "three")));
        // Whoever states the source anew does not wait for the next look.
        await ApplyAsync($$$"""
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: pgit, annotations: {reconcile.fluxcd.io/requestedAt: now}}
            spec: {url: "{{{https.Address}}}charts.git", interval: 1s, ref: {branch: main}, secretRef: {name: pgit-ca}}
            """);
        await UntilAsync(cluster, "git", "three");

        await environment.ApplyAsync(Set("pgit", "{kind: GitRepository, name: pgit, path: nowhere}"));
        await SaysAsync("pgit", message => message == "policyRefs: GitRepository team-a/pgit has no file with manifests (*.yaml, *.yml, *.json) at nowhere");
        await environment.DeleteSetAsync("pgit");
        Assert.Null(await cluster.Dynamic(ConfigMaps).GetAsync(new("default", "git"), default));
    }

    [Fact]
    public async Task An_artifact_is_a_source_that_may_come_later_or_not_at_all()
    {
        var cluster = await environment.AddClusterAsync("poci");
        var registry = await OciRegistry.SharedAsync();
        await OciArtifact.PushAsync(registry, "poci", "latest", (OciArtifact.LayerType, OciArtifact.Tar(("all/a.yaml", Settings("oci", "one"))), null));
        await environment.ApplyAsync(Set("poci", "{kind: OCIRepository, name: poci, path: all}, {kind: Bucket, name: never, optional: true}"));
        await SaysAsync("poci", message => message == "policyRefs: OCIRepository team-a/poci does not exist");
        await ApplyAsync($$$"""
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: OCIRepository
            metadata: {name: poci}
            spec: {url: "oci://{{{registry.Host}}}/poci", interval: 1h, insecure: true, ref: {tag: latest}}
            """);
        await environment.ServiceAsync("poci", "poci-policies", "Deployed");
        await UntilAsync(cluster, "oci", "one");

        // Another interval is another statement: looked at at once, not in an hour.
        await OciArtifact.PushAsync(registry, "poci", "latest", (OciArtifact.LayerType, OciArtifact.Tar(("all/a.yaml", Settings("oci", "two"))), null));
        await ApplyAsync($$$"""
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: OCIRepository
            metadata: {name: poci}
            spec: {url: "oci://{{{registry.Host}}}/poci", interval: 2h, insecure: true, ref: {tag: latest}}
            """);
        await UntilAsync(cluster, "oci", "two");

        // The same without an object, and rendered.
        await OciArtifact.PushAsync(registry, "premote", "1.0", (OciArtifact.LayerType, OciArtifact.Tar(("a.yaml", Settings("remote", "{{ printf \"%s\" \"rendered\" }}"))), null));
        await environment.ApplyAsync(Set("poci", $"{{remoteURL: {{url: 'oci://{registry.Host}/premote:1.0', interval: 1s, plainHTTP: true, template: true}}}}"));
        await UntilAsync(cluster, "remote", "rendered");
        await EventuallyAsync(() => cluster.Dynamic(ConfigMaps).GetAsync(new ObjectKey("default", "oci"), default), o => o is null, "gone with its reference");
        await environment.DeleteSetAsync("poci");
    }

    [Theory]
    [InlineData("elsewhere", "{kind: GitRepository, name: a, namespace: team-b}", "GitRepository team-b/a is in another namespace")]
    [InlineData("local", "{kind: ConfigMap, name: a, deploymentType: Local}", "ConfigMap team-a/a: deploymentType Local would write to the management cluster with Fleet's rights")]
    [InlineData("http", "{remoteURL: {url: 'https://user:canary-77@example.org/a.yaml'}}", "remoteURL: only artifacts of a registry (oci://HOST/REPOSITORY:TAG) can be fetched")]
    [InlineData("remote", "{remoteURL: {url: 'oci://127.0.0.1:9/nothing:1.0'}}", "OCIRepository team-a/pbad-remote: ")]
    public async Task What_cannot_be_used_is_said(string name, string policy, string message)
    {
        name = $"pbad-{name}";
        await environment.AddClusterAsync(name);
        await environment.ApplyAsync(Set(name, policy));
        await SaysAsync(name, seen => seen.StartsWith($"policyRefs: {message}", StringComparison.Ordinal) && !seen.Contains("canary-77", StringComparison.Ordinal));
        await environment.DeleteSetAsync(name);
    }

    private static string Settings(string name, string mode) => $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, namespace: default}}, data: {{mode: {mode}}}}}";

    private static JsonObject Set(string name, string policies) => (JsonObject)KubernetesYaml.Parse($$$"""
        {apiVersion: k0rdent.mirantis.com/v1beta1, kind: ServiceSet, metadata: {name: {{{name}}}, namespace: team-a},
         spec: {cluster: {{{name}}}, provider: {config: {policyRefs: [{{{policies}}}]} }, services: []} }
        """)!;

    private async Task ApplyAsync(string yaml)
    {
        foreach (var document in KubernetesYaml.ReadAll(yaml))
        {
            document["metadata"]!["namespace"] = Namespace;
            await environment.ApplyAsync(document);
        }
    }

    private static Task UntilAsync(IKubernetesClient cluster, string name, string mode) => EventuallyAsync(
        () => cluster.Dynamic(ConfigMaps).GetAsync(new ObjectKey("default", name), default), o => (string?)o?.At("data", "mode") == mode, $"{name} {mode}");

    private Task SaysAsync(string set, Func<string, bool> expected) => environment.StatusAsync(
        set, s => (s?["services"] as JsonArray)?.Any(service => (string?)service!["failureMessage"] is { } message && expected(message)) == true, "says so");
}
