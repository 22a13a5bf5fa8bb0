using System.Text.Json.Nodes;
using System.Text.Json;
using Fleet.Contracts.Services;
using Fleet.Contracts;
using Fleet.Control.Clusters;
using Fleet.Control.Placement;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>From facts to plan. Pure.</summary>
internal static class MultiClusterPlanner
{
    public static MultiClusterPlan Plan(MultiClusterFacts facts)
    {
        var self = facts.Self;
        var hasFinalizer = self.Metadata.Finalizers?.Contains(FleetFinalizers.MultiClusterService) == true;
        if (facts.IsDeleting)
        {
            var all = facts.Targets.Select(target => target.Set).OfType<ServiceSet>().Concat(facts.Strays.Select(stray => stray.Set)).ToList();
            return new()
            {
                Targets = [],
                Removals = [.. all.Where(set => !set.Metadata.IsBeingDeleted).Select(set => new RemovalStep(set, LeavesServices(self), $"{self.Kind.Kind} {self.Key} is deleted"))],
                RemoveFinalizer = all.Count == 0 && hasFinalizer,
            };
        }
        return new()
        {
            Targets = [.. facts.Targets.Select(target => PlanTarget(self, target, facts.DependencyProblems.Count > 0))],
            Removals = [.. facts.Strays.Where(stray => !stray.Set.Metadata.IsBeingDeleted).Select(stray => Removal(self, stray)).OfType<RemovalStep>()],
            AddFinalizer = !hasFinalizer,
        };
    }

    private static TargetPlan PlanTarget(MultiClusterRow self, TargetFacts target, bool isHeld)
    {
        var name = ServiceSetNames.Of(target.Cluster.Prefix, self.Key);
        var declared = self.Spec.ServiceSpec?.Services ?? [];
        var set = target.Set;
        var plan = new TargetPlan { Facts = target, Name = name };
        // What is there goes on running while something that this depends on is repaired.
        if (isHeld || target.BlockedBy.Count > 0 || set?.Metadata.IsBeingDeleted == true)
            return plan;
        var placement = PlacementPlanner.Plan(new()
        {
            Declared = declared,
            Placed = set?.Spec.Services ?? [],
            States = set?.Status is { } status && status.ObservedGeneration == set.Metadata.Generation ? status.Services ?? [] : [],
            Templates = target.Templates.ToDictionary(pair => pair.Key, pair => pair.Value.Spec),
            Chains = target.Chains,
        });
        var wanted = new ServiceSetSpec
        {
            Cluster = target.Cluster.IsManagement ? "" : target.Cluster.Key.Name,
            MultiClusterService = self.Key.Name,
            Provider = ServiceProviderSettings.Of(self.Spec.ServiceSpec) with { SelfManagement = target.Cluster.IsManagement ? true : null },
            Services = [.. placement.Services],
        };
        var isSame = set is not null && JsonNode.DeepEquals(Json(set.Spec), Json(wanted));
        return plan with
        {
            Placement = placement,
            Write = isSame || (set is null && placement.Services.Count == 0 && SetReferences.Of(wanted).Policies.Count == 0) ? null : wanted,
            IsComplete = isSame && placement.Waits.Count == 0 && placement.Problems.Count == 0,
        };
    }

    private static RemovalStep? Removal(MultiClusterRow self, StrayFacts stray)
    {
        if (stray.ClusterIsGoing)
            return null;
        if (!stray.ClusterExists)
            return new(stray.Set, false, $"cluster {ServiceSets.ServiceSetIndex.ClusterOf(stray.Set)} is gone");
        if (ManagementCluster.Is(ServiceSets.ServiceSetIndex.ClusterOf(stray.Set)))
            return new(stray.Set, LeavesServices(self), $"{self.Kind.Kind} {self.Key} does not say selfManagement any more");
        return self.Spec.KeepServicesOnSelectorMismatch == true
            ? null
            : new(stray.Set, LeavesServices(self), $"the selector of {self.Kind.Kind} {self.Key} does not find cluster {ServiceSets.ServiceSetIndex.ClusterOf(stray.Set)} any more");
    }

    /// <summary>Sveltos' setting, which upstream passes through.</summary>
    internal static bool LeavesServices(MultiClusterRow self) => (self.Spec.ServiceSpec?.Provider?.Config as JsonObject)?["stopMatchingBehavior"]?.ToString() == "LeavePolicies";

    private static JsonNode Json(ServiceSetSpec spec) => JsonSerializer.SerializeToNode(spec, ContractsJson.Default.ServiceSetSpec)!;
}
