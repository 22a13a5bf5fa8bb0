namespace Fleet.Control.Queueing;

/// <summary>Chance, injected so that tests need none.</summary>
public interface IJitterSource
{
    /// <summary>A number in [0, 1).</summary>
    double Next();
}
