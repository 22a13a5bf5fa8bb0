namespace Fleet.Control.Access;

/// <summary>
/// Knows tokens that the management API does not, where it can not be told of their provider. What such a caller may do is still asked of the management API.
/// </summary>
public interface IForeignTokens
{
    /// <returns>Null for tokens that are not good.</returns>
    Task<Caller?> IdentifyAsync(string token, CancellationToken ct);
}
