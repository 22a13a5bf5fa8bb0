using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>A template stays while clusters use it, and while the chain that made it is there.</summary>
internal sealed class TemplateDeletionRule(
    string kind, ResourceKind chains, Func<FleetFacts, ObjectKey, IReadOnlyList<User>> usersOf, Func<FleetFacts, IEnumerable<KnownChain>> chainsOf) : IUseRule
{
    public static TemplateDeletionRule ClusterTemplate { get; } = new(
        "ClusterTemplate", FleetKinds.ClusterTemplateChains.Kind, TemplateUses.OfClusterTemplate, facts => facts.ClusterTemplateChains);

    public static TemplateDeletionRule ServiceTemplate { get; } = new(
        "ServiceTemplate", FleetKinds.ServiceTemplateChains.Kind, TemplateUses.OfServiceTemplate, facts => facts.ServiceTemplateChains);

    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        if (usersOf(facts, change.Key) is { Count: > 0 } users)
            yield return new($"template deletion is forbidden: used by {User.Names(users)}")
            {
                Users = users,
                Warning = $"The {kind} object can't be removed if ClusterDeployment objects referencing it still exist",
            };
        var owners = (change.Manifest["metadata"]?["ownerReferences"] as JsonArray ?? [])
            .Where(owner => (string?)owner?["kind"] == chains.Kind).Select(owner => (string?)owner!["name"]).ToHashSet(StringComparer.Ordinal);
        if (owners.Count > 0 && chainsOf(facts).Where(chain => chain.Key.Namespace == change.Key.Namespace && owners.Contains(chain.Key.Name))
            .Select(chain => new User(chains, chain.Key)).ToList() is { Count: > 0 } owning)
            yield return new($"template deletion is forbidden: it belongs to {User.Names(owning)}")
            {
                Users = owning,
                Warning = $"The {kind} object can't be removed if it is managed by {chains.Kind}: {string.Join(", ", owning.Select(user => user.Key.Name))}",
            };
    }
}
