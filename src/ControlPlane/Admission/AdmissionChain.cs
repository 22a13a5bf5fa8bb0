using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Admission;

/// <summary>Asks every admission that handles the write, in the order of registration; the first refusal ends it.</summary>
internal static class AdmissionChain
{
    public static async ValueTask RunAsync(
        Cluster cluster, KindInfo kind, AdmissionOperation operation, ObjectKey key, JsonObject? body, JsonObject? old, WriteContext context,
        CancellationToken ct)
    {
        AdmissionRequest? request = null;
        foreach (var admission in cluster.Settings.Admission)
        {
            if (!admission.Handles(kind.Resource, operation, context.Subresource)) continue;
            request ??= Request();
            var decision = await admission.AdmitAsync(request, ct);
            context.Warnings.AddRange(decision.Warnings);
            if (decision.Allowed) continue;
            throw decision.Causes.Count > 0
                ? ApiErrors.Invalid(kind, key.Name, decision.Causes)
                : ApiErrors.Forbidden(kind, key.Name, decision.Message ?? "denied by admission");
        }
        context.Guard?.Invoke(request ?? Request());

        AdmissionRequest Request() => new(cluster.Name, kind.Resource, operation, context.Subresource, key, body, old, context.User, context.DryRun);
    }
}
