using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>A kind that a real core (or provider) drives: its objects are noted, so that ours that depend on them look again, and left alone.</summary>
internal sealed class ObservedReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override bool IsOurs => false;

    protected override ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        // Upstream's core ties a Machine to its parts by owner references, which say the same from the other side.
        if (Kind.Kind is "Machine" or "MachinePool")
        {
            var spec = Kind.Kind == "Machine" ? obj["spec"] as JsonObject : obj["spec"]?["template"]?["spec"] as JsonObject;
            foreach (var part in new[] { spec?["infrastructureRef"], spec?["bootstrap"]?["configRef"] })
            {
                if (ContractReference.Read(part as JsonObject, Namespace(obj)) is { } reference && scope.KindOf(reference) is { } partKind)
                    scope.Tie(new(Kind.Kind, new(Namespace(obj), (string)obj["metadata"]!["name"]!)), partKind, reference.Key);
            }
        }
        return ValueTask.FromResult<TimeSpan?>(null);
    }

    private static string Namespace(JsonObject obj) => (string?)obj["metadata"]?["namespace"] ?? "";
}
