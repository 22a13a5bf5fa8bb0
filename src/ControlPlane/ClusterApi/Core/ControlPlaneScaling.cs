using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Compares a control plane's Machines with what it asks for, and takes the step that the planner chose.</summary>
internal static class ControlPlaneScaling
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>The Machines with what each differs in; their UpToDate conditions are set to that, as upstream's control planes do.</summary>
    public static async ValueTask<List<ControlPlaneMachine>> CompareAsync(
        ManagementScope scope, JsonObject controlPlane, ContractReference template, List<JsonObject> machines, CancellationToken ct)
    {
        var compared = machines.Select(m => Compare(controlPlane, template, m,
            scope.Get(ContractReference.Read(m.Child("spec", "infrastructureRef"), m.NamespaceOf())),
            scope.Get(ContractReference.Read(m.Child("spec", "bootstrap", "configRef"), m.NamespaceOf())), scope.Now)).ToList();
        foreach (var machine in compared.Where(m => !m.Machine.IsDeleting()))
            await MachineFacts.NoteUpToDateAsync(scope, machine.Machine, machine.Outdated, ct);
        return compared;
    }

    public static async ValueTask<TimeSpan?> StepAsync(ManagementScope scope, JsonObject controlPlane, JsonObject cluster, ContractReference template,
        List<ControlPlaneMachine> machines, ControlPlaneStep step, CancellationToken ct)
    {
        switch (step.Action)
        {
            case ControlPlaneAction.Create:
                return await MachineFactory.CreateAsync(scope, Request(scope, controlPlane, cluster, template, step.FailureDomain), ct) ? null : LookAgain;
            case ControlPlaneAction.Delete:
                await scope.DeleteAsync(scope.Core("Machine"), step.Machine, ct);
                return null;
            case ControlPlaneAction.ChangeVersion:
                var version = controlPlane.Text("spec", "version")!;
                await scope.ChangeAsync(scope.Core("Machine"), step.Machine, m => m.Ensure("spec").Put("version", version), ct);
                if (machines.Find(m => m.Key == step.Machine)?.Machine.Text("status", "nodeRef", "name") is { } node)
                    await scope.Clusters.ChangeNodeVersionAsync(scope.Names.Of(cluster.KeyOf()), node, Providers.MachineContext.Version(version), ct);
                return null;
            default:
                return NextRollout(controlPlane, scope.Now);
        }
    }

    /// <summary>Failure domains that the Cluster offers for control planes, in either contract's form.</summary>
    public static IReadOnlyList<string> FailureDomains(JsonObject cluster) => cluster.At("status", "failureDomains") switch
    {
        JsonArray list => [.. list.OfType<JsonObject>().Where(d => d.Flag("controlPlane")).Select(d => d.Text("name")).OfType<string>()],
        JsonObject map => [.. map.Where(d => (d.Value as JsonObject)?.Flag("controlPlane") == true).Select(d => d.Key)],
        _ => [],
    };

    /// <summary>Pure: what a Machine differs in from its control plane's spec, in words for its UpToDate condition.</summary>
    internal static ControlPlaneMachine Compare(
        JsonObject controlPlane, ContractReference template, JsonObject machine, JsonObject? infrastructure, JsonObject? config, DateTimeOffset now)
    {
        var differences = new List<string>();
        var otherVersion = controlPlane.Text("spec", "version") is { } version && machine.Text("spec", "version") != version;
        if (otherVersion)
            differences.Add($"* Version {machine.Text("spec", "version")}, {controlPlane.Text("spec", "version")} required");
        var onlyVersion = otherVersion;
        if (infrastructure?.Annotation(CapiNames.ClonedFromNameAnnotation) is { } source && source != template.Key.Name)
        {
            differences.Add($"* {template.Kind} {source}, {template.Key.Name} required");
            onlyVersion = false;
        }
        if (config is not null && BootstrapOf(controlPlane) is { } bootstrap && !JsonNode.DeepEquals(config["spec"] ?? new JsonObject(), bootstrap.Spec))
        {
            differences.Add($"* {bootstrap.Kind} is not up-to-date");
            onlyVersion = false;
        }
        if (RolloutAfter(controlPlane) is { } after && after <= now && machine.CreatedAt() < after)
        {
            differences.Add("* spec.rollout.after expired");
            onlyVersion = false;
        }
        return new(machine, differences.Count == 0 ? null : string.Join('\n', differences), onlyVersion);
    }

    /// <summary>The bootstrap config that a kind makes for each of its Machines; null for kinds that have none.</summary>
    internal static (string Kind, JsonObject Spec)? BootstrapOf(JsonObject controlPlane) => controlPlane.Text("kind") switch
    {
        "KubeadmControlPlane" => ("KubeadmConfig", Copy(controlPlane, "kubeadmConfigSpec")),
        "K0sControlPlane" => ("K0sControllerConfig", Copy(controlPlane, "k0sConfigSpec")),
        _ => null,
    };

    private static JsonObject Copy(JsonObject controlPlane, string field) => controlPlane.Child("spec", field)?.DeepClone().AsObject() ?? [];

    private static DateTimeOffset? RolloutAfter(JsonObject owner) => owner.Time("spec", "rollout", "after") ?? owner.Time("spec", "rolloutAfter");

    private static TimeSpan? NextRollout(JsonObject controlPlane, DateTimeOffset now) =>
        RolloutAfter(controlPlane) is { } after && after > now ? after - now : null;

    private static MachineRequest Request(ManagementScope scope, JsonObject controlPlane, JsonObject cluster, ContractReference template, string? failureDomain)
    {
        var labels = controlPlane.Strings("spec", "machineTemplate", "metadata", "labels");
        labels[CapiNames.ClusterLabel] = cluster.NameOf();
        labels[CapiNames.ControlPlaneLabel] = "";
        labels[CapiNames.ControlPlaneNameLabel] = controlPlane.NameOf();
        var name = $"{controlPlane.NameOf()}-{StableHash.Suffix($"{controlPlane.Uid()}/{scope.Api.Revision}/{scope.Now.Ticks}", 5)}";
        var bootstrap = BootstrapOf(controlPlane) is { } made && scope.Kinds.Find(Definitions.KindRoles.BootstrapGroup, made.Kind) is not null ? made : default;
        return new(name, controlPlane, cluster, labels)
        {
            InfrastructureTemplate = template,
            BootstrapConfig = bootstrap.Kind is null ? null : bootstrap,
            // Kinds without a config of their own name a Secret that nothing here reads.
            DataSecretName = $"{name}-bootstrap",
            Version = controlPlane.Text("spec", "version"),
            FailureDomain = failureDomain,
            Annotations = Annotations(controlPlane),
            Deletion = InPlaceFields.Deletion(controlPlane.Child("spec", "machineTemplate", "spec") ?? controlPlane.Child("spec", "machineTemplate") ?? []),
        };
    }

    private static Dictionary<string, string> Annotations(JsonObject controlPlane)
    {
        var annotations = new Dictionary<string, string>(controlPlane.Strings("spec", "machineTemplate", "metadata", "annotations"), StringComparer.Ordinal);
        if (TakesAnyPod(controlPlane)) annotations[SimulationAnnotations.NoTaints] = "true";
        return annotations;
    }

    /// <summary>A control plane that is told to do the workers' work: kubeadm's empty list of taints, k0s' --no-taints.</summary>
    internal static bool TakesAnyPod(JsonObject controlPlane) =>
        controlPlane.At("spec", "kubeadmConfigSpec", "initConfiguration", "nodeRegistration", "taints") is JsonArray { Count: 0 }
        || controlPlane.Texts("spec", "k0sConfigSpec", "args").Contains("--no-taints");
}
