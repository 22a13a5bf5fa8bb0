using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>A manifest that is wrong by itself is refused by the API server: kubectl says which field and why, and nothing is stored.</summary>
public sealed class BadManifestTests(FaultFleet fleet) : IClassFixture<FaultFleet>
{
    private const string Template = "helm: { chartSpec: { chart: c, version: 1.0.0, sourceRef: { kind: HelmRepository, name: r } } }";

    /// <summary>What the schema of the CRD can say, so that every API server refuses it: name, kind, spec, words of the answer.</summary>
    public static TheoryData<string, string, string, string[]> SaidBySchema => new()
    {
        { "wrong types", "ClusterDeployment", "template: 5, dryRun: \"yes\"", ["spec.template", "spec.dryRun", "Invalid value"] },
        { "no template", "ClusterDeployment", "credential: x", ["spec.template", "Required value"] },
        { "a service without a name", "ClusterDeployment", "template: t, serviceSpec: { services: [{ template: s }] }", ["spec.serviceSpec.services", "name", "Required value"] },
        { "a priority out of range", "ClusterDeployment", "template: t, serviceSpec: { priority: 0 }", ["spec.serviceSpec.priority", "greater than or equal to 1"] },
        { "an unknown kind of source", "ServiceTemplate", Template.Replace("HelmRepository", "Floppy", StringComparison.Ordinal), ["sourceRef.kind", "Floppy"] },
        { "a credential without identity", "Credential", "description: none", ["spec.identityRef", "Required value"] },
    };

    /// <summary>What only rules can say.</summary>
    public static TheoryData<string, string, string, string[]> SaidByRules => new()
    {
        { "two sources", "ServiceTemplate", $"{Template}, resources: {{ path: x, deploymentType: Remote, localSourceRef: {{ kind: ConfigMap, name: x }} }}", ["spec", "Helm, Kustomize and Resources are mutually exclusive."] },
        { "no source", "ServiceTemplate", "version: 1.0.0", ["spec", "One of Helm, Kustomize, or Resources must be specified."] },
        { "two charts", "ClusterTemplate", "helm: { chartSpec: { chart: c, version: 1.0.0, sourceRef: { kind: HelmRepository, name: r } }, chartRef: { kind: HelmChart, name: x } }", ["spec.helm", "chartSpec, chartSource and chartRef are mutually exclusive"] },
        { "a negative count", "ClusterDeployment", "template: t, config: { workersNumber: -1 }", ["spec.config.workersNumber", "must not be negative"] },
        { "a config that is a list", "ClusterDeployment", "template: t, config: [1]", ["spec.config"] },
        { "a bad name of a release", "ClusterDeployment", "template: t, serviceSpec: { services: [{ name: Bad_Name, template: s }] }", ["spec.serviceSpec.services[0].name", "Bad_Name"] },
        { "a dependency on nothing", "ClusterDeployment", "template: t, serviceSpec: { services: [{ name: a, template: s, dependsOn: [{ name: b }] }] }", ["spec.serviceSpec.services[0].dependsOn", "not defined"] },
        { "a circle", "ClusterDeployment", "template: t, serviceSpec: { services: [{ name: a, template: s, dependsOn: [{ name: b }] }, { name: b, template: s, dependsOn: [{ name: a }] }] }", ["spec.serviceSpec.services", "cycle"] },
    };

    [Theory]
    [MemberData(nameof(SaidBySchema))]
    [MemberData(nameof(SaidByRules))]
    public async Task The_embedded_server_names_field_and_cause(string what, string kind, string spec, string[] words) =>
        await RefusedAsync(fleet.Fleet.Kubeconfig, what, kind, spec, words);

    [Fact]
    public async Task A_real_server_names_field_and_cause_of_what_the_schema_says()
    {
        var real = await RealApiServer.SharedAsync();
        TestLogs.NoteUsed($"bad manifests: {real.Name} {real.Version}");
        (await KubectlAsync(real.KubeconfigPath, null, "create", "--validate=false", "-f", Path.Combine(TestLogs.RepositoryRoot, "deploy", "crds"))).MustSucceed();
        (await KubectlAsync(real.KubeconfigPath, null, "wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")).MustSucceed();
        foreach (var row in SaidBySchema)
            await RefusedAsync(real.KubeconfigPath, row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("strict")]
    public async Task An_unknown_field_is_refused_when_asked_for(string validate)
    {
        var refused = await fleet.TryApplyAsync(Manifest("ClusterDeployment", "x", "template: t, bogus: 1"), $"--validate={validate}");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("unknown field \"spec.bogus\"", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Not_A_Name", "metadata.name", "lowercase RFC 1123")]
    [InlineData("with.dots", "metadata.name", "no dots")]
    [InlineData("a-name-that-is-longer-than-what-helm-takes-for-the-name-of-a-release", "metadata.name", "53 characters")]
    public async Task A_name_that_cannot_be_is_refused(string name, params string[] words)
    {
        var refused = await fleet.TryApplyAsync(Manifest("ClusterDeployment", name, "template: t"));
        Assert.NotEqual(0, refused.ExitCode);
        Assert.All(words, word => Assert.Contains(word, refused.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_changed_is_refused_and_stays_as_it_was()
    {
        await fleet.ApplyAsync(Manifest("ServiceTemplate", "fixed", Template));
        var refused = await fleet.TryApplyAsync(Manifest("ServiceTemplate", "fixed", Template.Replace("1.0.0", "2.0.0", StringComparison.Ordinal)));
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("immutable", refused.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("spec", refused.Error, StringComparison.Ordinal);
        var kept = await KubectlAsync(fleet.Fleet.Kubeconfig, null, "get", "servicetemplate", "fixed", "-o", "jsonpath={.spec.helm.chartSpec.version}");
        Assert.Equal("1.0.0", kept.MustSucceed().Out);
    }

    private static async Task RefusedAsync(string kubeconfig, string what, string kind, string spec, string[] words)
    {
        var refused = await KubectlAsync(kubeconfig, Manifest(kind, "bad", spec), "apply", "--validate=false", "-f", "-");
        Assert.True(refused.ExitCode != 0, $"{what} was accepted");
        Assert.All(words, word => Assert.Contains(word, refused.Error, StringComparison.Ordinal));
        Assert.NotEqual(0, (await KubectlAsync(kubeconfig, null, "get", kind, "bad")).ExitCode);
    }

    private static async Task<ProcessOutput> KubectlAsync(string kubeconfig, string? input, params string[] arguments) =>
        await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", kubeconfig, .. arguments], input: input, timeout: TimeSpan.FromMinutes(2));

    private static string Manifest(string kind, string name, string spec) => $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: {{kind}}
        metadata: { name: {{name}}, namespace: default }
        spec: { {{spec}} }
        """;
}
