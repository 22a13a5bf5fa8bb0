using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>What a new Machine is made of.</summary>
internal sealed record MachineRequest(string Name, JsonObject Owner, JsonObject Cluster, IReadOnlyDictionary<string, string> Labels)
{
    public required ContractReference InfrastructureTemplate { get; init; }

    /// <summary>Null: bootstrap data comes as a named Secret, or from a config that the control plane makes itself.</summary>
    public ContractReference? BootstrapTemplate { get; init; }

    /// <summary>A config to be made without a template, as control planes do.</summary>
    public (string Kind, JsonObject Spec)? BootstrapConfig { get; init; }

    /// <summary>Used when there is neither a template nor a config.</summary>
    public string? DataSecretName { get; init; }

    public string? Version { get; init; }

    public string? FailureDomain { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Time-outs and other fields of the Machine's spec that may change in place.</summary>
    public JsonObject Deletion { get; init; } = [];
}

/// <summary>Makes Machines with the infrastructure and bootstrap objects that belong to them, all of the same name, as upstream does.</summary>
internal static class MachineFactory
{
    /// <summary>False: a template is missing; nothing is left half-made that a second call would not complete.</summary>
    public static async ValueTask<bool> CreateAsync(ManagementScope scope, MachineRequest request, CancellationToken ct)
    {
        var name = new ObjectKey(request.Cluster.NamespaceOf(), request.Name);
        if (scope.Get(request.InfrastructureTemplate) is null || (request.BootstrapTemplate is { } needed && scope.Get(needed) is null))
            return false;
        var bootstrap = new JsonObject();
        if (request.BootstrapTemplate is { } template)
        {
            var config = await Templates.CloneAsync(scope, template, name, request.Owner, request.Labels, ct);
            bootstrap["configRef"] = config!.Value.ToJson(scope);
        }
        else if (request.BootstrapConfig is { } made)
        {
            bootstrap["configRef"] = (await Templates.MakeConfigAsync(scope, made.Kind, made.Spec, name, request.Owner, request.Labels, ct)).ToJson(scope);
        }
        else if (request.DataSecretName is { } secret)
        {
            bootstrap["dataSecretName"] = secret;
        }
        var infrastructure = await Templates.CloneAsync(scope, request.InfrastructureTemplate, name, request.Owner, request.Labels, ct);
        var machine = new JsonObject
        {
            ["apiVersion"] = scope.Core("Machine").ApiVersion,
            ["kind"] = "Machine",
            ["metadata"] = new JsonObject
            {
                ["name"] = name.Name,
                ["namespace"] = name.Namespace,
                ["labels"] = request.Labels.ToJson(),
                ["annotations"] = request.Annotations.ToJson(),
                ["finalizers"] = new JsonArray(CapiNames.MachineFinalizer),
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(request.Owner)),
            },
            ["spec"] = new JsonObject
            {
                ["clusterName"] = request.Cluster.NameOf(),
                ["bootstrap"] = bootstrap,
                ["infrastructureRef"] = infrastructure!.Value.ToJson(scope),
            },
        };
        if (request.Version is { } version)
            machine["spec"]!["version"] = version;
        if (request.FailureDomain is { } domain)
            machine["spec"]!["failureDomain"] = domain;
        foreach (var (field, value) in request.Deletion)
            machine["spec"]![field] = value?.DeepClone();
        scope.Members.Add(request.Cluster.KeyOf(), scope.Core("Machine"), name);
        scope.RememberOwner(new("Machine", name), new(request.Owner.Text("kind")!, request.Owner.KeyOf()));
        await scope.EnsureAsync(scope.Core("Machine"), machine, ct);
        return true;
    }
}
