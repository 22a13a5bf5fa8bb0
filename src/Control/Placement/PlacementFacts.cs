using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Templates;

namespace Fleet.Control.Placement;

/// <summary>Everything that decides which of the declared services are placed on a cluster now.</summary>
public sealed record PlacementFacts
{
    public required IReadOnlyList<Service> Declared { get; init; }

    /// <summary>What the ServiceSet holds already.</summary>
    public IReadOnlyList<PlacedService> Placed { get; init; } = [];

    /// <summary>What became of them; empty while the status speaks of an older generation of the set.</summary>
    public IReadOnlyList<ServiceState> States { get; init; } = [];

    /// <summary>ServiceTemplates by name, those that are found.</summary>
    public required IReadOnlyDictionary<string, ServiceTemplateSpec> Templates { get; init; }

    /// <summary>Upgrade graphs of the ServiceTemplateChains by name, those that are found and valid.</summary>
    public required IReadOnlyDictionary<string, UpgradeGraph> Chains { get; init; }
}

/// <summary>What is placed now, and what is not and why.</summary>
/// <param name="Services">In the order of the declaration; what may depend on others comes in when those are deployed.</param>
/// <param name="Waits">Services that are not yet placed, or not yet as declared.</param>
/// <param name="Problems">What only an edit of the declaration can mend.</param>
public sealed record PlacementPlan(IReadOnlyList<PlacedService> Services, IReadOnlyList<ServiceWait> Waits, IReadOnlyList<string> Problems);

/// <param name="For">In words, for people: <c>dependency shop/db: Provisioning</c>.</param>
public sealed record ServiceWait(ServiceKey Service, string For);
