using Fleet.ClusterManager.Admission.Uses;
using Fleet.Contracts;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Admission;

/// <summary>Judges writes of Fleet's kinds: the same for the webhook of a real API server and for the embedded one.</summary>
public interface IManifestGate
{
    /// <summary>Never throws for a manifest, however wrong. Pure rules come first; what other objects say comes only to a manifest that is right by itself.</summary>
    Task<ManifestVerdict> JudgeAsync(ManifestChange change, CancellationToken ct);
}

internal sealed class ManifestGate(IFleetFactsReader facts, ClusterManagerOptions options) : IManifestGate
{
    /// <summary>How many users are looked at once more before a refusal.</summary>
    private const int LookedAtAgain = 5;

    private readonly UseRules rules = UseRules.For(options);

    public async Task<ManifestVerdict> JudgeAsync(ManifestChange change, CancellationToken ct)
    {
        var verdict = ManifestGates.JudgeAlone(change);
        // What is being deleted must stay deletable.
        var isLeaving = change.Wanted?["metadata"]?["deletionTimestamp"] is not null;
        if (!verdict.IsAllowed || isLeaving || change.Group != FleetApi.Group || rules.Of(change) is not { Count: > 0 } applying)
            return verdict;
        try
        {
            var known = await facts.ReadAsync(change, ct);
            var refusals = await StandingAsync([.. applying.SelectMany(rule => rule.Check(change, known))], ct);
            List<Refusal> serious = [.. refusals.Where(refusal => !refusal.IsOnlyWarning)];
            return verdict with
            {
                Problems = [.. serious.Select(refusal => refusal.Problem).OfType<Contracts.Validation.FieldProblem>()],
                Refusal = serious.Where(refusal => refusal.Field is null).Select(refusal => refusal.Message).ToList() is { Count: > 0 } messages ? string.Join("; ", messages) : null,
                // What a manifest that is refused would not do in any case need not be said.
                Warnings = [.. serious.Count > 0 ? [] : verdict.Warnings, .. refusals.Select(refusal => refusal.IsOnlyWarning ? $"{refusal.Field}: {refusal.Message}" : refusal.Warning).OfType<string>()],
            };
        }
        catch (Exception e) when (e is InformerNotSyncedException or KubeApiException or HttpRequestException or ObjectDisposedException)
        {
            // Nothing is deleted because something could not be read; all else is looked at again by its reconciler.
            return change.Operation == ManifestOperation.Delete
                ? verdict with { NotYet = $"whether {change.Kind} {change.Key} is still used could not be found out yet; try again in a moment" }
                : verdict;
        }
    }

    /// <summary>A watch may still show a user that has just gone.</summary>
    private async Task<IReadOnlyList<Refusal>> StandingAsync(IReadOnlyList<Refusal> refusals, CancellationToken ct)
    {
        var standing = new List<Refusal>(refusals.Count);
        foreach (var refusal in refusals)
            if (refusal.Users.Count is 0 or > LookedAtAgain || await AnyExistsAsync(refusal.Users, ct))
                standing.Add(refusal);
        return standing;
    }

    private async Task<bool> AnyExistsAsync(IReadOnlyList<User> users, CancellationToken ct)
    {
        foreach (var user in users)
            if (await facts.ExistsAsync(user, ct))
                return true;
        return false;
    }
}
