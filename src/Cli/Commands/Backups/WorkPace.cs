using System.Collections.Immutable;
using System.Globalization;

namespace Fleet.Cli.Commands.Backups;

/// <summary>How fast a piece of work went lately, and so how long the rest takes. Pure: the time is told.</summary>
internal sealed record WorkPace
{
    /// <summary>What was long ago says little: a restore is fast over Secrets and slow over clusters.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>A guess from less than this is no guess.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(99);

    private const int MostSamples = 64;

    private ImmutableList<(TimeSpan At, long Done)> Samples { get; init; } = [];

    /// <param name="at">Since whenever, as long as it is always the same.</param>
    /// <param name="done">How much is done altogether. Less than before begins anew.</param>
    public WorkPace Told(TimeSpan at, long done)
    {
        var kept = Samples.Count > 0 && done < Samples[^1].Done ? [] : Samples.RemoveAll(sample => at - sample.At > Window);
        // Thinned out, not cut off: the oldest is what the pace is measured from.
        if (kept.Count >= MostSamples)
            kept = [.. kept.Where((_, index) => index % 2 == 0)];
        return this with { Samples = kept.Add((at, done)) };
    }

    /// <summary>Null while it can not be told.</summary>
    public TimeSpan? Left(TimeSpan now, long total)
    {
        if (Samples.Count == 0)
            return null;
        var (first, last) = (Samples[0], Samples[^1]);
        if (last.Done >= total)
            return TimeSpan.Zero;
        // Against now and not against the last sample: what stands still takes ever longer.
        var taken = now - first.At;
        if (taken < Shortest || last.Done <= first.Done)
            return null;
        var left = taken * ((double)(total - last.Done) / (last.Done - first.Done));
        return left < Longest ? left : Longest;
    }

    /// <summary>Rounded as people count: seconds, then minutes, then hours.</summary>
    public static string Words(TimeSpan left) => left switch
    {
        _ when left <= TimeSpan.Zero => "done",
        { TotalSeconds: <= 90 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(left.TotalSeconds)} s left"),
        { TotalMinutes: <= 90 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(left.TotalMinutes)} min left"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours} h {left.Minutes} min left"),
    };
}
