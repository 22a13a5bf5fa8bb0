using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Bench.ControlPlane;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Bench.Backup;

/// <summary>A management API with the objects of many clusters, on which nothing acts, and a database beside it.</summary>
internal static class SavedFleet
{
    public const string Namespace = "bench";

    /// <summary>What kubectl reads and makes for the comparison: the kinds that are made here.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "secrets", "configmaps", "clusters.cluster.x-k8s.io", "machinedeployments.cluster.x-k8s.io", "machines.cluster.x-k8s.io", "awsclusters.infrastructure.cluster.x-k8s.io",
        "awsmachines.infrastructure.cluster.x-k8s.io", "clusterdeployments.k0rdent.mirantis.com", "servicesets.k0rdent.mirantis.com",
    ];

    public static IKubernetesClient Connect(EmbeddedProcess server) => KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }), new KubernetesClientOptions { UserAgent = "bench" });

    /// <summary>Fleet's kinds and Cluster API's, as an installation without any cluster has them.</summary>
    public static async Task DefineAsync(IKubernetesClient client, CancellationToken ct)
    {
        foreach (var definition in CustomResourceDefinition.OfAllKinds().Concat(KindDefinitions.CustomResourceDefinitions))
            await client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition.DeepClone().AsObject()), ct);
        while (await client.FindKindAsync(new("cluster.x-k8s.io", "v1beta2", "Machine"), ct) is null || await client.FindKindAsync(new("k0rdent.mirantis.com", "v1beta1", "ServiceSet"), ct) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
    }

    public static async Task FillAsync(IKubernetesClient client, int clusters, CancellationToken ct)
    {
        await client.Dynamic(CoreKinds.Namespaces).CreateAsync(new(Parse($$$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{{Namespace}}}}"}}""")), ct);
        await Parallel.ForEachAsync(Enumerable.Range(0, clusters), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct }, async (i, stop) =>
        {
            var owner = "";
            foreach (var text in Objects($"c{i}"))
            {
                var item = Parse(text);
                if (owner.Length > 0 && (string)item["kind"]! is not ("ConfigMap" or "Cluster"))
                    item["metadata"]!["ownerReferences"] = new JsonArray(Parse($$$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","name":"c{{{{i}}}}","uid":"{{{{owner}}}}"}"""));
                var kind = (await client.FindKindAsync(GroupVersionKind.Parse((string)item["apiVersion"]!, (string)item["kind"]!), stop))!;
                var made = await client.Dynamic(kind).CreateAsync(new(item), stop);
                if (owner.Length == 0)
                    owner = made.Metadata.Uid!;
            }
        });
    }

    /// <summary>Rows as of a history: words that repeat, and hashes that do not compress.</summary>
    public static async Task FillAsync(PrivatePostgres postgres, string connection, int megabytes)
    {
        var database = connection.Split("Database=", 2)[1];
        // About 1 KiB a row, in the table and in a dump of it.
        var rows = (long)megabytes * 1024;
        var sql = string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TABLE history AS SELECT i AS id, timestamptz '2026-01-01' + i * interval '1 second' AS at, 'bench/c' || (i % 1000) AS cluster,
              repeat('ClusterDeployment reconciled, nothing to change. ', 14) AS message,
              md5(i::text) || md5((i + 1)::text) || md5((i + 2)::text) || md5((i + 3)::text) || md5((i + 4)::text) || md5((i + 5)::text) || md5((i + 6)::text) || md5((i + 7)::text) AS digest
            FROM generate_series(1, {rows}) AS i
            """);
        (await ProcessOutput.RunAsync(Path.Combine(Fleet.Testing.RealParts.PostgresBin, "psql"), ["-h", "127.0.0.1", "-p", $"{postgres.Port}", "-U", "fleet", "-d", database, "-qc", sql], timeout: TimeSpan.FromMinutes(20))).MustSucceed();
    }

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static IEnumerable<string> Objects(string name)
    {
        var home = $$""" "namespace":"{{Namespace}}","labels":{"cluster.x-k8s.io/cluster-name":"{{name}}"}""";
        yield return $$$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{{name}}}}",{{{{home}}}}},"spec":{"template":"aws-standalone-cp-0-1-0","credential":"aws","config":{"region":"eu-west-3","controlPlaneNumber":1,"workersNumber":1,"worker":{"instanceType":"m5.large"} }}}""";
        yield return $$$$"""{"apiVersion":"cluster.x-k8s.io/v1beta2","kind":"Cluster","metadata":{"name":"{{{{name}}}}",{{{{home}}}}},"spec":{"paused":true,"controlPlaneEndpoint":{"host":"10.0.0.1","port":6443},"infrastructureRef":{"apiGroup":"infrastructure.cluster.x-k8s.io","kind":"AWSCluster","name":"{{{{name}}}}"}}}""";
        yield return $$$$"""{"apiVersion":"infrastructure.cluster.x-k8s.io/v1beta2","kind":"AWSCluster","metadata":{"name":"{{{{name}}}}",{{{{home}}}}},"spec":{"region":"eu-west-3"}}""";
        yield return $$$$"""{"apiVersion":"cluster.x-k8s.io/v1beta2","kind":"Machine","metadata":{"name":"{{{{name}}}}-cp",{{{{home}}}}},"spec":{"clusterName":"{{{{name}}}}","version":"v1.33.1","bootstrap":{"dataSecretName":"{{{{name}}}}-cp"},"infrastructureRef":{"apiGroup":"infrastructure.cluster.x-k8s.io","kind":"AWSMachine","name":"{{{{name}}}}-cp"}}}""";
        yield return $$$$"""{"apiVersion":"infrastructure.cluster.x-k8s.io/v1beta2","kind":"AWSMachine","metadata":{"name":"{{{{name}}}}-cp",{{{{home}}}}},"spec":{"instanceType":"m5.large"}}""";
        yield return $$$$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"{{{{name}}}}-kubeconfig",{{{{home}}}}},"data":{"value":"{{{{Noise(name, 4500)}}}}"}}""";
        yield return $$$$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"{{{{name}}}}-ca",{{{{home}}}}},"data":{"tls.crt":"{{{{Noise(name + "c", 1600)}}}}","tls.key":"{{{{Noise(name + "k", 1600)}}}}"}}""";
        yield return $$$$"""{"apiVersion":"v1","kind":"Secret","type":"helm.sh/release.v1","metadata":{"name":"sh.helm.release.v1.{{{{name}}}}.v1","namespace":"{{{{Namespace}}}}","labels":{"owner":"helm","name":"{{{{name}}}}","status":"deployed","version":"1"}},"data":{"release":"{{{{Noise(name + "r", 12000)}}}}"}}""";
        yield return $$$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{{name}}}}-values",{{{{home}}}}},"data":{"values.yaml":"{{{{string.Concat(Enumerable.Repeat("replicaCount: 3 ", 60))}}}}"}}""";
        yield return $$$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceSet","metadata":{"name":"{{{{name}}}}",{{{{home}}}}},"spec":{"cluster":"{{{{name}}}}","provider":{"name":"ksm-projectsveltos"},"services":[{"name":"web","namespace":"apps","template":"web-1-0-0"}]}}""";
    }

    /// <summary>Base64, that does not compress much more; the same for each name.</summary>
    private static string Noise(string seed, int length)
    {
        var bytes = new byte[length * 3 / 4];
        new Random(seed.Aggregate(17, (hash, c) => (hash * 31) + c)).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
