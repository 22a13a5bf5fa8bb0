using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Integration.Tests.Helm;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>
/// What every cluster chart has to render, whatever its infrastructure: references that lead somewhere, names by content, and the values that Fleet injects
/// put where the provider looks for them.
/// </summary>
public sealed class ClusterChartTests : IDisposable
{
    private const string Injected = """
        clusterIdentity: {apiVersion: v1, kind: KIND, name: the-identity, namespace: kcm-system}
        clusterLabels: {team: blue}
        clusterAnnotations: {example.org/note: seen}
        """;

    private const string ApiServer = """
        auth: {configSecret: {name: x-auth-config, key: config, hash: 0a1b2c3d}, configWithAnon: true}
        audit: {policyRef: {name: x-audit-policy, key: policy, hash: "12345678"}}
        """;

    private readonly HelmHost helm = new(Fleet.Testing.RealParts.Helms[^1].Version);

    public static TheoryData<string> Folders => ClusterChart.Folders;

    public static TheoryData<string> KubeadmFolders => [.. ClusterChart.All.Where(c => c.IsKubeadm).Select(c => c.Folder)];

    [Theory, MemberData(nameof(Folders))]
    public async Task Every_reference_leads_to_an_object_of_the_same_release(string folder)
    {
        var rendered = await RenderAsync(folder);
        var present = rendered.Objects.Select(o => $"{Group(o)}/{o["kind"]}/{o["metadata"]!["name"]}").ToHashSet(StringComparer.Ordinal);
        Assert.Equal(rendered.Objects.Count, present.Count);
        var references = rendered.Objects.SelectMany(References).ToList();
        Assert.True(references.Count >= 2);
        Assert.All(references, r => Assert.Contains(r, present));
        Assert.All(rendered.Objects, o => Assert.Equal(RenderedChart.Namespace, (string?)o["metadata"]!["namespace"]));
        // Everything but the Cluster and its infrastructure, which have its name, says whose it is.
        Assert.All(rendered.Objects.Where(o => (string?)o["metadata"]!["name"] != RenderedChart.Release),
            o => Assert.Equal(RenderedChart.Release, (string?)o["metadata"]!["labels"]!["cluster.x-k8s.io/cluster-name"]));
    }

    [Theory, MemberData(nameof(Folders))]
    public async Task A_changed_machine_replaces_its_template_and_nothing_else(string folder)
    {
        if (ClusterChart.Of(folder).WorkerChange is not { } change)
        {
            // Managed pools and hosts change in place: there is no template to name.
            Assert.DoesNotContain((await RenderAsync(folder)).Objects, o => ((string)o["kind"]!).EndsWith("MachineTemplate", StringComparison.Ordinal));
            return;
        }
        var first = await RenderAsync(folder);
        Assert.All(first.All(change.Kind), t => Assert.Matches("^mon-cluster-(cp|worker)-[0-9a-f]{8}$", (string)t["metadata"]!["name"]!));
        var changed = await RenderAsync(folder, change.Values);
        var gone = first.Names.Except(changed.Names).ToList();
        var made = changed.Names.Except(first.Names).ToList();
        Assert.StartsWith(change.Kind + "/mon-cluster-worker-", made[0], StringComparison.Ordinal);
        Assert.Equal((gone.Count, made.Count), (made.Count, made.Count));
        // Azure's bootstrap names the template's own Secret, and so follows it.
        Assert.All(made.Skip(1), name => Assert.StartsWith("KubeadmConfigTemplate/", name, StringComparison.Ordinal));
        Assert.Equal(first.Names.Order(), (await RenderAsync(folder, "workersNumber: 7")).Names.Order());
    }

    [Theory, MemberData(nameof(Folders))]
    public async Task Identity_labels_and_annotations_arrive(string folder)
    {
        var chart = ClusterChart.Of(folder);
        var rendered = await RenderAsync(folder, Injected.Replace("KIND", chart.IdentityKind, StringComparison.Ordinal));
        var cluster = rendered.Single("Cluster");
        Assert.Equal("blue", (string?)cluster["metadata"]!["labels"]!["team"]);
        Assert.Equal("seen", (string?)cluster["metadata"]!["annotations"]!["example.org/note"]);
        if (chart.IdentityAt is { } path)
            Assert.All(rendered.All(chart.IdentityOn ?? chart.Infrastructure), o => Assert.Equal("the-identity", (string?)RenderedChart.At(o, path)));
        var finalizers = rendered.Single(chart.Infrastructure)["metadata"]!["finalizers"] as JsonArray ?? [];
        Assert.Equal(chart.IsKept, finalizers.Any(f => (string?)f == "k0rdent.mirantis.com/cleanup"));
    }

    [Theory, MemberData(nameof(KubeadmFolders))]
    public async Task Authentication_and_audit_reach_the_API_server(string folder)
    {
        var plain = Kubeadm(await RenderAsync(folder));
        Assert.Null(RenderedChart.Argument(RenderedChart.At(plain, "clusterConfiguration.apiServer.extraArgs"), "authentication-config"));

        var spec = Kubeadm(await RenderAsync(folder, ApiServer, "kubernetes: {apiServerArgs: {anonymous-auth: \"false\", authentication-config: /mine, v: 4}}"));
        var arguments = spec["clusterConfiguration"]!["apiServer"]!["extraArgs"];
        // What clusterAuth asks for is not undone by a further argument; the configuration speaks of anonymous access, so the flag goes.
        Assert.Equal("/etc/kubernetes/authentication/config-0a1b2c3d.yaml", RenderedChart.Argument(arguments, "authentication-config"));
        Assert.Equal("/etc/kubernetes/audit/policy-12345678.yaml", RenderedChart.Argument(arguments, "audit-policy-file"));
        Assert.Equal("-", RenderedChart.Argument(arguments, "audit-log-path"));
        Assert.Equal("4", RenderedChart.Argument(arguments, "v"));
        Assert.Null(RenderedChart.Argument(arguments, "anonymous-auth"));
        foreach (var (path, secret, key) in (IEnumerable<(string, string, string)>)
            [("/etc/kubernetes/authentication/config-0a1b2c3d.yaml", "x-auth-config", "config"), ("/etc/kubernetes/audit/policy-12345678.yaml", "x-audit-policy", "policy")])
        {
            var file = Assert.Single((JsonArray)spec["files"]!, f => (string?)f!["path"] == path);
            Assert.Equal((secret, key), ((string?)RenderedChart.At(file, "contentFrom.secret.name"), (string?)RenderedChart.At(file, "contentFrom.secret.key")));
            Assert.Contains((JsonArray)spec["clusterConfiguration"]!["apiServer"]!["extraVolumes"]!, v => (string?)v!["mountPath"] == Path.GetDirectoryName(path));
        }
    }

    [Theory, MemberData(nameof(KubeadmFolders))]
    public async Task An_own_registry_serves_images_and_machines(string folder)
    {
        var rendered = await RenderAsync(folder, "global: {registry: r.example.org/k8s, registryCertSecret: cert, registryCredentialSecret: login, k0sURL: https://k0s.example.org}");
        Assert.Equal("r.example.org/k8s", (string?)Kubeadm(rendered)["clusterConfiguration"]!["imageRepository"]);
        foreach (var machine in (JsonNode[])[Kubeadm(rendered), rendered.Single("KubeadmConfigTemplate")["spec"]!["template"]!["spec"]!])
        {
            var secrets = ((JsonArray)machine["files"]!).Select(f => (string?)RenderedChart.At(f, "contentFrom.secret.name")).ToList();
            Assert.Contains("cert", secrets);
            Assert.Contains("login", secrets);
            Assert.Equal("systemctl restart containerd", (string?)machine["preKubeadmCommands"]![0]);
        }
    }

    [Theory, MemberData(nameof(KubeadmFolders))]
    public async Task Without_workers_the_control_plane_runs_everything(string folder)
    {
        var rendered = await RenderAsync(folder, "workersNumber: 0");
        Assert.DoesNotContain(rendered.Names, name => name.StartsWith("MachineDeployment/", StringComparison.Ordinal) || name.Contains("-worker-", StringComparison.Ordinal));
        Assert.Empty((JsonArray)Kubeadm(rendered)["initConfiguration"]!["nodeRegistration"]!["taints"]!);
        Assert.Null(Kubeadm(await RenderAsync(folder))["initConfiguration"]!["nodeRegistration"]!["taints"]);
    }

    [Theory, MemberData(nameof(Folders))]
    public async Task The_contracts_that_a_chart_states_are_those_of_its_objects(string folder)
    {
        var annotations = (await CatalogSource.PackAsync(folder)).Content.Metadata.Annotations;
        var providers = annotations["cluster.x-k8s.io/provider"].Split(',');
        Assert.Equal(providers.Order(), annotations.Keys.Where(k => k.StartsWith("cluster.x-k8s.io/", StringComparison.Ordinal) && k != "cluster.x-k8s.io/provider").Select(k => k[17..]).Order());
        var infrastructure = (await RenderAsync(folder)).Single(ClusterChart.Of(folder).Infrastructure);
        Assert.Equal("infrastructure.cluster.x-k8s.io/" + annotations["cluster.x-k8s.io/" + providers[0]], (string?)infrastructure["apiVersion"]);
    }

    [Theory, MemberData(nameof(Folders))]
    public async Task Wrong_values_are_refused_with_their_path(string folder)
    {
        foreach (var (values, path) in ClusterChart.Of(folder).Wrong)
        {
            var e = await Assert.ThrowsAsync<HelmException>(() => RenderedChart.RenderAsync(helm, folder, values));
            Assert.Equal(HelmErrorKind.ValuesInvalid, e.Kind);
            Assert.Contains(e.Violations, v => v.Path == path && v.Message.Length > 0);
        }
    }

    [Fact]
    public async Task A_hosted_control_plane_mounts_what_it_reads()
    {
        var plane = (await RenderAsync("remote-cluster", ApiServer, "dataSource: {kineDataSourceSecretName: kine, caSecret: {name: db-ca, key: ca.crt}}")).Single("K0smotronControlPlane");
        Assert.Equal(("kine", "kine"), ((string?)RenderedChart.At(plane, "spec.storage.type"), (string?)RenderedChart.At(plane, "spec.storage.kine.dataSourceSecretName")));
        var mounts = (JsonArray)plane["spec"]!["mounts"]!;
        Assert.Contains(mounts, m => (string?)RenderedChart.At(m, "secret.secretName") == "x-auth-config");
        Assert.Contains(mounts, m => (string?)RenderedChart.At(m, "secret.secretName") == "db-ca");
        Assert.Contains(mounts, m => (string?)RenderedChart.At(m, "configMap.name") == "x-audit-policy");
        Assert.Equal("/var/lib/k0s/auth/config-0a1b2c3d.yaml", (string?)RenderedChart.At(plane, "spec.k0sConfig.spec.api.extraArgs.authentication-config"));
    }

    [Fact]
    public async Task A_host_keeps_its_name_when_others_come_and_go()
    {
        var both = (await RenderAsync("remote-cluster")).All("Machine").Select(m => (string)m["metadata"]!["name"]!).ToList();
        var second = (await RenderAsync("remote-cluster", "machines: [{address: 192.0.2.2, port: 2222}]")).Single("Machine");
        Assert.Equal(both[1], (string?)second["metadata"]!["name"]);
    }

    [Fact]
    public async Task Addresses_come_from_the_pool_that_IPAM_fills_in()
    {
        const string Pool = "{ipamEnabled: true, ipPool: {name: claim, ready: true, config: {apiGroup: ipam.cluster.x-k8s.io, kind: InClusterIPPool, name: claim}}}";
        foreach (var template in (await RenderAsync("vsphere-standalone-cp", Pool)).All("VSphereMachineTemplate"))
        {
            var device = RenderedChart.At(template, "spec.template.spec.network.devices.0")!;
            Assert.False((bool)device["dhcp4"]!);
            Assert.Equal("InClusterIPPool", (string?)RenderedChart.At(device, "addressesFromPools.0.kind"));
        }
        var e = await Assert.ThrowsAsync<HelmException>(() => RenderAsync("vsphere-standalone-cp", "ipamEnabled: true"));
        Assert.Contains("ipPool.config must name the pool", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => helm.Dispose();

    private Task<RenderedChart> RenderAsync(string folder, params string[] values) => RenderedChart.RenderAsync(helm, folder, [ClusterChart.Of(folder).LeastValues, .. values]);

    private static JsonNode Kubeadm(RenderedChart rendered) => rendered.Single("KubeadmControlPlane")["spec"]!["kubeadmConfigSpec"]!;

    private static string Group(JsonObject o) => ((string)o["apiVersion"]!).Split('/')[0];

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map when map["apiGroup"] is not null && map["kind"] is not null => [$"{map["apiGroup"]}/{map["kind"]}/{map["name"]}"],
        JsonObject map => map.SelectMany(m => References(m.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
