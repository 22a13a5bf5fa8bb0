namespace Fleet.Control.Grains;

/// <summary>One activation of a grain. Used only from within the grain's turn, except <see cref="Ownership"/>.</summary>
public interface IGrainContext
{
    GrainId Id { get; }

    GrainOwnership Ownership { get; }

    /// <summary>
    /// The activation's own instance of <typeparamref name="T"/>, made on first use. Disposed (also <see cref="IAsyncDisposable"/>) at deactivation.
    /// </summary>
    T Part<T>(Func<T> make) where T : class;

    /// <summary>Calls the grain again after a delay, unless it is deactivated first. One timer per controller and key: a new one replaces the old.</summary>
    void CallLater(GrainCall call, TimeSpan delay);
}
