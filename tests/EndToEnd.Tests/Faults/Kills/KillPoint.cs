using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>
/// When the manager is killed: within its start, or, counted from when it reconciles, after a time, after so many writes, or after something that was seen to happen.
/// </summary>
internal sealed record KillPoint(string Name, TimeSpan Delay, int Writes, Func<ClusterChange, bool>? Event, bool IsInStart = false)
{
    private static readonly (string Name, Func<ClusterChange, bool> Is)[] Events =
    [
        ("a release record is made", change => IsRecord(change) && change.Type == WatchEventType.Added),
        ("a release record is changed", change => IsRecord(change) && change.Type == WatchEventType.Modified),
        ("a release record goes", change => IsRecord(change) && change.Type == WatchEventType.Deleted),
        ("an AWSCluster is made", change => change is { Type: WatchEventType.Added, Kind.Kind: "AWSCluster" }),
        ("a control plane is changed", change => change is { Type: WatchEventType.Modified, Kind.Kind: "KubeadmControlPlane" }),
        ("a worker pool is changed", change => change is { Type: WatchEventType.Modified, Kind.Kind: "MachineDeployment" }),
        ("a machine template is made", change => change is { Type: WatchEventType.Added, Kind.Kind: "AWSMachineTemplate" }),
        ("a machine template goes", change => change is { Type: WatchEventType.Deleted, Kind.Kind: "AWSMachineTemplate" }),
        ("a status is written", change => change is { Type: WatchEventType.Modified, Kind.Kind: "ClusterDeployment" }),
        ("a Cluster goes", change => change is { Type: WatchEventType.Deleted, Kind.Kind: "Cluster" }),
        ("a kubeconfig is made", change => change is { Type: WatchEventType.Added, Kind.Kind: "Secret" } && change.Key.Name.EndsWith("-kubeconfig", StringComparison.Ordinal)),
    ];

    public static KillPoint Random(Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                var early = TimeSpan.FromMilliseconds(random.Next(50, 1500));
                return new($"{early.TotalMilliseconds:0} ms into its start", early, 0, null, IsInStart: true);
            case 1 or 2 or 3:
                var delay = TimeSpan.FromMilliseconds(random.Next(10, 2000));
                return new($"after {delay.TotalMilliseconds:0} ms", delay, 0, null);
            case 4 or 5 or 6:
                var writes = random.Next(1, 100);
                return new($"after {writes} writes", TimeSpan.Zero, writes, null);
            default:
                var (name, happens) = Events[random.Next(Events.Length)];
                var extra = random.Next(0, 60);
                return new($"{extra} ms after {name}", TimeSpan.FromMilliseconds(extra), 0, happens);
        }
    }

    private static bool IsRecord(ClusterChange change) => change.Kind.Kind == "Secret" && change.Key.Name.StartsWith("sh.helm.release.v1.", StringComparison.Ordinal);
}
