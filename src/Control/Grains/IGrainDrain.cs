namespace Fleet.Control.Grains;

/// <summary>Work that belongs to grains and ends when another process is to own them.</summary>
public interface IGrainDrain
{
    /// <summary>
    /// Ends the work of these grains: nothing new begins (<see cref="IGrainDirectory.Owns"/> is false already), what runs may go on for <paramref name="grace"/>, then it is
    /// cancelled. Completes only when nothing runs any more, however long that takes, since the grains are given away then.
    /// </summary>
    Task LetGoAsync(Func<GrainId, bool> which, TimeSpan grace);
}
