using Fleet.ClusterManager.Access;
using Fleet.Contracts.Chains;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Chains;

/// <summary>Says whether a chain is consistent, and brings the templates of a distributed one into its namespace.</summary>
internal abstract class TemplateChainReconciler<TSpec>(
    ChainKind kind, ResourceType<CustomResource<TSpec, TemplateChainStatus>> type, IKubernetesClient client, ChainParts parts) : IReconciler
    where TSpec : TemplateChainSpec, new()
{
    /// <summary>A template may cease to be used at any time; nothing reports that.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly HashSet<ConditionType> OwnsNoConditions = [];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await client.Resource(type).GetAsync(request.Key, ct) is not { Metadata.IsBeingDeleted: false } chain)
            return Outcome.Done;
        var facts = await parts.Reader.ReadAsync(kind, chain.Metadata, chain.Spec, ct);
        var plan = ChainPlanner.Plan(facts, parts.System);
        var failures = await parts.Applier.ApplyAsync(new(plan.Steps, []), request.Ownership, ct);
        var problems = plan.Problems.Concat(failures.Select(failure => failure.Error)).ToList();
        var wanted = new TemplateChainStatus { Valid = problems.Count == 0, ValidationError = problems.Count == 0 ? null : string.Join("; ", problems) };
        await parts.Status.WriteAsync(StatusChange.Of(type, chain, wanted, [], OwnsNoConditions, request.Ownership));
        if (failures.Count > 0)
            return Outcome.Waiting("TemplatesFailed", RetryAfter);
        return facts.BringsTemplates && problems.Count > 0 ? Outcome.After(LookAgain) : Outcome.Done;
    }
}

/// <summary>What reconcilers of both kinds of chains use.</summary>
internal sealed record ChainParts(ChainFactsReader Reader, AccessApplier Applier, SystemNamespaces System, IStatusWriter Status);

internal sealed class ClusterTemplateChainReconciler(IKubernetesClient client, ChainParts parts)
    : TemplateChainReconciler<ClusterTemplateChainSpec>(ChainKind.OfClusters, FleetKinds.ClusterTemplateChains, client, parts);

internal sealed class ServiceTemplateChainReconciler(IKubernetesClient client, ChainParts parts)
    : TemplateChainReconciler<ServiceTemplateChainSpec>(ChainKind.OfServices, FleetKinds.ServiceTemplateChains, client, parts);
