using System.Collections.Concurrent;
using Fleet.Reliability.Tests.Laboratory.Network;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>A fault as it was, in true Unix milliseconds.</summary>
internal sealed record FaultSeen(Fault Fault, long From, long To);

/// <summary>Makes one fault, keeps it for as long as it lasts, and undoes it.</summary>
internal sealed class FaultInjector(LaboratoryServers servers, LaboratoryReplicas replicas, LaboratoryNetwork? network)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> targets = [];

    /// <summary>Undone also when <paramref name="ct"/> ends it early.</summary>
    public async Task<FaultSeen> InjectAsync(Fault fault, CancellationToken ct)
    {
        // A server that takes longer to come back than was thought must have done so before its next fault.
        var target = targets.GetOrAdd(fault.Target, _ => new(1));
        await target.WaitAsync(ct);
        try
        {
            var from = Now();
            await BeginAsync(fault, ct);
            try
            {
                await Task.Delay(fault.Length, TimeProvider.System, ct);
            }
            finally
            {
                await EndAsync(fault);
            }
            return new(fault, from, Now());
        }
        finally
        {
            target.Release();
        }
    }

    private async Task BeginAsync(Fault fault, CancellationToken ct)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await replicas.KillAsync(fault.Target);
                break;
            case FaultKind.Freeze:
                await replicas.SignalAsync(fault.Target, "STOP");
                break;
            case FaultKind.Partition or FaultKind.PartitionOneWay:
                foreach (var (from, to) in Links(fault))
                    network!.Switch.Cut(from, to);
                break;
            case FaultKind.Loss:
                network!.Switch.Lose(network[fault.Target], fault.Amount);
                break;
            case FaultKind.Delay:
                network!.Switch.HoldBack(network[fault.Target], TimeSpan.FromMilliseconds(fault.Amount));
                break;
            case FaultKind.ApiServerRestart:
                await servers.Api.KillAsync();
                break;
            case FaultKind.EtcdRestart:
                await servers.Api.KillEtcdAsync();
                break;
            case FaultKind.PostgresRestart:
                await servers.Postgres.KillAsync();
                break;
            case FaultKind.Compaction:
                await servers.CompactAsync(ct);
                break;
            case FaultKind.ClockJump:
                replicas.ShiftClock(fault.Target, fault.Amount);
                break;
            case FaultKind.FullDisk:
                await network!.NamespaceOf(fault.Target).FillDiskAsync();
                break;
            case FaultKind.PinChange:
                await servers.PinAsync(fault.Amount, ct);
                break;
        }
    }

    private async Task EndAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await replicas.StartAsync(fault.Target);
                break;
            case FaultKind.Freeze:
                await replicas.SignalAsync(fault.Target, "CONT");
                break;
            case FaultKind.Partition or FaultKind.PartitionOneWay:
                foreach (var (from, to) in Links(fault))
                    network!.Switch.Mend(from, to);
                break;
            case FaultKind.Loss:
                network!.Switch.Lose(network[fault.Target], 0);
                break;
            case FaultKind.Delay:
                network!.Switch.HoldBack(network[fault.Target], TimeSpan.Zero);
                break;
            case FaultKind.ApiServerRestart:
                await servers.Api.StartAgainAsync();
                break;
            case FaultKind.EtcdRestart:
                await servers.Api.StartEtcdAgainAsync();
                break;
            case FaultKind.PostgresRestart:
                await servers.Postgres.StartServerAsync();
                break;
            case FaultKind.FullDisk:
                await network!.NamespaceOf(fault.Target).EmptyDiskAsync();
                break;
        }
    }

    private IEnumerable<(byte From, byte To)> Links(Fault fault)
    {
        var (near, far) = (network![fault.Target], network[fault.From]);
        if (fault.Kind == FaultKind.Partition || fault.Sent)
            yield return (near, far);
        if (fault.Kind == FaultKind.Partition || !fault.Sent)
            yield return (far, near);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
