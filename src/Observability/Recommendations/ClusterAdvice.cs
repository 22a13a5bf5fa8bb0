using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations;

/// <summary>Part of a cluster's grain: what was seen of its usage, and when it was kept and advised about last.</summary>
internal sealed class ClusterAdvice
{
    public string ClusterUid { get; private set; } = "";

    /// <summary>Null until it was read from where it is kept: a book that began anew by mistake would be kept over the real one.</summary>
    public UsageBook? Book { get; private set; }

    public DateTimeOffset Saved { get; set; }

    public DateTimeOffset Advised { get; set; }

    public void Begin(string uid, UsageBook book, DateTimeOffset now) => (ClusterUid, Book, Saved, Advised) = (uid, book, now, default);
}
