using Fleet.Rest.Problems;

namespace Fleet.Rest.Streams;

/// <summary>
/// Where a stream stands, as the id of its events: <c>clusters=1042,credentials=990</c>, the resourceVersion after which each kind goes on. A kind that is
/// being listed is not in it, so that a reader who comes back then gets all of it.
/// </summary>
internal sealed class StreamPosition
{
    private const int LongestId = 1024;

    private readonly SortedDictionary<string, string> versions = new(StringComparer.Ordinal);

    public static StreamPosition Parse(string id, IReadOnlyCollection<string> kinds)
    {
        var position = new StreamPosition();
        if (id.Length > LongestId)
            throw Wrong();
        foreach (var part in id.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [var kind, { Length: > 0 and <= 64 } version] || !version.All(char.IsAsciiLetterOrDigit))
                throw Wrong();
            // Kinds that are not asked for any more are of no interest.
            if (kinds.Contains(kind))
                position.versions[kind] = version;
        }

        return position;
    }

    public string? Of(string kind) => versions.GetValueOrDefault(kind);

    public void Move(string kind, string? version)
    {
        if (version is null)
            versions.Remove(kind);
        else
            versions[kind] = version;
    }

    public override string ToString() => string.Join(',', versions.Select(pair => $"{pair.Key}={pair.Value}"));

    private static ProblemException Wrong() => ProblemException.Invalid("header Last-Event-ID", "must be the id of an event of this stream");
}
