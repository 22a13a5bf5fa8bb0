using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Leases;

/// <summary>What a lease looked like after the last call.</summary>
/// <param name="IsHeld">Held by us until <paramref name="ValidUntil"/>, by our own clock.</param>
/// <param name="Holder">Empty when nobody holds it.</param>
/// <param name="Transitions">Grows with every change of holder: use it as the fencing token of what the lease protects.</param>
/// <param name="ValidUntil">When the holding ends unless it is renewed.</param>
public sealed record LeaseState(bool IsHeld, string Holder, int Transitions, DateTimeOffset ValidUntil);

/// <summary>
/// One Lease, taken, renewed and released by one identity. Clocks of others are not trusted: a foreign lease counts as expired when it has not
/// changed for its duration as measured here. Call <see cref="TryAcquireOrRenewAsync"/> several times per duration; not safe for concurrent use.
/// </summary>
public sealed class LeaseLock(IResourceClient<Lease> leases, ObjectKey key, string identity, TimeSpan duration, TimeProvider clock)
{
    private string observedVersion = "";
    private long observedAt;
    private Lease? held;

    /// <summary>Takes the lease when it is free or expired, renews it when it is ours. Losing a race is no error; an unreachable server is.</summary>
    public async Task<LeaseState> TryAcquireOrRenewAsync(CancellationToken ct)
    {
        // Taken before the call: the holding must not be thought longer than others will grant it.
        var now = clock.GetUtcNow();
        try
        {
            var current = await leases.GetAsync(key, ct);
            if (current is null)
                return Held(await leases.CreateAsync(Claim(new() { Metadata = new() { Name = key.Name, Namespace = key.Namespace } }, 0, now, now), ct), now);

            Observe(current);
            var spec = current.Spec;
            if (spec.HolderIdentity == identity)
                return Held(await leases.UpdateAsync(Claim(current, spec.LeaseTransitions ?? 0, spec.AcquireTime ?? now, now), ct), now);
            if (!string.IsNullOrEmpty(spec.HolderIdentity) && !IsExpired(spec))
                return Foreign(spec);
            return Held(await leases.UpdateAsync(Claim(current, (spec.LeaseTransitions ?? 0) + 1, now, now), ct), now);
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsAlreadyExists)
        {
            var winner = await leases.GetAsync(key, ct);
            if (winner is null)
                return new(false, "", 0, default);
            Observe(winner);
            return Foreign(winner.Spec);
        }
    }

    /// <summary>Gives the lease up so that others need not wait for it to expire. False when it was no longer ours.</summary>
    public async Task<bool> ReleaseAsync(CancellationToken ct)
    {
        if (held is not { } mine)
            return false;
        held = null;
        mine.Spec.HolderIdentity = "";
        mine.Spec.RenewTime = clock.GetUtcNow();
        // One second as client-go does it: other implementations then see it as expired at once.
        mine.Spec.LeaseDurationSeconds = 1;
        try
        {
            await leases.UpdateAsync(mine, ct);
            return true;
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsNotFound)
        {
            return false;
        }
    }

    private Lease Claim(Lease lease, int transitions, DateTimeOffset acquired, DateTimeOffset now)
    {
        lease.Spec = new()
        {
            HolderIdentity = identity,
            LeaseDurationSeconds = Math.Max(1, (int)Math.Ceiling(duration.TotalSeconds)),
            AcquireTime = acquired,
            RenewTime = now,
            LeaseTransitions = transitions,
        };
        return lease;
    }

    private LeaseState Held(Lease written, DateTimeOffset from)
    {
        held = written;
        Observe(written);
        return new(true, identity, written.Spec.LeaseTransitions ?? 0, from + duration);
    }

    private LeaseState Foreign(LeaseSpec spec)
    {
        held = null;
        return new(false, spec.HolderIdentity ?? "", spec.LeaseTransitions ?? 0, default);
    }

    private void Observe(Lease lease)
    {
        if (lease.Metadata.ResourceVersion == observedVersion)
            return;
        observedVersion = lease.Metadata.ResourceVersion ?? "";
        observedAt = clock.GetTimestamp();
    }

    private bool IsExpired(LeaseSpec spec)
        => clock.GetElapsedTime(observedAt) >= TimeSpan.FromSeconds(spec.LeaseDurationSeconds ?? 0);
}
