using System.Globalization;

namespace Fleet.ReplicaProcess;

/// <summary>A wall clock that is off by the seconds in a file, which may change at any time. The monotonic clock and timers are true, as where somebody sets the clock.</summary>
internal sealed class ShiftedClock(string file) : TimeProvider
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private long lookedAt;
    private TimeSpan shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift();

    private TimeSpan Shift()
    {
        lock (gate)
        {
            if (lookedAt != 0 && GetElapsedTime(lookedAt) < Look)
                return shift;
            lookedAt = GetTimestamp();
            if (File.Exists(file) && double.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var seconds))
                shift = TimeSpan.FromSeconds(seconds);
            return shift;
        }
    }
}
