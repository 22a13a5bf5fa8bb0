using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Deletion;

/// <param name="Cluster">Whose deletion is about to begin.</param>
/// <param name="Fleet">ClusterDeployments that exist.</param>
/// <param name="Held">Clusters whose status says that the breaker holds them, and that nobody has acknowledged.</param>
/// <param name="IsStillHeld">Whether one that was refused exists still and nobody has acknowledged it.</param>
internal sealed record DeletionQuestion(ObjectKey Cluster, string Uid, int Fleet, IReadOnlySet<ObjectKey> Held, Func<string, ObjectKey, bool> IsStillHeld);

/// <summary>Whether a deletion may begin by the account, and the account that says so. Pure.</summary>
/// <param name="Next">To be stored before anything of the answer holds; null when the account says it already.</param>
internal sealed record DeletionAccounting(BreakerDecision Decision, DeletionAccount? Next)
{
    /// <summary>As many refused ones are kept as make sure that one of them is seen: each has its own status as well.</summary>
    public const int MostRefused = 10;

    public static DeletionAccounting Of(DeletionAccount account, DeletionQuestion asked, BreakerOptions options, DateTimeOffset now)
    {
        var begun = account.Begun.Where(one => now - one.Value <= options.Window).ToDictionary();
        var refused = account.Refused.Where(one => asked.IsStillHeld(one.Key, one.Value)).ToDictionary();
        var held = asked.Held.Concat(refused.Values).Where(key => key != asked.Cluster).ToHashSet().Count;
        // The person who acknowledged has seen what went before.
        if (account.Refused.Count > 0 && refused.Count == 0 && held == 0)
            begun.Clear();
        var hasBegun = begun.ContainsKey(asked.Uid);
        var decision = BreakerDecision.Of(new(asked.Fleet, begun.Count, held), options, hasBegun);
        if (hasBegun)
            return new(decision, null);
        if (decision.MayBegin)
        {
            begun[asked.Uid] = now;
            refused.Remove(asked.Uid);
            return new(decision, new(begun, refused));
        }

        if (refused.ContainsKey(asked.Uid) || refused.Count >= MostRefused)
            return new(decision, null);
        refused[asked.Uid] = asked.Cluster;
        return new(decision, new(begun, refused));
    }
}
