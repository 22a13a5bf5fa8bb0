namespace Fleet.Observability.Ingest.Stores;

public enum StoreVerdict
{
    Accepted,

    /// <summary>There is something in it that the store will never take.</summary>
    Refused,

    /// <summary>The store fails over it, perhaps because of what is in it (500).</summary>
    Failed,

    /// <summary>The store is away, busy, or does not let us in: later.</summary>
    Unavailable,
}

/// <param name="Code">Status code, or what kind of trouble there was; for metrics and logs.</param>
public readonly record struct StoreAnswer(StoreVerdict Verdict, string Code, TimeSpan? RetryAfter = null)
{
    /// <summary>
    /// What a status code means for what was sent. A password that has run out must not cost data, so 401, 403 and 404 are waited for like a store that is down.
    /// </summary>
    public static StoreVerdict Judge(int status) => status switch
    {
        >= 200 and < 300 => StoreVerdict.Accepted,
        401 or 403 or 404 or 405 or 407 or 408 or 425 or 429 => StoreVerdict.Unavailable,
        >= 400 and < 500 => StoreVerdict.Refused,
        500 => StoreVerdict.Failed,
        _ => StoreVerdict.Unavailable,
    };
}
