using System.Globalization;
using System.Text;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Ownership;

/// <summary>
/// The table as text, for people as well: a line for each slot, <c>SLOT REPLICA EPOCH</c>, and <c>-> NEXT GENERATION</c> behind it while it moves. Where there are pins, lines before them say
/// which pool has which slots (<c>pool FIRST-SLOT POOL</c>), and lines behind them which clusters belong there: <c>pin NAMESPACE/NAME POOL</c>, while they move
/// <c>pin NAMESPACE/NAME POOL -> NEXT GENERATION</c>, with a dash for no pool. A version that knows of no pins cannot read those and stands by, which is right: it would mistake the slots.
/// </summary>
internal static class AssignmentText
{
    private const string None = "-";

    public static string Write(Assignment table)
    {
        var text = new StringBuilder();
        for (var place = 0; place < table.Pins.Pools.Count; place++)
            text.Append(CultureInfo.InvariantCulture, $"pool {FirstOf(place)} {table.Pins.Pools[place]}\n");
        for (var slot = 0; slot < table.Slots.Count; slot++)
        {
            var owner = table.Slots[slot];
            if (owner.Replica.Length == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{slot} {owner.Replica} {owner.Epoch}");
            if (owner.Next is { } next)
                text.Append(CultureInfo.InvariantCulture, $" -> {next} {owner.Asked}");
            text.Append('\n');
        }
        foreach (var (cluster, pin) in table.Pins.Clusters.OrderBy(pin => pin.Key.ToString(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"pin {cluster} {Or(pin.Pool)}");
            if (pin.Next is { } next)
                text.Append(CultureInfo.InvariantCulture, $" -> {Or(next)} {pin.Asked}");
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <exception cref="FormatException">Somebody else wrote it; names the line.</exception>
    public static Assignment Read(long generation, string text)
    {
        List<string> pools = [];
        var slots = Assignment.Empty.Slots.ToList();
        var pins = new Dictionary<ObjectKey, Pin>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isRead = words[0] switch
            {
                "pool" => ReadPool(words, pools, slots),
                "pin" => ReadPin(words, pools, pins),
                _ => ReadSlot(words, slots),
            };
            if (!isRead)
                throw new FormatException($"the table of owners has a line that is none: \"{(line.Length > 100 ? line[..100] + "…" : line)}\"");
        }
        return new(generation, slots) { Pins = pools.Count == 0 ? PinTable.Empty : new(pools, pins) };
    }

    public static bool TryNumber(string word, out long number) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Characters that a pin takes at most.</summary>
    public static int LongestPin(ObjectKey cluster, string pool) => "pin  - ->  \n".Length + cluster.Namespace.Length + cluster.Name.Length + 1 + (2 * pool.Length) + 13;

    private static bool ReadPool(string[] words, List<string> pools, List<SlotOwner> slots)
    {
        if (words.Length != 3 || pools.Count >= Slots.MostPools || !TryNumber(words[1], out var first) || first != FirstOf(pools.Count) || pools.Contains(words[2]))
            return false;
        pools.Add(words[2]);
        slots.AddRange(Enumerable.Repeat(SlotOwner.None, Slots.PerPool));
        return true;
    }

    private static bool ReadSlot(string[] words, List<SlotOwner> slots)
    {
        if (words.Length is not (3 or 6) || !TryNumber(words[0], out var slot) || slot >= slots.Count || !TryNumber(words[2], out var epoch) || slots[(int)slot].Replica.Length > 0)
            return false;
        slots[(int)slot] = new(words[1], epoch);
        if (words.Length == 3)
            return true;
        if (words[3] != "->" || !TryNumber(words[5], out var asked))
            return false;
        slots[(int)slot] = slots[(int)slot] with { Next = words[4], Asked = asked };
        return true;
    }

    private static bool ReadPin(string[] words, List<string> pools, Dictionary<ObjectKey, Pin> pins)
    {
        if (words.Length is not (3 or 6) || words[1].Split('/') is not [{ Length: > 0 } @namespace, { Length: > 0 } name] || !TryPool(words[2], out var pool))
            return false;
        var pin = new Pin(pool);
        if (words.Length == 6)
        {
            if (words[3] != "->" || !TryPool(words[4], out var next) || !TryNumber(words[5], out var asked))
                return false;
            pin = pin with { Next = next, Asked = asked };
        }
        return pins.TryAdd(new(@namespace, name), pin);

        bool TryPool(string word, out string pool)
        {
            pool = word == None ? "" : word;
            return pool.Length == 0 || pools.Contains(pool);
        }
    }

    private static int FirstOf(int place) => Slots.Count + (place * Slots.PerPool);

    private static string Or(string pool) => pool.Length > 0 ? pool : None;
}
