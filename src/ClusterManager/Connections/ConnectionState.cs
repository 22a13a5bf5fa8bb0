using System.Security.Cryptography;
using System.Text;

namespace Fleet.ClusterManager.Connections;

/// <summary>
/// Part of a cluster's grain: what the last probes found. One lost probe does not make a cluster unreachable; a changed kubeconfig is
/// probed at once. Used only within the grain's turn.
/// </summary>
internal sealed class ConnectionState(TimeProvider clock)
{
    /// <summary>Two in a row: one lost packet is no outage, and with the short interval after a failure an outage is seen in seconds.</summary>
    private const int FailuresToBelieve = 2;

    private static readonly TimeSpan IntervalAfterFailure = TimeSpan.FromSeconds(5);

    private string kubeconfigHash = "";
    private int failures;
    private DateTimeOffset probedAt;
    private ProbeResult? believed;

    /// <summary>What to tell users; probes when it is time to.</summary>
    public async Task<ProbeResult> ProbeAsync(IClusterProbe probe, string kubeconfig, TimeSpan interval, CancellationToken ct)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(kubeconfig)));
        if (hash != kubeconfigHash)
            (kubeconfigHash, failures, believed) = (hash, 0, null);
        if (believed is not null && clock.GetUtcNow() - probedAt < (failures > 0 ? IntervalAfterFailure : interval))
            return believed;
        var result = await probe.ProbeAsync(kubeconfig, ct);
        probedAt = clock.GetUtcNow();
        failures = result.Answered ? 0 : failures + 1;
        if (result.Answered || believed is null || !believed.Answered || failures >= FailuresToBelieve)
            believed = result;
        return believed;
    }

    /// <summary>When to look again.</summary>
    public TimeSpan Next(TimeSpan interval) => failures > 0 ? IntervalAfterFailure : interval;
}
