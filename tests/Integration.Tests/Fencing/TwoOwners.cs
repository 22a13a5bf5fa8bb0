using System.Threading.Channels;
using Fleet.Control.Grains;

namespace Fleet.Integration.Tests.Fencing;

/// <summary>
/// A grain with an owner that was superseded and does not know it, as after a freeze, and the owner that has followed. What the store says is one number.
/// </summary>
internal sealed class TwoOwners
{
    private readonly Channel<bool> asked = Channel.CreateUnbounded<bool>();
    private long stored = 1;

    public TwoOwners(string name)
    {
        var grain = new GrainId("thing", new("default", name));
        Old = new(grain, 1, new Believer(this));
        New = new(grain, 2, new Believer(this));
    }

    /// <summary>Believes to the end that it is current.</summary>
    public GrainOwnership Old { get; }

    public GrainOwnership New { get; }

    /// <summary>Runs once, after the old owner has been told by the store that it is current: the moment in which it is frozen.</summary>
    public Func<Task>? Frozen { get; set; }

    /// <summary>Completes each time that the new owner has been told by the store that it is current.</summary>
    public Task NewHasAskedAsync(CancellationToken ct) => asked.Reader.ReadAsync(ct).AsTask();

    /// <summary>From now on the store says that the new one is the owner.</summary>
    public void HandOver() => stored = 2;

    private sealed class Believer(TwoOwners owners) : IGrainDirectory
    {
        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => new((long?)null);

        public bool IsShared => true;

        public bool IsCurrent(GrainId grain, long epoch) => true;

        public async ValueTask<bool> ProveAsync(GrainId grain, long epoch, CancellationToken ct)
        {
            var answer = epoch == owners.stored;
            if (epoch == 1 && owners.Frozen is { } frozen)
            {
                owners.Frozen = null;
                await frozen();
            }
            if (epoch == 2)
                owners.asked.Writer.TryWrite(true);
            return answer;
        }

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => default;
    }
}
