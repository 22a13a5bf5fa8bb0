using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Connections;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Helm.Charts;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Tests.Clusters;

/// <summary>A cluster where all is well, to be spoilt by each test.</summary>
internal static class ClusterExamples
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static ClusterManagerOptions Options { get; } = new() { Management = new ClusterAccess("kind: Config") };

    public static ClusterDeployment Cluster(Action<ClusterDeployment>? change = null)
    {
        var cluster = new ClusterDeployment
        {
            Metadata = new() { Name = "web", Namespace = "org", Uid = "1", Generation = 3, Finalizers = [FleetFinalizers.ClusterDeployment] },
            Spec = new() { Template = "aws-1", Credential = "aws" },
        };
        change?.Invoke(cluster);
        return cluster;
    }

    public static ChartArchive Chart { get; } = new()
    {
        Path = "/charts/aws.tgz",
        Digest = "abc",
        Content = new()
        {
            Metadata = new() { ApiVersion = "v2", Name = "aws-standalone-cp", Version = "0.1.0" },
            Values = new JsonObject { ["workersNumber"] = 2, ["region"] = "" },
        },
    };

    public static ClusterFacts Facts(ClusterDeployment? cluster = null) => new()
    {
        Object = cluster ?? Cluster(),
        Template = new()
        {
            Metadata = new() { Name = "aws-1", Namespace = "kcm-system" },
            Status = new() { Valid = true, ObservedGeneration = 1, ChartVersion = "0.1.0", Providers = ["infrastructure-aws", "bootstrap-kubeadm"] },
        },
        Chart = Chart,
        Credential = new()
        {
            Metadata = new() { Name = "aws", Namespace = "org" },
            Spec = new() { IdentityRef = new() { ApiVersion = "infrastructure.cluster.x-k8s.io/v1beta2", Kind = "AWSClusterStaticIdentity", Name = "id" } },
            Status = new() { Ready = true },
        },
        Capi = ReadyCapi,
        Kubeconfig = new(new("org", "web-kubeconfig"), "kind: Config"),
    };

    /// <summary>With the release that the plan wants.</summary>
    public static ClusterFacts Installed(ClusterFacts facts) =>
        facts with { Release = new(1, "deployed", ClusterPlanner.Plan(facts, Options, Noon).Fingerprint) };

    public static ClusterResults AllWell { get; } = new() { Contact = Answering() };

    public static ClusterContact Answering(params NodeRow[] nodes) =>
        new() { Last = new("v1.33.1", null), Version = "v1.33.1", Answered = Noon, Nodes = nodes.Length > 0 ? nodes : [Node("n1")] };

    /// <summary>Has answered at noon, and not since.</summary>
    public static ClusterContact Lost(string problem, int failures = 2, TimeSpan? since = null) =>
        Answering() with { Last = new(null, problem), Failures = failures, SinceAnswer = since ?? TimeSpan.FromSeconds(40) };

    public static NodeRow Node(string name, string? problem = null, DateTimeOffset? created = null) => new(name, problem, created ?? Noon.AddDays(-1));

    public static CapiCluster ReadyCapi { get; } = new()
    {
        Key = new("org", "web"),
        Conditions =
        [
            new("InfrastructureReady", ConditionStatus.True, "", ""),
            new("ControlPlaneInitialized", ConditionStatus.True, "", ""),
            new("ControlPlaneAvailable", ConditionStatus.True, "", ""),
            new("WorkersAvailable", ConditionStatus.True, "", ""),
        ],
    };

    public static ServiceSet Set(string name, params (string Service, string State)[] services) => new()
    {
        Metadata = new() { Name = name, Namespace = "org", Generation = 1 },
        Spec = new()
        {
            Cluster = "web",
            Services = [.. services.Select(service => new PlacedService { Name = service.Service, Namespace = "apps", Template = "t" })],
        },
        Status = new()
        {
            ObservedGeneration = 1,
            Services = [.. services.Select(service => new ServiceState { Name = service.Service, Namespace = "apps", Template = "t", State = service.State })],
        },
    };

    public static Service Service(string name) => new() { Name = name, Namespace = "apps", Template = "t" };
}
