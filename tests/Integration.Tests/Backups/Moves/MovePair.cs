using Fleet.Backup.Moves;
using Fleet.Contracts;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.Backups.Moves;

/// <summary>Two management clusters on which nobody manages, and clusters in the first that are known by their objects alone.</summary>
internal sealed class MovePair
{
    public const string Fleet = "k0rdent.mirantis.com/v1beta1";
    public const string Capi = "cluster.x-k8s.io/v1beta2";
    public const string Finalizer = "k0rdent.mirantis.com/cluster-deployment";

    /// <summary>What a cluster consists of here: (apiVersion, kind, what follows its name).</summary>
    private static readonly (string ApiVersion, string Kind, string Name)[] Parts =
    [
        (Fleet, "ClusterDeployment", "{0}"), (Fleet, "ServiceSet", "{0}"), (Capi, "Cluster", "{0}"), ("v1", "Secret", "{0}-kubeconfig"), ("v1", "Secret", "sh.helm.release.v1.{0}.v1"), ("v1", "ConfigMap", "{0}-settings"),
    ];

    /// <summary>One for all tests; it ends with the process. Each has clusters of its own.</summary>
    private static readonly Lazy<Task<MovePair>> Shared = new(StartAsync);

    private MovePair(BackupStage source, BackupStage target) => (Source, Target) = (source, target);

    public BackupStage Source { get; }

    public BackupStage Target { get; }

    public static Task<MovePair> SharedAsync() => Shared.Value;

    private static async Task<MovePair> StartAsync()
    {
        var pair = new MovePair(await BackupStage.StartAsync(), await BackupStage.StartAsync());
        await pair.Source.ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: team}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: elsewhere}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: identity, namespace: elsewhere}, stringData: {token: canary}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: login, namespace: team}
            spec: {identityRef: {apiVersion: v1, kind: Secret, name: identity, namespace: elsewhere}}
            """);
        return pair;
    }

    public async Task AddAsync(string name)
    {
        await Source.ApplyAsync($$"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: {{name}}, namespace: team, finalizers: [{{Finalizer}}]}
            spec: {template: t, credential: login}
            ---
            apiVersion: cluster.x-k8s.io/v1beta2
            kind: Cluster
            metadata: {name: {{name}}, namespace: team, annotations: {meta.helm.sh/release-name: {{name}}}, finalizers: [cluster.cluster.x-k8s.io] }
            spec: {controlPlaneEndpoint: {host: 10.0.0.1, port: 6443} }
            ---
            apiVersion: v1
            kind: Secret
            type: helm.sh/release.v1
            metadata: {name: sh.helm.release.v1.{{name}}.v1, namespace: team, labels: {owner: helm, name: {{name}}, status: deployed, version: "1"} }
            stringData: {release: record}
            """);
        var (deployment, capi) = (await Source.GetAsync(Fleet, "ClusterDeployment", name), await Source.GetAsync(Capi, "Cluster", name));
        await Source.ApplyAsync($$"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ServiceSet
            metadata:
              name: {{name}}
              namespace: team
              finalizers: [k0rdent.mirantis.com/service-set]
              ownerReferences: [{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, name: {{name}}, uid: {{deployment.Metadata.Uid}}, controller: true}]
            spec: {cluster: {{name}}, provider: {name: ksm-projectsveltos} }
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: {{name}}-kubeconfig, namespace: team, labels: {cluster.x-k8s.io/cluster-name: {{name}} } }
            stringData: {value: kubeconfig}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{name}}-settings, namespace: team, ownerReferences: [{apiVersion: cluster.x-k8s.io/v1beta2, kind: Cluster, name: {{name}}, uid: {{capi.Metadata.Uid}}}] }
            data: {a: b}
            """);
    }

    public Task<MoveReport> MoveAsync(string name, IKubernetesClient? source = null, IKubernetesClient? target = null, Func<MoveOptions, MoveOptions>? configure = null)
    {
        var options = new MoveOptions
        {
            Source = source ?? Source.Client, Target = target ?? Target.Client, Cluster = new("team", name), ManagersAreStopped = true, Rest = TimeSpan.FromMilliseconds(20),
        };
        return new ClusterMove(configure?.Invoke(options) ?? options, TimeProvider.System).RunAsync(CancellationToken.None);
    }

    /// <summary>All of it is at the target, free to be managed, and the source has nothing of it.</summary>
    public async Task AssertMovedAsync(string name, string when)
    {
        foreach (var (apiVersion, kind, pattern) in Parts)
        {
            var part = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, name);
            Assert.True(await Source.FindAsync(apiVersion, kind, part) is null, $"{when}: {kind} {part} is still at the source");
            var there = await Target.FindAsync(apiVersion, kind, part);
            Assert.True(there is not null, $"{when}: {kind} {part} is not at the target");
            var annotations = there.Metadata.Annotations ?? new Dictionary<string, string>();
            string[] left = ["k0rdent.mirantis.com/restoring-from", "k0rdent.mirantis.com/moved", "k0rdent.mirantis.com/paused-for-move", FleetAnnotations.Paused, FleetLabels.ServiceSetPaused];
            Assert.True(!left.Any(annotations.ContainsKey) && there.At("spec", "paused") is null, $"{when}: {kind} {part} is not let go at the target: {string.Join(", ", annotations.Keys)}");
        }
    }

    /// <summary>Whether there is one on each side that its controller would act on.</summary>
    public async Task<bool> IsManagedTwiceAsync(string name) => await IsManagedAsync(Source, name) && await IsManagedAsync(Target, name);

    private static async Task<bool> IsManagedAsync(BackupStage stage, string name) =>
        await stage.FindAsync(Fleet, "ClusterDeployment", name) is { } deployment && deployment.Metadata.Annotations?.ContainsKey(FleetAnnotations.Paused) != true
        || (await stage.FindAsync(Capi, "Cluster", name) is { } cluster && cluster.At("spec", "paused") is null);
}
