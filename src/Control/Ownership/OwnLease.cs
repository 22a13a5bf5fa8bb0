using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Ownership;

/// <summary>What became of an attempt to renew.</summary>
internal enum LeaseOutcome { Held, Lost, NameTaken }

/// <summary>The Lease of this replica. One caller at a time.</summary>
internal sealed class OwnLease(IResourceClient<Lease> leases, OwnershipOptions options, TimeProvider clock)
{
    private Lease? held;
    private bool hasHeld;

    /// <summary>Of this run since the Lease was last lost: nobody else ever has it.</summary>
    public string Identity { get; private set; } = NewIdentity(options);

    /// <summary>The version that was written last; null while the Lease is not ours.</summary>
    public string? Version => held?.Metadata.ResourceVersion;

    public async Task<LeaseOutcome> RenewAsync(Action<Dictionary<string, string>> note, CancellationToken ct)
    {
        try
        {
            if (held is null)
                return await AcquireAsync(note, ct);
            held = await leases.UpdateAsync(Claim(held, note), ct);
            return LeaseOutcome.Held;
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsNotFound || e.IsAlreadyExists)
        {
            return await AgainAsync(note, ct);
        }
    }

    /// <summary>
    /// Our own write whose answer was lost is also a conflict: look before giving up. It is renewed once more, since the others count from that earlier write, and the caller
    /// counts from this call.
    /// </summary>
    private async Task<LeaseOutcome> AgainAsync(Action<Dictionary<string, string>> note, CancellationToken ct)
    {
        try
        {
            if (held is not null && await leases.GetAsync(held.Metadata.Key, ct) is { } current && current.Spec.HolderIdentity == Identity)
            {
                held = await leases.UpdateAsync(Claim(current, note), ct);
                return LeaseOutcome.Held;
            }
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsNotFound)
        {
            // Taken between the two calls.
        }
        Lose();
        return LeaseOutcome.Lost;
    }

    /// <summary>The others need not wait for it to expire. Whatever it covered must have ended.</summary>
    public async Task DeleteAsync(CancellationToken ct)
    {
        if (held is not { } mine)
            return;
        held = null;
        await leases.DeleteAsync(mine.Metadata.Key, new() { Uid = mine.Metadata.Uid, ResourceVersion = mine.Metadata.ResourceVersion }, ct);
    }

    /// <summary>A new identity: what was ours under the old one is somebody else's by now, or will be.</summary>
    public void Lose()
    {
        held = null;
        Identity = NewIdentity(options);
    }

    private async Task<LeaseOutcome> AcquireAsync(Action<Dictionary<string, string>> note, CancellationToken ct)
    {
        var current = await leases.GetAsync(new(options.Namespace, options.LeaseName), ct);
        // At the start, the one before under our name is dead: whoever starts processes does not start two of one name. Later, another one has our name.
        if (current is not null && hasHeld && !string.IsNullOrEmpty(current.Spec.HolderIdentity))
            return LeaseOutcome.NameTaken;
        held = current is null
            ? await leases.CreateAsync(Claim(new() { Metadata = new() { Name = options.LeaseName, Namespace = options.Namespace } }, note), ct)
            : await leases.UpdateAsync(Claim(current, note), ct);
        hasHeld = true;
        return LeaseOutcome.Held;
    }

    private Lease Claim(Lease lease, Action<Dictionary<string, string>> note)
    {
        var now = clock.GetUtcNow();
        (lease.Metadata.Labels ??= [])[OwnershipNames.ReplicaOf] = options.Service;
        var notes = lease.Metadata.Annotations ??= [];
        note(notes);
        var isOurs = lease.Spec.HolderIdentity == Identity;
        lease.Spec = new()
        {
            HolderIdentity = Identity,
            LeaseDurationSeconds = Math.Max(1, (int)Math.Ceiling(options.LeaseDuration.TotalSeconds)),
            AcquireTime = isOurs ? lease.Spec.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = (lease.Spec.LeaseTransitions ?? 0) + (isOurs ? 0 : 1),
        };
        return lease;
    }

    private static string NewIdentity(OwnershipOptions options) => $"{options.Replica}_{Guid.NewGuid().ToString("N")[..8]}";
}
