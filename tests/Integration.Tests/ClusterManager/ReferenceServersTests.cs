using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;
using Npgsql;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>
/// References of a cluster on a real and on the embedded API server, without any simulation: a chart that shows the values it is given, in the form that upstream's
/// charts read; the pool's provider is the test, and the kind of the pool is as strict as the provider's own.
/// </summary>
public sealed class ReferenceServersTests
{
    private const string Pool = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: inclusterippools.ipam.cluster.x-k8s.io}
        spec:
          group: ipam.cluster.x-k8s.io
          scope: Namespaced
          names: {plural: inclusterippools, singular: inclusterippool, kind: InClusterIPPool, listKind: InClusterIPPoolList}
          versions:
          - name: v1alpha2
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [addresses, prefix]
                    properties:
                      addresses: {type: array, items: {type: string}}
                      prefix: {type: integer, minimum: 0, maximum: 128}
                      gateway: {type: string}
                  status:
                    type: object
                    properties:
                      ipAddresses: {type: object, properties: {total: {type: integer}, free: {type: integer}, used: {type: integer}, outOfRange: {type: integer} } }
        """;

    private static readonly ResourceKind Pools = new("ipam.cluster.x-k8s.io", "v1alpha2", "InClusterIPPool", "inclusterippools", true);

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_chart_gets_the_values_that_upstreams_charts_read_and_all_of_it_goes_with_the_cluster(string server)
    {
        await using var environment = await TemplateEnvironment.StartAsync(server);
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var repository = await HelmHttpRepository.StartAsync();
        using var folder = new TemporaryFolder("chart");
        folder.Write("shown/Chart.yaml", "apiVersion: v2\nname: shown\nversion: 1.0.0\nannotations: {cluster.x-k8s.io/provider: infrastructure-remote}\n");
        folder.Write("shown/values.yaml", "auth: {}\n");
        folder.Write("shown/templates/all.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-shown}\ndata: {values: {{ .Values | toJson | quote }} }\n");
        await repository.AddAsync(folder.File("shown"));
        await environment.ApplyAsync(Pool);
        await environment.ApplyAsync(Manifests(repository.Address, postgres.Port));

        var pool = await environment.UntilAsync(Pools, "team-a", "web-ipam", seen => seen is not null);
        Assert.Equal(24, (int)pool!.At("spec", "prefix")!);
        Assert.Null(await environment.GetAsync(CoreKinds.ConfigMaps, "team-a", "web-shown"));
        await environment.Client.Dynamic(Pools).PatchAsync(
            pool.Key, Patch.Merge(new() { ["status"] = new JsonObject { ["ipAddresses"] = new JsonObject { ["total"] = 253, ["free"] = 253, ["used"] = 0, ["outOfRange"] = 0 } } }),
            new() { Subresource = "status" }, CancellationToken.None);
        var shown = await environment.UntilAsync(CoreKinds.ConfigMaps, "team-a", "web-shown", seen => seen is not null);
        var values = JsonNode.Parse((string)shown!.At("data", "values")!)!;
        var auth = values["auth"]!["configSecret"]!;
        Assert.Equal(("web-auth-config", "config", 8, false), ((string?)auth["name"], (string?)auth["key"], ((string)auth["hash"]!).Length, ((JsonObject)values["auth"]!).ContainsKey("configWithAnon")));
        var audit = values["audit"]!["policyRef"]!;
        Assert.Equal(("web-audit-policy", "policy", 8), ((string?)audit["name"], (string?)audit["key"], ((string)audit["hash"]!).Length));
        Assert.Equal("""{"kineDataSourceSecretName":"web-kine"}""", values["dataSource"]!.ToJsonString());
        Assert.True((bool)values["ipamEnabled"]!);
        Assert.Equal("""{"apiGroup":"ipam.cluster.x-k8s.io","kind":"InClusterIPPool","name":"web-ipam"}""", values["ipPool"]!["config"]!.ToJsonString());
        (ResourceKind Kind, string Name)[] made =
        [
            (CoreKinds.Secrets, "web-auth-config"), (CoreKinds.Secrets, "web-audit-policy"), (CoreKinds.ConfigMaps, "web-audit-policy"), (CoreKinds.Secrets, "web-kine"),
            (FleetKinds.ClusterDataSources.Kind, "web"), (FleetKinds.ClusterIpamClaims.Kind, "web-ipam"), (FleetKinds.ClusterIpams.Kind, "web-ipam"), (Pools, "web-ipam"),
        ];
        foreach (var (kind, name) in made)
            Assert.NotNull(await environment.GetAsync(kind, "team-a", name));
        Assert.Equal(1L, await DatabasesAsync(postgres));

        await environment.DeleteAsync(FleetKinds.ClusterDeployments.Kind, "team-a", "web");
        await environment.UntilAsync(FleetKinds.ClusterDeployments.Kind, "team-a", "web", seen => seen is null);
        foreach (var (kind, name) in made)
            await environment.UntilAsync(kind, "team-a", name, seen => seen is null);
        Assert.Equal(0L, await DatabasesAsync(postgres));
    }

    private static string Manifests(Uri repository, int port) => $$$"""
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: charts, namespace: kcm-system}
        spec: {url: "{{{repository}}}"}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: {name: shown, namespace: kcm-system}
        spec: {helm: {chartSpec: {chart: shown, version: 1.0.0, sourceRef: {kind: HelmRepository, name: charts} } } }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: identity, namespace: team-a}
        stringData: {value: "-----BEGIN OPENSSH PRIVATE KEY-----\nbm9uZQ==\n-----END OPENSSH PRIVATE KEY-----\n", username: fleet, password: any}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: remote, namespace: team-a}
        spec: {identityRef: {apiVersion: v1, kind: Secret, name: identity, namespace: team-a} }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterAuthentication
        metadata: {name: dex, namespace: team-a}
        spec: {authenticationConfiguration: {jwt: [{issuer: {url: "https://dex.example.org", audiences: [k]}, claimMappings: {username: {claim: email, prefix: ""} } }] } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterAuditPolicy
        metadata: {name: all, namespace: team-a}
        spec: {policy: {rules: [{level: Metadata}] } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: DataSource
        metadata: {name: pg, namespace: team-a}
        spec:
          type: postgresql
          endpoints: ["127.0.0.1:{{{port}}}"]
          auth: {username: {name: identity, key: username}, password: {name: identity, key: password} }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: web, namespace: team-a}
        spec:
          template: shown
          credential: remote
          clusterAuth: dex
          auditPolicy: all
          dataSource: pg
          ipamClaim: {spec: {provider: in-cluster, nodeNetwork: {cidr: 10.0.0.0/24, gateway: 10.0.0.1} } }
        """;

    private static async Task<long> DatabasesAsync(PrivatePostgres postgres)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE datname LIKE 'team\\_a\\_web\\_%' AND rolname = datname", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
