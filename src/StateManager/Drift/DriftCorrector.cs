using System.Collections.Concurrent;
using Fleet.Control.Grains;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Connections;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Drift;

/// <summary>Gives drifted objects what they are declared to be, without Helm and without a new revision. Failures come back as results.</summary>
internal sealed class DriftCorrector(TimeProvider clock)
{
    private const int AtOnce = 4;

    /// <summary>Conflicts in a row before the object has to wait.</summary>
    private const int Attempts = 5;

    /// <summary>What could not be asked in this time waits for its next turn: the status has to be written.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>The same plan, with what was corrected and what could not be.</summary>
    public async Task<ServiceSetPlan> RunAsync(
        ServiceSetPlan plan, DriftRules rules, ConnectedCluster cluster, DriftMemory memory, GrainOwnership ownership, CancellationToken ct)
    {
        if (!plan.Services.Any(s => s.Drift?.Correct.Count > 0))
            return plan;
        using var limit = new CancellationTokenSource(Longest, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        var services = new List<PlannedService>(plan.Services.Count);
        foreach (var service in plan.Services)
            services.Add(service.Drift is { Correct.Count: > 0 } drift
                ? Told(service, await CorrectAsync(service.Release, drift, rules, cluster, memory, ownership, both.Token))
                : service);
        ct.ThrowIfCancellationRequested();
        return plan with { Services = services };
    }

    private static PlannedService Told(PlannedService service, DriftPlan drift) => service with
    {
        Drift = drift,
        CheckAgainAfter = new[] { service.CheckAgainAfter, drift.CheckAgainAfter }.Min(),
    };

    private async Task<DriftPlan> CorrectAsync(
        ReleaseName release, DriftPlan plan, DriftRules rules, ConnectedCluster cluster, DriftMemory memory, GrainOwnership ownership, CancellationToken ct)
    {
        var isServerSideApplied = cluster.View.Inventory.Of(release)?.IsServerSideApplied == true;
        var answers = new ConcurrentDictionary<ObjectDrift, (bool Tried, string? Error)>(ReferenceEqualityComparer.Instance);
        try
        {
            // No object can be made of a kind whose definition is gone.
            foreach (var layer in plan.Correct.ToLookup(drift => drift.Object.IsFoundation).OrderByDescending(layer => layer.Key))
                await Parallel.ForEachAsync(layer, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (drift, stop) =>
                    answers[drift] = await CorrectAsync(drift, isServerSideApplied, rules, cluster.Client, ownership, stop));
        }
        catch (OperationCanceledException)
        {
            // The rest is found again at the next look, which nothing but the clock may ask for.
        }

        var now = clock.GetUtcNow();
        var tried = answers.Where(a => a.Value.Tried).Select(a => new DriftedObject(a.Key, a.Value.Error is { } error
            ? memory.Failed(release, a.Key.Object, now, error)
            : memory.Corrected(release, a.Key.Object, now)));
        var after = DriftPlanner.After(plan, [.. tried], now);
        return answers.Count == plan.Correct.Count ? after : after with { CheckAgainAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>Read anew: between finding and correcting somebody may have put it right, or changed it again.</summary>
    internal static async Task<(bool Tried, string? Error)> CorrectAsync(
        ObjectDrift drift, bool isServerSideApplied, DriftRules rules, IKubernetesClient client, GrainOwnership ownership, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await DriftedState.ReadAsync(drift.Object, rules, client, ct) is not { } state)
                    return (false, null);
                await ownership.ProveAsync(ct);
                await state.RepairAsync(isServerSideApplied, client, ct);
                return (true, null);
            }
            catch (KubeApiException e) when ((e.IsConflict || e.IsAlreadyExists) && attempt < Attempts)
            {
                // Its controller writes status at the same time, which no watch would tell of.
            }
            catch (KubeApiException e)
            {
                // The server's words quote what they refuse.
                return (true, drift.Object.Type is { Group: "", Kind: "Secret" } ? $"the server refuses it ({e.Code} {e.Reason})" : e.Message);
            }
        }
    }
}
