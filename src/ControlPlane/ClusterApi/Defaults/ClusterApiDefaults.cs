using System.Text.Json.Nodes;
using Fleet.ControlPlane.Admission;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Defaults;

/// <summary>
/// What the defaulting webhooks of Cluster API's core write into its objects (v1beta2). The embedded API server calls no webhooks, and a real core relies on
/// the defaults: without a strategy it refuses to roll a MachineDeployment out.
/// </summary>
public sealed class ClusterApiDefaults : IAdmission
{
    public bool Handles(ResourceKind kind, AdmissionOperation operation, string? subresource) =>
        operation != AdmissionOperation.Delete && subresource is null && kind.Group == KindRoles.CoreGroup && kind.Version == "v1beta2"
        && kind.Kind is "MachineDeployment" or "MachineSet" or "MachinePool" or "Machine" or "MachineHealthCheck";

    public ValueTask<AdmissionDecision> AdmitAsync(AdmissionRequest request, CancellationToken ct)
    {
        // Metadata alone may be changed on what is going.
        if (request.Object is { } obj && !obj.IsDeleting())
            Apply(request.Kind.Kind, obj, request.Old);
        return ValueTask.FromResult(AdmissionDecision.Allow);
    }

    /// <summary>Pure but for the object, which is completed in place.</summary>
    internal static void Apply(string kind, JsonObject obj, JsonObject? old)
    {
        var spec = obj.Ensure("spec");
        var cluster = spec.Text("clusterName") ?? "";
        obj.Ensure("metadata", "labels").Put(CapiNames.ClusterLabel, cluster);
        switch (kind)
        {
            case "MachineDeployment":
                Replicas(spec, old);
                Strategy(spec);
                Selector(obj, spec, cluster, CapiNames.DeploymentLabel);
                Version(spec.Ensure("template", "spec"));
                break;
            case "MachineSet":
                Replicas(spec, old);
                Selector(obj, spec, cluster, CapiNames.SetLabel);
                Version(spec.Ensure("template", "spec"));
                break;
            case "MachinePool":
                Replicas(spec, old);
                Version(spec.Ensure("template", "spec"));
                break;
            case "Machine":
                Version(spec);
                break;
            default:
                spec.Ensure("selector", "matchLabels").Put(CapiNames.ClusterLabel, cluster);
                break;
        }
    }

    private static void Replicas(JsonObject spec, JsonObject? old) => spec["replicas"] ??= old?.Number("spec", "replicas") ?? 1;

    private static void Strategy(JsonObject spec)
    {
        var strategy = spec.Ensure("rollout", "strategy");
        strategy["type"] ??= "RollingUpdate";
        if (strategy.Text("type") != "RollingUpdate")
            return;
        var rolling = strategy.Ensure("rollingUpdate");
        rolling["maxSurge"] ??= 1;
        rolling["maxUnavailable"] ??= 0;
    }

    /// <summary>Without a selector the object's own name is one; the cluster's is always part of it.</summary>
    private static void Selector(JsonObject obj, JsonObject spec, string cluster, string nameLabel)
    {
        var selector = spec.Ensure("selector");
        var labels = spec.Ensure("template", "metadata", "labels");
        if (selector.Child("matchLabels") is not { Count: > 0 } && !selector.Items("matchExpressions").Any())
        {
            selector.Ensure("matchLabels").Put(nameLabel, obj.NameOf());
            labels.Put(nameLabel, obj.NameOf());
        }
        selector.Ensure("matchLabels").Put(CapiNames.ClusterLabel, cluster);
        labels.Put(CapiNames.ClusterLabel, cluster);
    }

    private static void Version(JsonObject machineSpec)
    {
        if (machineSpec.Text("version") is { Length: > 0 } version && !version.StartsWith('v'))
            machineSpec["version"] = $"v{version}";
    }
}
