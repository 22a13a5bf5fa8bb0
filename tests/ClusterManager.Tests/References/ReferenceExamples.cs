using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Tests.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.Time;

namespace Fleet.ClusterManager.Tests.References;

/// <summary>A cluster with references, all of which are there.</summary>
internal static class ReferenceExamples
{
    public const string Certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

    public static OwnerReference Owner(string uid) => new() { ApiVersion = "k0rdent.mirantis.com/v1beta1", Kind = "ClusterDeployment", Name = "web", Uid = uid };

    public static ClusterFacts With(ReferenceFacts references, Action<ClusterDeployment>? change = null) => ClusterExamples.Facts(ClusterExamples.Cluster(change)) with { References = references };

    public static ReferenceFacts Authentication(string? configuration = """{"jwt":[{"issuer":{"url":"https://dex","audiences":["k"]}}]}""", string? authority = null) => new()
    {
        Authentication = new(new("org", "dex"))
        {
            Spec = configuration is null ? null : new() { ["authenticationConfiguration"] = JsonNode.Parse(configuration) },
            Authority = authority,
        },
    };

    public static ReferenceFacts AuditPolicy(string? policy = """{"rules":[{"level":"Metadata"}]}""") => new()
    {
        AuditPolicy = new(new("org", "all")) { Spec = policy is null ? null : new() { ["policy"] = JsonNode.Parse(policy) } },
    };

    public static ReferenceFacts Database(Action<ClusterDataSource>? change = null, bool withAuthority = false)
    {
        var database = new ClusterDataSource
        {
            Metadata = new() { Name = "web", Namespace = "org", Uid = "d", OwnerReferences = [Owner("1")] },
            Spec = new() { Schema = "org_web_x", DataSource = "pg" },
            Status = new() { Ready = true, KineDataSourceSecret = "made-kine", CaSecret = "made-ca" },
        };
        change?.Invoke(database);
        return new()
        {
            DataSource = new(new("org", "pg"))
            {
                Source = new() { Spec = new() { CertificateAuthority = withAuthority ? new() { Name = "ca", Key = "root.pem" } : null } },
                Database = database,
            },
        };
    }

    public static ReferenceFacts Claim(Action<ClusterIpamClaim>? change = null)
    {
        var claim = new ClusterIpamClaim
        {
            Metadata = new() { Name = "nodes", Namespace = "org", Uid = "c" },
            Spec = new() { Provider = "in-cluster", Cluster = "web" },
            Status = new() { Bound = true },
        };
        change?.Invoke(claim);
        return new()
        {
            Ipam = new(claim.Metadata.Key)
            {
                Claim = claim,
                Ipam = new() { Status = new() { Phase = "Bound", ProviderData = [Fleet.ClusterManager.Ipam.IpamPools.Data(new("ipam.cluster.x-k8s.io", "v1alpha2", "InClusterIPPool"), "nodes", true)] } },
            },
        };
    }

    public static ClusterPlan Plan(ClusterFacts facts) => ClusterPlanner.Plan(facts, ClusterExamples.Options, ClusterExamples.Noon);

    public static string? Value(ClusterFacts facts, string key) => Plan(facts).Values[key]?.ToJsonString();

    public static Condition? Condition(ClusterFacts facts, ConditionType type, ClusterResults? results = null) =>
        ClusterConditionsFrom.All(facts, Plan(facts), results ?? ClusterExamples.AllWell, null, ClusterExamples.Noon, new(new ManualTimeProvider(ClusterExamples.Noon), new()))
            .FirstOrDefault(condition => condition.Type == type);
}
