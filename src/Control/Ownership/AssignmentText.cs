using System.Globalization;
using System.Text;

namespace Fleet.Control.Ownership;

/// <summary>
/// The table as text, for people as well: a line for each slot, <c>SLOT REPLICA EPOCH</c>, and <c>-> NEXT GENERATION</c> behind it while it moves.
/// </summary>
internal static class AssignmentText
{
    public static string Write(Assignment table)
    {
        var text = new StringBuilder();
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
        return text.ToString();
    }

    /// <exception cref="FormatException">Somebody else wrote it; names the line.</exception>
    public static Assignment Read(long generation, string text)
    {
        var slots = Assignment.Empty.Slots.ToArray();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length is not (3 or 6) || !TryNumber(words[0], out var slot) || slot >= slots.Length || !TryNumber(words[2], out var epoch) || slots[slot].Replica.Length > 0)
                throw Unreadable(line);
            slots[slot] = new(words[1], epoch);
            if (words.Length == 3)
                continue;
            if (words[3] != "->" || !TryNumber(words[5], out var asked))
                throw Unreadable(line);
            slots[slot] = slots[slot] with { Next = words[4], Asked = asked };
        }
        return new(generation, slots);
    }

    public static bool TryNumber(string word, out long number) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static FormatException Unreadable(string line) => new($"the table of owners has a line that is none: \"{(line.Length > 100 ? line[..100] + "…" : line)}\"");
}
