using System.Globalization;
using Fleet.Observability.History;

namespace Fleet.Observability.Agent;

/// <summary>
/// Which events have been told: the time of the latest, and by UID those of the last seconds before it. A time alone would tell everything of its second once more, since events carry whole seconds,
/// and would pass over one that a slower writer dates a little earlier. Pure.
/// </summary>
internal sealed class EventMark
{
    /// <summary>How much earlier than the latest one an event may be dated and still be taken for new.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Guid, (int Count, DateTimeOffset LastSeen)> told = [];
    private DateTimeOffset latest;

    public bool IsNew(EventRow row) =>
        row.LastSeen.UtcTicks >= latest.UtcTicks - Window.Ticks && !(told.TryGetValue(row.Uid, out var before) && row.Count <= before.Count && row.LastSeen <= before.LastSeen);

    /// <param name="now">One that is dated later than this does not make old what comes until then.</param>
    public void Tell(IReadOnlyCollection<EventRow> rows, DateTimeOffset now)
    {
        foreach (var row in rows)
            told[row.Uid] = (row.Count, row.LastSeen);
        foreach (var seen in rows.Select(row => row.LastSeen < now ? row.LastSeen : now))
            latest = seen > latest ? seen : latest;
        foreach (var uid in told.Where(one => one.Value.LastSeen.UtcTicks < latest.UtcTicks - Window.Ticks).Select(one => one.Key).ToList())
            told.Remove(uid);
    }

    /// <summary>Ticks of the latest, then a line for each one told: UID, count, ticks.</summary>
    public string Write() =>
        string.Join('\n', told.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value.Count} {one.Value.LastSeen.UtcTicks}")).Prepend(latest.UtcTicks.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A text that is none, or of which something cannot be read, has told nothing: better twice than not at all.</summary>
    public static EventMark Read(string text)
    {
        var lines = text.Split('\n');
        var mark = new EventMark();
        if (!IsTime(lines[0], out mark.latest))
            return new();
        foreach (var line in lines.Skip(1))
        {
            if (line.Split(' ') is not [var uid, var count, var seen] || !Guid.TryParse(uid, out var id) || !int.TryParse(count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var times) || !IsTime(seen, out var at))
                return new();
            mark.told[id] = (times, at);
        }
        return mark;
    }

    private static bool IsTime(string text, out DateTimeOffset time)
    {
        var isTime = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks;
        time = isTime ? new(ticks, TimeSpan.Zero) : default;
        return isTime;
    }
}
