using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.StateProviders;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Managements;

/// <summary>
/// The StateManagementProvider that services belong to which name none, under upstream's name for it. It is made when it is missing and never changed or
/// removed: from then on it is the user's.
/// </summary>
internal sealed class DefaultStateProvider(IKubernetesClient client)
{
    /// <summary>Fleet reads ServiceSets and does the work itself, in whichever form it runs. That its kind is served is what can be seen of that in the cluster.</summary>
    private static ReadableResource Fleet { get; } = new()
    {
        ApiVersion = CoreKinds.Definitions.ApiVersion,
        Kind = CoreKinds.Definitions.Kind,
        Name = $"servicesets.{FleetApi.Group}",
        Namespace = FleetApi.SystemNamespace,
        ReadinessRule = "self.status.conditions.exists(c, c.type == 'Established' && c.status == 'True')",
    };

    public async Task EnsureAsync(GrainOwnership ownership, CancellationToken ct)
    {
        var key = ObjectKey.Cluster(StateManagementProviderSpec.DefaultName);
        if (await client.Dynamic(FleetKinds.StateManagementProviders.Kind).GetAsync(key, ct) is not null)
            return;
        ownership.EnsureCurrent();
        try
        {
            await client.Dynamic(FleetKinds.StateManagementProviders.Kind).CreateAsync(new(Wanted()), ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Somebody else's is as good.
        }
    }

    private static JsonObject Wanted() => new()
    {
        ["apiVersion"] = FleetKinds.StateManagementProviders.Kind.ApiVersion,
        ["kind"] = FleetKinds.StateManagementProviders.Kind.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = StateManagementProviderSpec.DefaultName,
            ["labels"] = new JsonObject { [FleetLabels.Managed] = "true", [FleetLabels.Component] = "kcm" },
        },
        ["spec"] = JsonSerializer.SerializeToNode(
            new StateManagementProviderSpec
            {
                Selector = new() { MatchLabels = new() { [FleetLabels.Adapter] = "kcm-controller-manager" } },
                Adapter = Fleet,
                Provisioner = [Fleet],
                ProvisionerCrds = [new() { Group = FleetApi.Group, Version = FleetApi.Version, Resources = ["servicesets"] }],
            },
            ContractsJson.Default.StateManagementProviderSpec),
    };
}
