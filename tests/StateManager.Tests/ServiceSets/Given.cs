using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Helm.Charts;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.ServiceSets;

/// <summary>A service nginx-web in applications-web, and facts about it.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ReleaseName Release = new("applications-web", "nginx-web");

    public const string ClusterUid = "uid-1";

    public static ServiceSource.Found Source(string digest = "abc", string values = "{}") => new(
        new ChartArchive
        {
            Path = "/charts/simple-nginx-1.0.0.tgz",
            Digest = digest,
            Content = new ChartContent { Metadata = new ChartMetadata { ApiVersion = "v2", Name = "simple-nginx", Version = "1.0.0" } },
        },
        (JsonObject)JsonNode.Parse(values)!,
        ReleaseOptions.Default,
        "1.0.0",
        []);

    public static string Fingerprint(ServiceSource.Found source) =>
        ReleaseFingerprint.Of(source.Chart.Digest, source.Values, source.Options, Release, ClusterUid);

    public static ServiceState Last(string state, string? hash = null, string? message = null, TimeSpan? since = null) => new()
    {
        Name = Release.Name,
        Namespace = Release.Namespace,
        Template = "simple-nginx-1-0-0",
        State = state,
        LastDeployedHash = hash,
        FailureMessage = message,
        LastStateTransitionTime = Now - (since ?? TimeSpan.FromMinutes(1)),
    };

    public static ServiceFacts Service(ServiceState? last = null, ServiceSource? source = null, ReleaseRecord? record = null) => new()
    {
        Release = Release,
        Wanted = new PlacedService { Name = Release.Name, Namespace = Release.Namespace, Template = "simple-nginx-1-0-0" },
        Last = last,
        Source = source ?? Source(),
        Record = record,
    };

    /// <summary>Installed as wanted, at revision 3.</summary>
    public static ServiceFacts InPlace(string state = ServiceStates.Deployed, TimeSpan? since = null, string? message = null)
    {
        var source = Source();
        return Service(Last(state, $"{Fingerprint(source)}@3", message, since), source, new ReleaseRecord(3, ReleaseState.Deployed));
    }

    public static ServiceSetFacts Set(ServiceFacts service, TargetState target = TargetState.Reachable, bool deleting = false, bool paused = false) => new()
    {
        Object = new CustomResource<ServiceSetSpec, ServiceSetStatus>
        {
            Metadata = new ObjectMeta
            {
                Name = "prod", Namespace = "team-a", Generation = 4, DeletionTimestamp = deleting ? Now : null,
            },
            Spec = new ServiceSetSpec { Cluster = "prod" },
        },
        Target = new TargetCluster(target, target == TargetState.Reachable ? "" : "the cluster does not answer", ClusterUid),
        Services = [service],
        IsPaused = paused,
        HasFinalizer = true,
    };
}
