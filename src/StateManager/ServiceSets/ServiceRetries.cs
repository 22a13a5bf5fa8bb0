using System.Collections.Concurrent;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Failures in a row of each service of one cluster; a part of its grain. Another fingerprint starts anew, so a repair is tried at once.</summary>
internal sealed class ServiceRetries(Backoff backoff, IJitterSource jitter)
{
    private readonly ConcurrentDictionary<ReleaseName, ServiceAttempts> attempts = new();

    public ServiceAttempts? Of(ReleaseName release) => attempts.GetValueOrDefault(release);

    public void Succeeded(ReleaseName release) => attempts.TryRemove(release, out _);

    /// <summary>The delay until the next try.</summary>
    public TimeSpan Failed(ReleaseName release, string fingerprint, DateTimeOffset now)
    {
        var before = Of(release) is { } known && known.Fingerprint == fingerprint ? known.Failures : 0;
        var delay = backoff.After(before + 1, jitter);
        attempts[release] = new ServiceAttempts(fingerprint, before + 1, now + delay) { FailedAt = now };
        return delay;
    }
}
