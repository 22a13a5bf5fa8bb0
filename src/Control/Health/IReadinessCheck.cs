namespace Fleet.Control.Health;

/// <summary>Something that a service needs before it can do its work, beside its loops. Registered as an enumerable; <c>/readyz</c> asks all of them.</summary>
public interface IReadinessCheck
{
    /// <summary>Null when it is ready; else what is missing, in a few words.</summary>
    string? Missing { get; }
}
